import { expect, test } from "vitest";
import {
  definitionKind,
  withDefinitions,
} from "../../../shared/kube/definitions/definition-kind.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture, widget } from "../kube-fixture.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

function gadget(more: JsonObject = {}): JsonObject {
  return {
    metadata: { name: "gadgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Cluster",
      names: { plural: "gadgets", kind: "Gadget", shortNames: ["gd"], categories: ["all"] },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: {
              specReplicasPath: ".spec.size",
              statusReplicasPath: ".status.size",
              labelSelectorPath: ".status.selector",
            },
          },
          additionalPrinterColumns: [
            { name: "Size", type: "integer", jsonPath: ".spec.size", priority: 1 },
            { name: "Last", type: "string", jsonPath: ".status.conditions[-1:].type" },
            { name: "Odd", type: "integer", jsonPath: ".spec[size]" },
            { name: "After", type: "integer", jsonPath: ".spec.size" },
          ],
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                apiVersion: { type: "string" },
                metadata: { type: "object" },
                spec: { type: "object", properties: { size: { type: "integer" } } },
              },
            },
          },
        },
        { name: "v0", served: false, storage: false, schema: { openAPIV3Schema: {} } },
      ],
      ...more,
    },
  };
}

test("a definition is a kind, without what cannot be read", () => {
  const kind = definitionKind(gadget());
  expect(kind).toMatchObject({
    group: "example.com",
    kind: "Gadget",
    plural: "gadgets",
    singular: "gadget",
    shortNames: ["gd"],
    categories: ["all"],
    namespaced: false,
    hasStatus: true,
    scale: {
      specReplicas: ["spec", "size"],
      statusReplicas: ["status", "size"],
      selector: ["status", "selector"],
    },
  });
  expect(kind?.versions.map(({ name }) => name)).toEqual(["v1"]);
  const [version] = kind?.versions ?? [];
  expect(version?.columns).toEqual([
    { name: "Size", type: "integer", jsonPath: ".spec.size", priority: 1 },
    { name: "Last", type: "string", jsonPath: ".status.conditions[-1:].type" },
  ]);
  expect(Object.keys(version?.schema?.properties ?? {})).toEqual(["spec"]);
});

test.each([
  ["no group", { group: "" }],
  ["no plural", { names: { kind: "Gadget" } }],
  ["no served version", { versions: [] }],
])("a definition with %s is no kind", (_name, more) => {
  expect(definitionKind(gadget(more))).toBeUndefined();
});

test("a definition cannot take the place of a kind that is there", () => {
  const own = kindsOf([widget]);
  const same = gadget({ names: { plural: "widgets", kind: "Gadget" } });
  const alike = gadget({ names: { plural: "others", kind: "Widget" } });
  expect(withDefinitions(own, [same, alike])).toBe(own);
  const all = withDefinitions(own, [gadget(), gadget()]);
  expect(all.all.map(({ plural }) => plural)).toEqual(["widgets", "gadgets"]);
  expect(all.findKind("example.com", "Gadget")?.plural).toBe("gadgets");
});

test("kinds that share a name are a mistake of the program", () => {
  expect(() => kindsOf([widget, widget])).toThrow(RangeError);
});

test.each<[name: string, more: JsonObject, message: RegExp]>([
  [
    "a name that does not fit",
    { group: "other.com" },
    /must be spec.names.plural\+"."\+spec.group/,
  ],
  ["no kind", { names: { plural: "gadgets" } }, /spec.names.kind: Required value/],
  ["an unknown scope", { scope: "Galaxy" }, /spec.scope: Unsupported value: "Galaxy"/],
  [
    "no version to store",
    { versions: [{ name: "v1", served: true, schema: { openAPIV3Schema: {} } }] },
    /exactly one version/,
  ],
  [
    "a version without a schema",
    { versions: [{ name: "v1", served: true, storage: true }] },
    /versions\[0\].schema.openAPIV3Schema: Required value/,
  ],
])("a definition with %s is refused", async (_name, more, message) => {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", definitions, gadget(more));
  expect(status).toBe(422);
  expect(body["message"]).toMatch(message);
});
