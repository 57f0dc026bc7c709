import type { JsonObject } from "../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../field-errors.ts";
import { isObject, isString, textOf } from "../json.ts";
import { metadataErrors, type NamedKind } from "../object/metadata-rules.ts";
import { nameErrors } from "../object/name-rules.ts";
import type { FieldError } from "../served-kind.ts";

/** A whole object says what it is, and its metadata is as that of any object. */
export function embeddedErrors(value: JsonObject, path: string): readonly FieldError[] {
  return [
    ...typeErrors(value, path, "apiVersion", versionErrors),
    ...typeErrors(value, path, "kind", kindErrors),
    ...embeddedMetadataErrors(value, path),
  ];
}

function typeErrors(
  value: JsonObject,
  path: string,
  name: string,
  check: (text: string) => readonly string[],
): readonly FieldError[] {
  const field = `${path}.${name}`;
  const text = value[name];
  if (text === undefined) return [requiredValue(field)];
  if (!isString(text)) return [invalidValue(field, text, "must be a string")];
  if (text === "") return [invalidValue(field, "", "must not be empty")];
  return check(text).map((because) => invalidValue(field, text, because));
}

function versionErrors(text: string): readonly string[] {
  return text.split("/").length > 2 ? [`unexpected GroupVersion string: ${text}`] : [];
}

function kindErrors(kind: string): readonly string[] {
  const errors = nameErrors("dns-1035-label", kind.toLowerCase());
  if (errors.length === 0) return [];
  return [`may have mixed case, but should otherwise match: ${errors.join(",")}`];
}

/** Any name that can be a part of a path will do. */
const anyKind: NamedKind = { nameRule: "path-segment", versions: [] };

function embeddedMetadataErrors(value: JsonObject, path: string): readonly FieldError[] {
  const { metadata } = value;
  if (!isObject(metadata)) return [];
  const namespace = textOf(metadata["namespace"]) ?? "";
  const wrongNamespace = namespace === "" ? [] : nameErrors("dns-label", namespace);
  const name = textOf(metadata["name"]) || "unnamed";
  const named = { apiVersion: "", kind: "", metadata: { ...metadata, name } };
  return [
    ...wrongNamespace.map((because) => invalidValue("metadata.namespace", namespace, because)),
    ...metadataErrors(named, anyKind),
  ].map((error) => ({ ...error, field: `${path}.${error.field}` }));
}
