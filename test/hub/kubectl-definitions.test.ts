/** A kind that a user defines is there at once: its resources, schema, columns, subresources. */
import { expect, test } from "vitest";
import { onEachKubectl, someOfMatrix } from "./hub-kubectl.ts";

/** A definition in a group of its own, so that versions of kubectl do not meet. */
const definitionOf = (group: string) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `gadgets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget", shortNames: ["gd"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
        subresources: {
          status: {},
          scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" },
        },
        schema: {
          openAPIV3Schema: {
            type: "object",
            description: "Gadget is what this test defines.",
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1, maximum: 9, description: "How large." },
                  color: { type: "string", default: "red" },
                },
              },
              status: { type: "object", properties: { size: { type: "integer" } } },
            },
          },
        },
      },
    ],
  },
});

onEachKubectl(
  (kubectl) => {
    const { ok, fails, file } = kubectl;
    const group = `g${kubectl.minor}.example.com`;
    const plural = `gadgets.${group}`;
    const gadget = (name: string, spec: object) => ({
      ...{ apiVersion: `${group}/v1`, kind: "Gadget", metadata: { name } },
      spec,
    });

    test("a kind that is applied is served at once", async () => {
      const definition = await file("definition.json", definitionOf(group));
      expect(await ok("apply", "-f", definition)).toMatch(/ created\n$/);
      expect(await ok("wait", `crd/${plural}`, "--for=condition=Established")).toMatch(/met\n$/);
      expect(await ok("apply", "-f", definition)).toMatch(/ unchanged\n$/);
      const resources = await ok("api-resources", `--api-group=${group}`, "--cached=false");
      expect(resources).toMatch(new RegExp(`^gadgets +gd +${group}/v1 +true +Gadget`, "m"));

      const one = await file("one.json", gadget("one", { size: 3, other: 1 }));
      expect(await fails("apply", "-f", one)).toMatch(/unknown field "(spec\.)?other"/);
      const anyway = await kubectl.run("apply", "--validate=false", "-f", one);
      expect(anyway).toMatchObject({ code: 0, out: `gadget.${group}/one created\n` });
      const spec = ["get", plural, "one", "-o", "jsonpath={.spec}"];
      expect(await ok(...spec)).toBe('{"color":"red","size":3}');
      const [head, row] = (await ok("get", plural)).split("\n");
      expect(head).toMatch(/^NAME +SIZE$/);
      expect(row).toMatch(/^one +3$/);

      const large = await file("large.json", gadget("large", { size: 10 }));
      expect(await fails("apply", "-f", large)).toMatch(
        /spec\.size: Invalid value: 10: .*less than or equal to 9/,
      );
      expect(
        await fails("apply", "--validate=false", "-f", await file("x.json", gadget("x", {}))),
      ).toMatch(/spec\.size: Required value/);
      expect(await ok("scale", `${plural}/one`, "--replicas=5")).toMatch(/one scaled\n$/);
      expect(await ok("explain", "gadget", `--api-version=${group}/v1`, "--recursive")).toMatch(
        /size\t<integer>/,
      );
      const side = ["apply", "--server-side", "--force-conflicts", "-f"];
      const two = await file("two.json", gadget("one", { size: 2 }));
      expect(await ok(...side, two)).toMatch(/serverside-applied\n$/);
      expect(await ok(...spec)).toBe('{"color":"red","size":2}');
    });

    test("its resources go with it", async () => {
      expect(await ok("delete", "crd", plural, "--timeout=20s")).toMatch(/deleted/);
      expect(await fails("get", plural)).toMatch(/doesn't have a resource type|could not find the/);
    });
  },
  { entries: someOfMatrix },
);
