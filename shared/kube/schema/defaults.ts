import type { Json } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";

/**
 * The value with the defaults of its schema where fields are missing. As in custom resources, a
 * default of a nested field needs its parent, and null counts as missing unless `nullable`.
 */
export function withDefaults(value: Json, schema: OpenApiSchema): Json {
  if (isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return value.map((item) =>
      withDefaults(isMissing(item, items) ? (items.default ?? item) : item, items),
    );
  }
  if (!isObject(value)) return value;
  const { properties = {}, additionalProperties } = schema;
  const set = fieldsOf(value).flatMap(([name, child]): [string, Json][] => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const childSchema =
      known ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (childSchema === undefined) return [[name, child]];
    return isMissing(child, childSchema) ? [] : [[name, withDefaults(child, childSchema)]];
  });
  const names = new Set(set.map(([name]) => name));
  const missing = Object.entries(properties).flatMap(([name, child]): [string, Json][] =>
    names.has(name) || child.default === undefined
      ? []
      : [[name, withDefaults(child.default, child)]],
  );
  return Object.fromEntries([...set, ...missing]);
}

function isMissing(value: Json, schema: OpenApiSchema): boolean {
  return value === null && schema.nullable !== true;
}
