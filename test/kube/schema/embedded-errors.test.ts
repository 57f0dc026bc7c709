import { expect, test } from "vitest";
import { schemaErrors } from "../../../shared/kube/schema/validate.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { told } from "../validation/errors-of.ts";
import { notA1035Label, notALabel } from "../validation/sentences.ts";

const schema = { type: "object", "x-kubernetes-embedded-resource": true } as const;

function errorsOf(object: Json): readonly string[] {
  return schemaErrors(object, schema, { path: "spec.template" }).map(told);
}

function pod(metadata: JsonObject, type: JsonObject = {}): JsonObject {
  return { apiVersion: "v1", kind: "Pod", metadata, ...type };
}

test.each<[what: string, object: JsonObject, errors: readonly string[]]>([
  ["a whole object", pod({ name: "system:web", labels: { app: "web" } }), []],
  ["an object without a name", pod({ labels: { app: "web" } }), []],
  ["an object without metadata", { apiVersion: "apps/v1", kind: "Deployment" }, []],
  [
    "nothing",
    {},
    ["spec.template.apiVersion: Required value", "spec.template.kind: Required value"],
  ],
  [
    "a version of no form",
    pod({}, { apiVersion: "a/b/c" }),
    ['spec.template.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
  ],
  [
    "a kind of no form",
    pod({}, { kind: "A Pod" }),
    [
      'spec.template.kind: Invalid value: "A Pod": may have mixed case, but should otherwise ' +
        `match: ${notA1035Label}`,
    ],
  ],
  [
    "a name that is no part of a path",
    pod({ name: "a/b" }),
    [`spec.template.metadata.name: Invalid value: "a/b": may not contain '/'`],
  ],
  [
    "a namespace of no form",
    pod({ namespace: "A" }),
    [`spec.template.metadata.namespace: Invalid value: "A": ${notALabel}`],
  ],
  [
    "a label without a name",
    pod({ labels: { "a/": "b" } }),
    [
      'spec.template.metadata.labels: Invalid value: "a/": name part must be non-empty',
      expect.stringMatching(/^spec\.template\.metadata\.labels: .*name part must consist/),
    ],
  ],
])("embedded in a custom resource, %s is told of", (_, object, errors) => {
  expect(errorsOf(object)).toEqual(errors);
});

test("no content of an embedded object throws", () => {
  const any = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(
      any,
      fc.constantFrom("labels", "name", "namespace", "finalizers"),
      (value, name) => {
        expect(() => errorsOf(pod({ [name]: value }))).not.toThrow();
      },
    ),
  );
});
