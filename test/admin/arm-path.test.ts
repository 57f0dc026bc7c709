import { expect, test } from "vitest";
import { parseArmPath } from "../../shared/admin/arm-path.ts";

const pathIn = (group: string) =>
  `/subscriptions/s/resourceGroups/${encodeURIComponent(group)}` +
  "/providers/Microsoft.ContainerService/fleets/f";

test.each(["rg-fleet", "RG_1", "a.b", "(prod)", "gruppe-ä", "x".repeat(90)])(
  "a resource group may be called %s",
  (group) => {
    expect(parseArmPath(pathIn(group))).toMatchObject({ kind: "resource", group });
  },
);

test.each<[group: string, why: RegExp]>([
  ["a/b", /'a\/b' has these invalid characters: '\/'/],
  ["a b?", /invalid characters: ' \?'/],
  ["..", /not end with a period/],
  ["a.", /not end with a period/],
  ["x".repeat(91), /at most 90 characters/],
])("a resource group cannot be called %s", (group, why) => {
  expect(() => parseArmPath(pathIn(group))).toThrow(
    expect.objectContaining({ status: 400, code: "InvalidResourceGroup" }),
  );
  expect(() => parseArmPath(pathIn(group))).toThrow(why);
});
