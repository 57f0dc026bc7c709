import type { JsonObject } from "../../lib/kube-object.ts";
import { compileRules } from "../cel/compile-rules.ts";
import { ruleErrors } from "../cel/rule-errors.ts";
import { invalidValue } from "../field-errors.ts";
import type { WriteOptions } from "../http/query-options.ts";
import { fieldsOf, printed } from "../json.ts";
import { contentOf, withContent } from "../object/content-of.ts";
import { metadataErrors, metadataWarnings, withoutOwnersTwice } from "../object/metadata-rules.ts";
import { fromStored, toStored } from "../object/to-object.ts";
import { knownContent } from "../openapi/known-content.ts";
import type {
  FieldError,
  KubeObject,
  OpenApiSchema,
  ServedKind,
  ServedVersion,
} from "../served-kind.ts";
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
  /** A Kubernetes time, for what the server writes about the object. */
  readonly now?: string;
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
      ? builtInContent(candidate, unknown)
      : prune(contentOf(object), schema, unknown);
  reportUnknown(unknown, candidate);
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: withoutEmptyFields(withoutNullFields(metadata)),
    ...(content as JsonObject),
  };
}

/** Without a schema, what a member's OpenAPI does not know is unknown; before, nothing is. */
function builtInContent(candidate: Candidate, unknown: string[]): JsonObject {
  const { kind, version, object, before } = candidate;
  const content = contentOf(object);
  const structure = version.learnt?.structure();
  if (structure === undefined) return withoutNullFields(content);
  const stored = before && contentOf(fromStored(before, kind, version));
  return knownContent({ kind, version, content, before: stored }, structure, unknown);
}

/**
 * The object as it may be stored: pruned to its schema, with defaults, prepared by its kind and
 * valid. Throws 400 for unknown fields under strict validation and 422 with a cause per field.
 */
export function admit(candidate: Candidate): KubeObject {
  const { kind, version, before, warnings } = candidate;
  const { schema } = version;
  const known = withoutOwnersTwice(withKnownFields(candidate), warnings);
  for (const warning of metadataWarnings(known, kind)) warnings.push(warning);
  const complete =
    schema === undefined
      ? known
      : withContent(known, withDefaults(contentOf(known), schema) as JsonObject);
  const stored = toStored(complete, kind, version);
  const prepared =
    kind.prepare === undefined ? stored : kind.prepare(stored, before, candidate.now);
  const object = fromStored(prepared, kind, version);
  const ofMetadata = metadataErrors(object, kind);
  const ofSchema = schema === undefined ? [] : contentErrors(object, candidate, ofMetadata);
  // What a schema refuses, a kind's own rules would only misread.
  const ofKind = ofSchema.length > 0 ? [] : (kind.validate?.(prepared, before) ?? []);
  const all = [...ofMetadata, ...ofSchema, ...ofKind];
  if (all.length > 0) throw invalid(kind, printed(object.metadata["name"] ?? ""), all);
  return object;
}

/** Errors after which the rules of an object could not be relied on, so they are not run. */
const blocking: readonly FieldError["reason"][] = [
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
];

/** What the schema says of an object, and then its rules; `earlier` is wrong with it already. */
function contentErrors(
  object: KubeObject,
  { kind, version, before, warnings }: Candidate,
  earlier: readonly FieldError[],
): readonly FieldError[] {
  const { schema = {} } = version;
  const old = before && fromStored(before, kind, version);
  const errors = schemaErrors(checkedPart(object, schema), schema, {
    ...(old !== undefined && { before: checkedPart(old, schema) }),
  });
  if (compileRules(schema).tree === undefined) return errors;
  if ([...earlier, ...errors].some(({ reason }) => blocking.includes(reason))) {
    const because =
      "some validation rules were not checked because the object was invalid; correct the " +
      "existing errors to complete validation";
    return [...errors, invalidValue("<nil>", null, because)];
  }
  const run = { value: object, ...(old !== undefined && { before: old }), warnings };
  return [...errors, ...ruleErrors(schema, run)];
}

/** Metadata has rules of its own; a schema may restrict the name further. */
function checkedPart(object: KubeObject, schema: OpenApiSchema): JsonObject {
  const content = contentOf(object);
  return schema.properties?.["metadata"] === undefined
    ? content
    : { ...content, metadata: object.metadata };
}

/** A kube-apiserver collects no more strict decoding errors of one object. */
const unknownToldMax = 100;

function reportUnknown(unknown: readonly string[], candidate: Candidate): void {
  const { kind, version, fieldValidation, warnings } = candidate;
  if (unknown.length === 0 || fieldValidation === "Ignore") return;
  const isCustom = version.mergeShape === undefined;
  const paths = (isCustom ? [...unknown].sort() : unknown).slice(0, unknownToldMax);
  const sentences = paths.map((path) => `unknown field "${path}"`);
  if (fieldValidation === "Warn") {
    warnings.push(...sentences);
    return;
  }
  throw badRequest(
    `${kind.kind} in version "${version.name}" cannot be handled as a ${kind.kind}: ` +
      `strict decoding error: ${sentences.join(", ")}`,
  );
}

/** Lists and maps of metadata that are empty are none; an empty list resets `managedFields`. */
function withoutEmptyFields(metadata: JsonObject): JsonObject {
  return Object.fromEntries(
    fieldsOf(metadata).filter(
      ([name, value]) =>
        name === "managedFields" ||
        typeof value !== "object" ||
        Object.keys(value ?? {}).length > 0,
    ),
  );
}
