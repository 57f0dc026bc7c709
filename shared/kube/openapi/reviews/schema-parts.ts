/** The few shapes that the schemas of reviews are made of. */
import type { JsonObject } from "../../../lib/kube-object.ts";
import { schemaReference } from "../schema-reference.ts";

export type Properties = Readonly<Record<string, JsonObject>>;

export function object(
  description: string,
  properties: Properties,
  required: readonly string[] = [],
): JsonObject {
  const schema = { description, type: "object", properties };
  return required.length === 0 ? schema : { ...schema, required };
}

/** What another schema describes: "io.k8s.api.authentication.v1.UserInfo". */
export function described(description: string, name: string): JsonObject {
  return { description, allOf: [schemaReference(name)] };
}

export function text(description: string): JsonObject {
  return { description, type: "string" };
}

export function flag(description: string): JsonObject {
  return { description, type: "boolean" };
}

export function listOf(description: string, items: JsonObject): JsonObject {
  return { description, type: "array", items, "x-kubernetes-list-type": "atomic" };
}

export function texts(description: string): JsonObject {
  return listOf(description, { type: "string" });
}

export function textsByName(description: string): JsonObject {
  const additionalProperties = { type: "array", items: { type: "string" } };
  return { description, type: "object", additionalProperties };
}
