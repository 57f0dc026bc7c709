import { expect, test } from "vitest";
import { sizeOfSchema } from "../../../../shared/kube/cel/cost/size-of-schema.ts";
import type { OpenApiSchema } from "../../../../shared/kube/served-kind.ts";
import { bool, int, intOrText, list, map, object, oneOf, ruled, text } from "./schema-parts.ts";

const pair = object({ required: text(), optional: text() }, ["required"]);
const format = (name: string): OpenApiSchema => ({ type: "string", format: name });

test.each<[schema: OpenApiSchema, elementsMax: number, bytesMin: number]>([
  [int, 0, 1],
  [bool, 0, 4],
  [{ type: "number" }, 0, 1],
  [text(), 3_145_726, 2],
  [text(10), 40, 2],
  [text(0), 0, 2],
  [oneOf("A", "B", "LongValue"), 9, 2],
  [oneOf("é"), 2, 2],
  [{ ...oneOf("A"), maxLength: 1000 }, 4000, 2],
  [format("byte"), 3_145_726, 2],
  [{ ...format("byte"), maxLength: 10 }, 10, 2],
  [format("duration"), 32, 3],
  [{ ...format("duration"), maxLength: 10 }, 32, 3],
  [format("date"), 12, 12],
  [format("date-time"), 32, 21],
  [format("uuid"), 3_145_726, 2],
  [format("toString"), 3_145_726, 2],
  [intOrText, 3_145_726, 1],
  [{ ...intOrText, maxLength: 10 }, 40, 1],
  [list(int), 1_572_863, 2],
  [list(text()), 1_048_575, 2],
  [list(bool), 629_145, 2],
  [list(list(int)), 1_048_575, 2],
  [list(pair), 185_042, 2],
  [list(format("date-time")), 142_987, 2],
  [list(int, 10), 10, 2],
  [list(int, -1), 0, 2],
  [map(int), 449_389, 2],
  [map(text()), 393_215, 2],
  [map(pair), 142_987, 2],
  [map(int, 7), 7, 2],
  [pair, 0, 16],
  [object({ a: { ...text(), default: "" }, b: int }, ["a", "b"]), 0, 8],
  [object({ open: { "x-kubernetes-preserve-unknown-fields": true } }, ["open"]), 0, 2],
])("a value of %j has at most so many elements, and takes so many bytes", (schema, ...size) => {
  const { elementsMax, bytesMin } = sizeOfSchema(schema, false) ?? {};
  expect([elementsMax, bytesMin]).toEqual(size);
});

test.each<OpenApiSchema>([
  {},
  { "x-kubernetes-preserve-unknown-fields": true },
  list({ "x-kubernetes-preserve-unknown-fields": true }),
  map({ "x-kubernetes-preserve-unknown-fields": true }),
  { type: "array" },
])("what expressions cannot reach has no size: %j", (schema) => {
  expect(sizeOfSchema(schema, false)).toBeUndefined();
});

test("fields are there by the names that expressions have for them, open ones are not", () => {
  const schema = object({ "a-b": int, in: int, open: {}, "%": int });
  const { fields } = sizeOfSchema(schema, false) ?? {};
  expect([...(fields?.keys() ?? [])]).toEqual(["a__dash__b", "__in__"]);
});

const metadata = object({ name: text(63), generateName: text() });
const kinds = { apiVersion: text(), kind: text() };

test.each<[schema: OpenApiSchema, nameMax: number]>([
  [object({}), 3_145_726],
  [object({ metadata }), 3_145_726],
  [object({ ...kinds, metadata: object({ name: text(63) }) }), 3_145_726],
  [object({ ...kinds, metadata }), 252],
])("a name is bounded only where the root says all that it has: %j", (schema, nameMax) => {
  const name = (size: ReturnType<typeof sizeOfSchema>): number | undefined =>
    size?.fields?.get("metadata")?.fields?.get("name")?.elementsMax;
  expect(name(sizeOfSchema(schema, true))).toBe(nameMax);
  const embedded: OpenApiSchema = { ...schema, "x-kubernetes-embedded-resource": true };
  expect(name(sizeOfSchema(embedded, false))).toBe(nameMax);
});

test("keys of a map have a size of their own, and rules change no size", () => {
  const size = sizeOfSchema(ruled(map(text(10)), "true"), false);
  expect(size?.keys).toEqual({ elementsMax: 0, bytesMin: 2 });
  expect(size?.items).toEqual({ elementsMax: 40, bytesMin: 2 });
});

test("an enum of very many values has a size", () => {
  const values = Array.from({ length: 200_000 }, (_, index) => `value-${index}`);
  expect(sizeOfSchema({ type: "string", enum: values }, false)?.elementsMax).toBe(12);
});
