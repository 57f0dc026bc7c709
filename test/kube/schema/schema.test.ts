import { expect, test } from "vitest";
import { withDefaults } from "../../../shared/kube/schema/defaults.ts";
import { prune } from "../../../shared/kube/schema/prune.ts";
import { schemaErrors } from "../../../shared/kube/schema/validate.ts";
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

function wrongType(found: string, wanted: string, path = "x"): string {
  const what = `${path} in body must be of type ${wanted}: "${found}"`;
  return `${path} FieldValueTypeInvalid Invalid value: "${found}": ${what}`;
}

/** A value below the field "x", and what is said of it. */
test.each<[schema: OpenApiSchema, value: Json, message: string | undefined]>([
  [{ type: "string" }, "a", undefined],
  [{ type: "integer" }, "a", wrongType("string", "integer")],
  [{ type: "integer" }, 1.5, wrongType("number", "integer")],
  [{ type: "number" }, 1, undefined],
  [{ type: "object" }, [], wrongType("array", "object")],
  [{ type: "string" }, null, wrongType("null", "string")],
  [{ type: "string", nullable: true }, null, undefined],
  [{ "x-kubernetes-int-or-string": true }, "50%", undefined],
  [{ "x-kubernetes-int-or-string": true }, 3, undefined],
  [{ "x-kubernetes-int-or-string": true }, true, wrongType("boolean", "integer,string")],
  [
    { enum: ["A", "B"] },
    "C",
    'x FieldValueNotSupported Unsupported value: "C": supported values: "A", "B"',
  ],
  [
    { type: "integer", minimum: 1 },
    0,
    "x FieldValueInvalid Invalid value: 0: x in body should be greater than or equal to 1",
  ],
  [
    { type: "integer", maximum: 1 },
    2,
    "x FieldValueInvalid Invalid value: 2: x in body should be less than or equal to 1",
  ],
  [
    { type: "integer", format: "int32" },
    3e9,
    '<nil> FieldValueInvalid Invalid value: "": Checked value must be of type integer with ' +
      "format int32 in x",
  ],
  [
    { type: "string", pattern: "^a$" },
    "b",
    "x FieldValueInvalid Invalid value: \"b\": x in body should match '^a$'",
  ],
  [
    { type: "string", maxLength: 2 },
    "abc",
    "x FieldValueTooLong Too long: may not be more than 2 bytes",
  ],
  [{ type: "string", maxLength: 2 }, "😀😀", undefined],
  [
    { type: "string", minLength: 1 },
    "",
    'x FieldValueInvalid Invalid value: "": x in body should be at least 1 chars long',
  ],
  [{ type: "string", format: "date-time" }, "2026-11-21T12:00:00Z", undefined],
  [
    { type: "string", format: "date-time" },
    "noon",
    'x FieldValueTypeInvalid Invalid value: "noon": x in body must be of type date-time: "noon"',
  ],
  [
    { type: "array", maxItems: 1 },
    [1, 2],
    "x FieldValueTooMany Too many: 2: must have at most 1 items",
  ],
  [
    { type: "array", minItems: 1 },
    [],
    "x FieldValueInvalid Invalid value: 0: x in body should have at least 1 items",
  ],
  [{ type: "array", items: { type: "string" } }, ["a", 1], wrongType("integer", "string", "x[1]")],
  [
    { type: "array", "x-kubernetes-list-type": "set" },
    ["a", "a"],
    'x[1] FieldValueDuplicate Duplicate value: "a"',
  ],
  [
    { type: "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"] },
    [{ n: "a" }, { n: "a" }],
    'x[1] FieldValueDuplicate Duplicate value: {"n":"a"}',
  ],
  [{ type: "object", required: ["y"] }, {}, "x.y FieldValueRequired Required value"],
  [
    { type: "object", additionalProperties: { type: "integer" } },
    { y: "a" },
    wrongType("string", "integer", "x.y"),
  ],
])("by %j, %j is told: %s", (schema, value, message) => {
  const errors = schemaErrors({ x: value }, { properties: { x: schema } });
  const told = errors.map((error) => `${error.field} ${error.reason} ${error.message}`);
  expect(told).toEqual(message === undefined ? [] : [message]);
});

const schema: OpenApiSchema = {
  type: "object",
  properties: {
    a: { type: "object", properties: { b: { type: "string", default: "x" } } },
    c: { type: "object", default: {}, properties: { d: { type: "integer", default: 1 } } },
    e: {
      type: "array",
      items: { type: "object", properties: { f: { type: "string", default: "y" } } },
    },
    g: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    h: { type: "object", additionalProperties: { type: "object", properties: { i: {} } } },
    j: { type: "string", nullable: true, default: "z" },
  },
};

test("unknown fields are left out and named, wherever they are", () => {
  const unknown: string[] = [];
  const value = {
    a: { b: "1", q: 1 },
    e: [{ f: "1" }, { q: 1 }],
    g: { any: { thing: 1 } },
    h: { key: { i: 1, q: 1 } },
    q: 1,
  };
  expect(prune(value, schema, unknown)).toEqual({
    a: { b: "1" },
    e: [{ f: "1" }, {}],
    g: { any: { thing: 1 } },
    h: { key: { i: 1 } },
  });
  expect(unknown).toEqual(["a.q", "e[1].q", "h.key.q", "q"]);
});

test("defaults are set where their parent is, and null counts as missing", () => {
  expect(withDefaults({}, schema)).toEqual({ c: { d: 1 }, j: "z" });
  expect(withDefaults({ a: {}, e: [{}], c: null, j: null }, schema)).toEqual({
    a: { b: "x" },
    c: { d: 1 },
    e: [{ f: "y" }],
    j: null,
  });
});

test("pruning and defaults are done once and for all", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const once = withDefaults(
        prune({ a: value as Json, e: [value as Json] }, schema, []),
        schema,
      );
      const unknown: string[] = [];
      expect(withDefaults(prune(once, schema, unknown), schema)).toEqual(once);
      expect(unknown).toEqual([]);
    }),
  );
});
