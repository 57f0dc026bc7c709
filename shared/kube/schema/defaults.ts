import type { Json } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { mapped, mappedFields } from "./mapped.ts";

/**
 * The value with the defaults of its schema where fields are missing; the same value when none are.
 * As in custom resources, a default of a nested field needs its parent, and null counts as missing
 * unless `nullable`.
 */
export function withDefaults(value: Json, schema: OpenApiSchema): Json {
  if (isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return mapped(value, (item) =>
      withDefaults(isMissing(item, items) ? (items.default ?? item) : item, items),
    );
  }
  if (!isObject(value)) return value;
  const { properties = {}, additionalProperties } = schema;
  const set = mappedFields(value, (name, child) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const childSchema =
      known ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (childSchema === undefined) return child;
    return isMissing(child, childSchema) ? undefined : withDefaults(child, childSchema);
  });
  const missing = defaultedIn(schema).filter(([name]) => !Object.hasOwn(set, name));
  return missing.length === 0 ? set : Object.fromEntries([...fieldsOf(set), ...missing]);
}

const defaulted = new WeakMap<OpenApiSchema, readonly [name: string, value: Json][]>();

/** The properties that have a default, with it and the defaults within; each schema's once. */
function defaultedIn(schema: OpenApiSchema): readonly [name: string, value: Json][] {
  const known = defaulted.get(schema);
  if (known !== undefined) return known;
  const made = Object.entries(schema.properties ?? {}).flatMap(([name, child]): [string, Json][] =>
    child.default === undefined ? [] : [[name, withDefaults(child.default, child)]],
  );
  defaulted.set(schema, made);
  return made;
}

function isMissing(value: Json, schema: OpenApiSchema): boolean {
  return value === null && schema.nullable !== true;
}
