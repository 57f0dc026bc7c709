import { expect, test } from "vitest";
import { idOf, parseArmPath } from "../../../../infra/local/arm/path.ts";
import { fc } from "../../../chance.ts";

test.each([
  ["/subscriptions/S", "microsoft.resources/subscriptions", [], undefined],
  [
    "/subscriptions/S/resourceGroups/R",
    "microsoft.resources/subscriptions/resourcegroups",
    [],
    undefined,
  ],
  [
    "/subscriptions/S/RESOURCEgroups/R/providers/Microsoft.Network/loadBalancers/L",
    "microsoft.network/loadbalancers",
    ["L"],
    undefined,
  ],
  [
    "/subscriptions/S/resourceGroups/R/providers/Microsoft.Network/loadBalancers",
    "microsoft.network/loadbalancers",
    [],
    "loadbalancers",
  ],
  [
    "/subscriptions/S/providers/Microsoft.Network/loadBalancers/",
    "microsoft.network/loadbalancers",
    [],
    "loadbalancers",
  ],
  [
    "/subscriptions/S/resourceGroups/R/providers/P/a/A/b/B/Start",
    "p/a/b/start",
    ["A", "B"],
    "start",
  ],
])("%s is read as its parts", (pathname, type, names, tail) => {
  expect(parseArmPath(pathname)).toMatchObject({ subscriptionId: "S", type, names, tail });
});

test.each([
  "/",
  "/subscriptions",
  "/subscriptions/s/else/x",
  "/subscriptions/s/resourceGroups/r/else",
  "/subscriptions/s/resourceGroups/r/providers",
  "/subscriptions/s/resourceGroups/r/providers/P",
  "/subscriptions/s/resourceGroups/%2F/providers/P/a/A",
  "/subscriptions/%ZZ",
  `/subscriptions/${"x".repeat(3_000)}`,
  `/subscriptions/s/providers/P${"/a/b".repeat(20)}`,
])("%s is refused", (pathname) => {
  expect(() => parseArmPath(pathname)).toThrow();
});

test("an id is read back as it was made, whatever the case of its words", () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/).filter((each) => !/^\.+$/.test(each));
  fc.assert(
    fc.property(
      name,
      name,
      fc.array(name, { minLength: 1, maxLength: 3 }),
      (subscription, group, names) => {
        const type = ["Microsoft.X", "As", "Bs", "Cs"].slice(0, names.length + 1).join("/");
        const path = {
          subscriptionId: subscription,
          resourceGroup: group,
          type: "",
          names,
          tail: undefined,
        };
        const id = idOf(path, type);
        const words = id
          .replace("resourceGroups", "RESOURCEGROUPS")
          .replace("providers", "Providers");
        expect(parseArmPath(words)).toEqual({ ...path, type: type.toLowerCase() });
      },
    ),
  );
});
