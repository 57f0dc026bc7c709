import type { OpenApiSchema } from "../../../../shared/kube/served-kind.ts";

/** Rules as projects publish them, in a schema as small as they can be in. */
export interface PublishedRules {
  readonly about: string;
  readonly schema: OpenApiSchema;
  /** What Kubernetes 1.34.1 says of them where the schema bounds nothing. */
  readonly boundless: readonly string[];
}

export const int: OpenApiSchema = { type: "integer" };
export const bool: OpenApiSchema = { type: "boolean" };
export const intOrText: OpenApiSchema = { "x-kubernetes-int-or-string": true };

export function text(maxLength?: number): OpenApiSchema {
  return { type: "string", ...(maxLength !== undefined && { maxLength }) };
}

export function oneOf(...values: readonly string[]): OpenApiSchema {
  return { type: "string", enum: values };
}

export function list(items: OpenApiSchema, maxItems?: number): OpenApiSchema {
  return { type: "array", items, ...(maxItems !== undefined && { maxItems }) };
}

export function map(values: OpenApiSchema, maxProperties?: number): OpenApiSchema {
  const bound = maxProperties !== undefined && { maxProperties };
  return { type: "object", additionalProperties: values, ...bound };
}

export function object(
  properties: Readonly<Record<string, OpenApiSchema>>,
  required: readonly string[] = [],
): OpenApiSchema {
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}

export function ruled(schema: OpenApiSchema, ...rules: readonly string[]): OpenApiSchema {
  return { ...schema, "x-kubernetes-validations": rules.map((rule) => ({ rule })) };
}

/** A schema of whole objects whose `spec` is of the given one. */
export function wholeObject(spec: OpenApiSchema): OpenApiSchema {
  return object({ spec });
}

const bounds = ["maxItems", "maxLength", "maxProperties"];

/** A schema without any bound on how long or how many. */
export function withoutBounds(schema: OpenApiSchema): OpenApiSchema {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) => (bounds.includes(name) ? undefined : value)),
  ) as OpenApiSchema;
}
