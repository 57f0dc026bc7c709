import type { Json } from "../../lib/kube-object.ts";
import { canonicalJson, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";

/**
 * The old item of an item, by its index in the new list. Only lists with keys
 * (`x-kubernetes-list-type: map`) tell which item is which.
 */
export function oldItems(
  items: readonly Json[],
  old: Json | undefined,
  schema: OpenApiSchema,
): (index: number) => Json | undefined {
  if (schema["x-kubernetes-list-type"] !== "map" || !isArray(old)) return () => undefined;
  const byKey = new Map(old.map((item) => [listKey(item, schema), item]));
  return (index) => {
    const item = items[index];
    return item === undefined ? undefined : byKey.get(listKey(item, schema));
  };
}

/** The keys of an item as JSON: `{"name":"a"}`. */
export function listKey(item: Json, schema: OpenApiSchema): string {
  const names = schema["x-kubernetes-list-map-keys"] ?? [];
  const object = isObject(item) ? item : {};
  const keys = names.map((name): [string, Json | undefined] => [
    name,
    Object.hasOwn(object, name) ? object[name] : schema.items?.properties?.[name]?.default,
  ]);
  return canonicalJson(Object.fromEntries(keys));
}
