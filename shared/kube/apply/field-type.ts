import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { at, canonicalJson, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";

/**
 * How a value merges and who can own its parts: what structured-merge-diff reads from a schema.
 *
 * "atomic": owned and replaced as a whole. "map": each field by itself. "set" and "keyed": a list
 * whose items are told apart by their value or by some of their fields.
 */
export type FieldType =
  | { readonly kind: "atomic" }
  | { readonly kind: "map"; readonly schema: OpenApiSchema }
  | { readonly kind: "set"; readonly items: OpenApiSchema }
  | { readonly kind: "keyed"; readonly keys: readonly string[]; readonly items: OpenApiSchema };

const atomic: FieldType = { kind: "atomic" };

/** Without a schema, maps merge field by field and lists are atomic. */
export const anySchema: OpenApiSchema = { "x-kubernetes-preserve-unknown-fields": true };

/** The type of a value; the value itself decides where the schema leaves it open. */
export function fieldType(schema: OpenApiSchema, value: Json | undefined): FieldType {
  if (isArray(value)) return listType(schema);
  if (!isObject(value)) return atomic;
  if (schema.type !== undefined && schema.type !== "object") return atomic;
  return schema["x-kubernetes-map-type"] === "atomic" ? atomic : { kind: "map", schema };
}

function listType(schema: OpenApiSchema): FieldType {
  const items = schema.items ?? anySchema;
  const merge = schema["x-kubernetes-list-type"];
  if (merge === "map") {
    return { kind: "keyed", keys: schema["x-kubernetes-list-map-keys"] ?? [], items };
  }
  return merge === "set" ? { kind: "set", items } : atomic;
}

/** The schema of a field of a map. */
export function fieldSchema(schema: OpenApiSchema, name: string): OpenApiSchema {
  const { properties, additionalProperties } = schema;
  const own =
    properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (own !== undefined) return own;
  return typeof additionalProperties === "object" ? additionalProperties : anySchema;
}

/** A field that the schema names is no member by itself: its parts are. */
export function isDeclared(schema: OpenApiSchema, name: string): boolean {
  return schema.properties !== undefined && Object.hasOwn(schema.properties, name);
}

/** A list whose items are told apart. */
export type KeyedList = Extract<FieldType, { kind: "set" | "keyed" }>;

/** The path element of an item of a "set" or "keyed" list. */
export function itemElement(type: KeyedList, item: Json): string {
  if (type.kind === "set") return `v:${canonicalJson(item)}`;
  const keys = type.keys.map((name): [string, Json | undefined] => [
    name,
    at(item, name) ?? type.items.properties?.[name]?.default,
  ]);
  return `k:${canonicalJson(Object.fromEntries(keys) as JsonObject)}`;
}

/** The items of a list by their path elements; an update may have made several of one key. */
export function itemsByElement(
  items: readonly Json[],
  type: KeyedList,
): ReadonlyMap<string, readonly Json[]> {
  const byElement = new Map<string, Json[]>();
  for (const item of items) {
    const element = itemElement(type, item);
    const same = byElement.get(element);
    if (same === undefined) byElement.set(element, [item]);
    else same.push(item);
  }
  return byElement;
}
