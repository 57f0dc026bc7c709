import { expect, test } from "vitest";
import { withDefaults } from "../../../shared/kube/schema/defaults.ts";
import { mapped, mappedFields } from "../../../shared/kube/schema/mapped.ts";
import { prune } from "../../../shared/kube/schema/prune.ts";
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";

test("what does not change is the same value, and what does leaves the old as it was", () => {
  const list: readonly Json[] = [1, 2, 3];
  expect(mapped(list, (item) => item)).toBe(list);
  expect(mapped(list, (item) => (item === 2 ? "two" : item))).toEqual([1, "two", 3]);
  const object = { a: 1, b: 2 };
  expect(mappedFields(object, (_, value) => value)).toBe(object);
  expect(mappedFields(object, (name, value) => (name === "a" ? undefined : value))).toEqual({
    b: 2,
  });
  expect([list, object]).toEqual([[1, 2, 3], { a: 1, b: 2 }]);
});

/** `{ inner: { inner: … } }`, each level with a field that has a default. */
function nested(depth: number): OpenApiSchema {
  const leaf: OpenApiSchema = { type: "string", default: "d" };
  if (depth === 0) return { type: "object", properties: { leaf } };
  return { type: "object", properties: { leaf, inner: nested(depth - 1) } };
}

function deepValue(depth: number, leaf: Json): Json {
  return depth === 0 ? { more: 1 } : { leaf, inner: deepValue(depth - 1, leaf) };
}

test("an object that is well is pruned and defaulted to itself, and a deep one costs its size", () => {
  const depth = 60;
  const schema = nested(depth);
  const unknown: string[] = [];
  const pruned = prune(deepValue(depth, "x"), schema, unknown);
  expect(unknown).toEqual([`${"inner.".repeat(depth)}more`]);
  const complete = withDefaults(pruned, schema);
  expect(complete).not.toBe(pruned);
  expect(withDefaults(complete, schema)).toBe(complete);
  expect(prune(complete, schema, unknown)).toBe(complete);
});
