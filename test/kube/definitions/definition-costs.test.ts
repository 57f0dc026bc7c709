import { expect, test } from "vitest";
import { definitionErrors } from "../../../shared/kube/definitions/definition-rules.ts";
import { preparedDefinition } from "../../../shared/kube/definitions/prepared-definition.ts";
import type { FieldError, KubeObject } from "../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { gadgetDefinition } from "./definition-fixture.ts";

const rule = "self.all(a, self.exists_one(b, a == b))";

function names(maxItems?: number): Json {
  return {
    type: "array",
    items: { type: "string", maxLength: 63 },
    ...(maxItems !== undefined && { maxItems }),
    "x-kubernetes-validations": [{ rule }],
  };
}

function version(name: string, size: Json): JsonObject {
  const properties = { spec: { type: "object", properties: { size } } };
  const schema = { openAPIV3Schema: { type: "object", properties } };
  return { name, served: true, storage: name === "v1", schema };
}

function definition(...versions: readonly JsonObject[]): KubeObject {
  return preparedDefinition(gadgetDefinition({ spec: { versions } }));
}

const told = (errors: readonly FieldError[]): readonly string[] =>
  errors.map(({ field, message }) => `${field} ${message.slice(0, 36)}`);

const where = "properties[spec].properties[size].x-kubernetes-validations[0].rule";

const refusals = (path: string): readonly string[] => [
  `${path}.${where} Forbidden: estimated rule cost excee`,
  `${path}.${where} Forbidden: contributed to estimated `,
  `${path} Forbidden: x-kubernetes-validations `,
];

test("a definition whose rules may cost too much is not created", () => {
  const path = "spec.validation.openAPIV3Schema";
  expect(told(definitionErrors(definition(version("v1", names()))))).toEqual(refusals(path));
  expect(definitionErrors(definition(version("v1", names(100))))).toEqual([]);
});

test("a version that is stored as it is may cost what it does", () => {
  const stored = definition(version("v1", names()));
  const { metadata } = stored;
  const labelled = { ...stored, metadata: { ...metadata, labels: { a: "b" } } };
  expect(definitionErrors(labelled, stored)).toEqual([]);
  const more = definition(version("v1", names()), version("v2", names(100)));
  expect(definitionErrors({ ...more, status: stored["status"] ?? null }, stored)).toEqual([]);
});

test("a version that changes, or is new, may not", () => {
  const stored = definition(version("v1", names(100)));
  const changed = definitionErrors(definition(version("v1", names())), stored);
  expect(told(changed)).toEqual(refusals("spec.validation.openAPIV3Schema"));
  const added = definition(version("v1", names(100)), version("v2", names()));
  expect(told(definitionErrors(added, stored))).toEqual(
    refusals("spec.versions[1].schema.openAPIV3Schema"),
  );
});
