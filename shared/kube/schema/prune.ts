import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { mapped, mappedFields } from "./mapped.ts";
import { objectMetaSchema } from "./object-shape.ts";

/**
 * The value without the fields that its schema does not know, as a kube-apiserver stores custom
 * resources; the same value when it knows all. The paths of what was left out ("spec.polcy") are
 * added to `unknown`.
 */
export function prune(value: Json, schema: OpenApiSchema, unknown: string[], path = ""): Json {
  if (isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return mapped(value, (item, index) => prune(item, items, unknown, `${path}[${index}]`));
  }
  if (!isObject(value)) return value;
  return mappedFields(value, (name, child) => {
    const childSchema = schemaOfField(schema, name);
    if (childSchema === "any") return child;
    const isUnknown = childSchema === "unknown";
    if (!isUnknown && typeof child !== "object") return child;
    const childPath = path === "" ? name : `${path}.${name}`;
    if (!isUnknown) return prune(child, childSchema, unknown, childPath);
    unknown.push(childPath);
    return undefined;
  });
}

/** "any" where the schema leaves a field open, "unknown" where it has no such field. */
function schemaOfField(schema: OpenApiSchema, name: string): OpenApiSchema | "any" | "unknown" {
  const { properties, additionalProperties } = schema;
  if (schema["x-kubernetes-embedded-resource"] === true) {
    if (name === "apiVersion" || name === "kind") return "any";
    if (name === "metadata") return objectMetaSchema;
  }
  const property =
    properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (property !== undefined) return property;
  if (typeof additionalProperties === "object") return additionalProperties;
  if (additionalProperties === true) return "any";
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return "any";
  return "unknown";
}

/**
 * The value without nulls in its objects: to Kubernetes' own kinds, null and absent are the same.
 */
export function withoutNulls(value: Json): Json {
  if (isArray(value)) return value.map(withoutNulls);
  return isObject(value) ? withoutNullFields(value) : value;
}

export function withoutNullFields(object: JsonObject): JsonObject {
  return Object.fromEntries(
    fieldsOf(object)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, withoutNulls(value)]),
  );
}
