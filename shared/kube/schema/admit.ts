import type { JsonObject } from "../../lib/kube-object.ts";
import type { WriteOptions } from "../http/query-options.ts";
import { omit } from "../json.ts";
import { metadataErrors } from "../object/metadata-rules.ts";
import { fromStored, toStored } from "../object/to-object.ts";
import type { FieldError, KubeObject, ServedKind, ServedVersion } from "../served-kind.ts";
import { badRequest, invalid } from "../status-error.ts";
import { withDefaults } from "./defaults.ts";
import { objectMetaSchema } from "./object-shape.ts";
import { prune, withoutNullFields } from "./prune.ts";
import { schemaErrors } from "./validate.ts";

/** An object on its way in, and what it is measured by. */
export interface Candidate {
  readonly kind: ServedKind;
  readonly version: ServedVersion;
  readonly object: KubeObject;
  /** In the stored form; left out on create. */
  readonly before?: KubeObject;
  readonly fieldValidation: WriteOptions["fieldValidation"];
  /** Told about unknown fields that are left out. */
  readonly warnings: string[];
}

/**
 * The object without fields that its version does not know. They are told as warnings, or refused
 * with 400 under strict validation.
 */
export function withKnownFields(candidate: Candidate): KubeObject {
  const { version, object } = candidate;
  const { schema } = version;
  const unknown: string[] = [];
  const metadata = prune(object.metadata, objectMetaSchema, unknown, "metadata") as JsonObject;
  const content =
    schema === undefined
      ? withoutNullFields(contentOf(object))
      : prune(contentOf(object), schema, unknown);
  reportUnknown(unknown, candidate);
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: withoutNullFields(metadata),
    ...(content as JsonObject),
  };
}

/**
 * The object as it may be stored: pruned to its schema, with defaults, prepared by its kind and
 * valid. Throws 400 for unknown fields under strict validation and 422 with a cause per field.
 */
export function admit(candidate: Candidate): KubeObject {
  const { kind, version, before } = candidate;
  const { schema } = version;
  const known = withKnownFields(candidate);
  const complete =
    schema === undefined
      ? known
      : { ...known, ...(withDefaults(contentOf(known), schema) as JsonObject) };
  const stored = toStored(complete, kind, version);
  const prepared = kind.prepare === undefined ? stored : kind.prepare(stored, before);
  const object = fromStored(prepared, kind, version);
  const errors: readonly FieldError[] = [
    ...metadataErrors(object, kind),
    ...(schema === undefined ? [] : schemaErrors(contentOf(object), schema)),
  ];
  // What a schema refuses, a kind's own rules would only misread.
  const all = errors.length > 0 ? errors : (kind.validate?.(prepared, before) ?? []);
  if (all.length > 0) throw invalid(kind, String(object.metadata["name"] ?? ""), all);
  return object;
}

function reportUnknown(unknown: readonly string[], candidate: Candidate): void {
  const { kind, version, fieldValidation, warnings } = candidate;
  if (unknown.length === 0 || fieldValidation === "Ignore") return;
  const sentences = unknown.map((path) => `unknown field "${path}"`);
  if (fieldValidation === "Warn") {
    warnings.push(...sentences);
    return;
  }
  throw badRequest(
    `${kind.kind} in version "${version.name}" cannot be handled as a ${kind.kind}: ` +
      `strict decoding error: ${sentences.join(", ")}`,
  );
}

function contentOf(object: KubeObject): JsonObject {
  return omit(object, ["apiVersion", "kind", "metadata"]);
}
