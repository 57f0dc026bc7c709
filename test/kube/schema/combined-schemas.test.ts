import { expect, test } from "vitest";
import { schemaErrors } from "../../../shared/kube/schema/validate.ts";
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";

function told(schema: OpenApiSchema, value: Json, before?: Json): readonly string[] {
  const errors = schemaErrors(
    { x: value },
    { properties: { x: schema } },
    {
      ...(before !== undefined && { before: { x: before } }),
    },
  );
  return errors.map(({ field, reason, message }) => `${field} ${reason} ${message}`);
}

const low: OpenApiSchema = { minimum: 1 };
const high: OpenApiSchema = { maximum: 5 };
const belowOne =
  "x FieldValueInvalid Invalid value: 0: x in body should be greater than or equal to 1";
const nowhere = '<nil> FieldValueInvalid Invalid value: "": "x" must';

test.each<[schema: OpenApiSchema, value: Json, messages: readonly string[]]>([
  [{ allOf: [low, high] }, 3, []],
  [{ allOf: [], anyOf: [], oneOf: [] }, 0, []],
  [{ allOf: [low, high] }, 0, [belowOne, `${nowhere} validate all the schemas (allOf)`]],
  [{ allOf: [low] }, 0, [belowOne, `${nowhere} validate all the schemas (allOf). None validated`]],
  [{ anyOf: [low, { minimum: 10 }] }, 2, []],
  [
    { anyOf: [low, { minimum: 10 }] },
    0,
    [`${nowhere} validate at least one schema (anyOf)`, belowOne],
  ],
  [
    { oneOf: [low, { minimum: 10 }] },
    0,
    [`${nowhere} validate one and only one schema (oneOf). Found none valid`, belowOne],
  ],
  [
    { oneOf: [low, high] },
    3,
    [`${nowhere} validate one and only one schema (oneOf). Found 2 valid alternatives`],
  ],
  [{ oneOf: [low, high] }, 7, []],
  [{ not: low }, 3, [`${nowhere} not validate the schema (not)`]],
  [{ not: low }, 0, []],
  [{ not: { required: ["a"] } }, { a: 1 }, [`${nowhere} not validate the schema (not)`]],
])("by %j, %j is told: %j", (schema, value, messages) => {
  expect(told(schema, value)).toEqual(messages);
});

test.each<[schema: OpenApiSchema, value: Json, message: string | undefined]>([
  [
    { minimum: 1, exclusiveMinimum: true },
    1,
    "Invalid value: 1: x in body should be greater than 1",
  ],
  [{ maximum: 1, exclusiveMaximum: true }, 1, "Invalid value: 1: x in body should be less than 1"],
  [{ multipleOf: 5 }, 7, "Invalid value: 7: x in body should be a multiple of 5"],
  [{ multipleOf: 0.1 }, 0.3, undefined],
  [{ maxProperties: 1 }, { a: 1, b: 2 }, "Too many: 2: must have at most 1 items"],
  [{ minProperties: 1 }, {}, "Invalid value: 0: x in body should have at least 1 properties"],
  [{ uniqueItems: true }, [1, 1], "Invalid value: [1,1]: x in body shouldn't contain duplicates"],
  [{ pattern: "^(a+)+$" }, `${"a".repeat(60)}b`, `should match '^(a+)+$'`],
  [{ pattern: "(?i)^abc$" }, "ABC", undefined],
])("by %j, %j is told: %s", (schema, value, message) => {
  const errors = told(schema, value);
  expect(errors).toHaveLength(message === undefined ? 0 : 1);
  expect(errors.join()).toContain(message ?? "");
});

test.each<[format: string, right: string, wrong: string]>([
  ["date", "2026-02-28", "2026-02-30"],
  ["date-time", "2026-11-21T12:00:00.5+01:00", "2026-11-21 12:00"],
  ["date-time", "2026-11-21t23:59:59+99:99", "2026-11-21T24:00:00Z"],
  ["date-time", "2024-02-29T00:00:00z", "2026-02-29T00:00:00Z"],
  ["duration", "1h30m", "an hour"],
  ["byte", "aGVsbG8=", "a"],
  ["byte", "aaaa", ""],
  ["ipv4", "10.0.0.1", "10.0.0.256"],
  ["ipv6", "2001:db8::1", "10.0.0.1"],
  ["cidr", "10.0.0.0/8", "10.0.0.0/33"],
  ["uri", "https://example.com/a", "no uri"],
  ["email", "a@example.com", "a.example.com"],
  ["hostname", "a.example.com", "-a-"],
  ["mac", "00:11:22:aa:bb:cc", "00:11:22"],
  ["uuid", "123e4567-e89b-12d3-a456-426614174000", "123e"],
  ["uuid4", "123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"],
  ["isbn", "978-3-16-148410-0", "978-3-16-148410-1"],
  ["creditcard", "4111 1111 1111 1111", "4111 1111 1111 1112"],
  ["hexcolor", "#00ff00", "green"],
  ["rgbcolor", "rgb(1, 2, 255)", "rgb(1, 2, 256)"],
  ["ssn", "123-45-6789", "123"],
  ["bsonobjectid", "507f1f77bcf86cd799439011", "507f"],
  ["k8s-short-name", "my-name", "my.name"],
  ["k8s-long-name", "my.name", "My.name"],
])("the format %s knows right from wrong", (format, right, wrong) => {
  const schema: OpenApiSchema = { type: "string", format };
  expect(told(schema, right)).toEqual([]);
  expect(told(schema, wrong)).toEqual([
    `x FieldValueTypeInvalid Invalid value: ${JSON.stringify(wrong)}: x in body must be of type ` +
      `${format}: ${JSON.stringify(wrong)}`,
  ]);
});

test("a format that nobody knows only documents", () => {
  expect(told({ type: "string", format: "odd" }, "?")).toEqual([]);
});

test("an embedded object says what it is", () => {
  const schema: OpenApiSchema = {
    type: "object",
    "x-kubernetes-embedded-resource": true,
    "x-kubernetes-preserve-unknown-fields": true,
  };
  expect(told(schema, { apiVersion: "v1", kind: "A", metadata: {} })).toEqual([]);
  expect(told(schema, { kind: "" })).toEqual([
    "x.apiVersion FieldValueRequired Required value",
    'x.kind FieldValueInvalid Invalid value: "": must not be empty',
  ]);
});

const keyed: OpenApiSchema = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
  items: { type: "object", properties: { name: { type: "string" }, size: low } },
};

test("what was wrong already may stay as it is, and what changes must be right", () => {
  const wrong = [{ name: "a", size: 0 }];
  expect(told(keyed, wrong)).toHaveLength(1);
  expect(told(keyed, [{ name: "b", size: 1 }, ...wrong], wrong)).toEqual([]);
  expect(told(keyed, [{ name: "a", size: -1 }], wrong)).toHaveLength(1);
  const atomic: OpenApiSchema = { ...keyed, "x-kubernetes-list-type": "atomic" };
  expect(told(atomic, wrong, wrong)).toEqual([]);
  expect(told(atomic, [{ name: "b", size: 1 }, ...wrong], wrong)).toHaveLength(1);
});
