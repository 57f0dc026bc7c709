import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { objectMetaSchema } from "./object-shape.ts";

/**
 * The value without the fields that its schema does not know, as a kube-apiserver stores custom
 * resources. The paths of what was left out ("spec.polcy") are added to `unknown`.
 */
export function prune(value: Json, schema: OpenApiSchema, unknown: string[], path = ""): Json {
  if (isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return value.map((item, index) => prune(item, items, unknown, `${path}[${index}]`));
  }
  if (!isObject(value)) return value;
  const kept: [string, Json][] = [];
  for (const [name, child] of fieldsOf(value)) {
    const childPath = path === "" ? name : `${path}.${name}`;
    const childSchema = schemaOfField(schema, name);
    if (childSchema === "unknown") unknown.push(childPath);
    else {
      const known = childSchema !== "any";
      kept.push([name, known ? prune(child, childSchema, unknown, childPath) : child]);
    }
  }
  return Object.fromEntries(kept);
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
