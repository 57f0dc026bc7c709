import type { OpenApiSchema } from "../served-kind.ts";

/** The field that a rule names as the cause, below its own place. */
export type FieldPath =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "wrong"; readonly because: string };

/**
 * Reads a rule's `fieldPath`: names after dots, or in brackets and single quotes, each a field of
 * the schema.
 *
 * @example
 * `.spec.labels['a.b']` is "spec.labels[a.b]".
 */
export function parseFieldPath(text: string, schema: OpenApiSchema): FieldPath {
  let current = schema;
  let path = "";
  const part = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y;
  while (part.lastIndex < text.length) {
    const at = part.lastIndex;
    const match = part.exec(text);
    if (match === null) {
      return { kind: "wrong", because: `expected [ or . but got: ${text.slice(at)}` };
    }
    const name = match[1] ?? (match[2] ?? "").replaceAll(/\\(.)/g, "$1");
    const next = schemaBelow(current, name);
    if (next === undefined) return { kind: "wrong", because: "does not refer to a valid field" };
    if (current.properties === undefined) path += `[${name}]`;
    else path += path === "" ? name : `.${name}`;
    current = next;
  }
  return { kind: "path", path };
}

function schemaBelow(schema: OpenApiSchema, name: string): OpenApiSchema | undefined {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined) {
    return Object.hasOwn(properties, name) ? properties[name] : undefined;
  }
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}
