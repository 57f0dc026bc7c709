/**
 * What `kubectl apply` keeps of an object in an annotation, and how kubectl's server-side apply
 * follows on from it and keeps it up to date, so that either can take over from the other.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { parseJson } from "../http/request-body.ts";
import { at, goJson, isObject, objectOf, omit, textOf } from "../json.ts";
import { annotationErrors } from "../object/label-rules.ts";
import type { KubeObject, OpenApiSchema } from "../served-kind.ts";
import { StatusError } from "../status-error.ts";
import { appliedMistakes } from "./check-applied.ts";
import { difference, type FieldSet, noFields, union } from "./field-set.ts";
import { compareObjects, fieldsOfObject } from "./fields-of-value.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** As which manager kubectl applies on the server; who names another keeps out of all this. */
const kubectl = "kubectl";

/**
 * The fields that the manager may take over although they are others': for kubectl, those of the
 * live object's last applied configuration that still are as they were applied. None when that is
 * of another type than the live object or cannot be read.
 */
export function fieldsLastApplied(
  manager: string,
  live: KubeObject | undefined,
  schema: OpenApiSchema,
): FieldSet {
  const last = manager === kubectl ? parsed(lastAppliedOf(live)) : undefined;
  if (live === undefined || !isObject(last)) return noFields;
  const { apiVersion, kind, metadata = {} } = last;
  if (apiVersion !== live.apiVersion || kind !== live.kind || !isObject(metadata)) return noFields;
  const configuration: KubeObject = { ...last, apiVersion, kind, metadata };
  if (appliedMistakes(configuration, schema).length > 0) return noFields;
  const { added, modified, removed } = compareObjects(configuration, live, schema);
  const changed = union(union(added, modified), removed);
  return difference(fieldsOfObject(configuration, schema), changed);
}

/**
 * The object with its annotation telling what kubectl has sent, if it has the annotation; without
 * it where that would be too large. The annotation belongs to whom it belonged to before.
 */
export function withLastApplied(manager: string, object: KubeObject, sent: JsonObject): KubeObject {
  if (manager !== kubectl || lastAppliedOf(object) === undefined) return object;
  const others = omit(objectOf(object.metadata["annotations"]), [annotation]);
  const annotations = { ...others, [annotation]: configurationOf(sent) };
  const isTooLarge = annotationErrors(annotations, "").some(
    ({ reason }) => reason === "FieldValueTooLong",
  );
  const metadata = isTooLarge
    ? withAnnotations(object.metadata, others)
    : { ...object.metadata, annotations };
  return { ...object, metadata };
}

/** Undefined also for an empty one. */
function lastAppliedOf(object: KubeObject | undefined): string | undefined {
  return textOf(at(object, "metadata", "annotations", annotation)) || undefined;
}

/** It is anyone's text: undefined for what would be refused as a body. */
function parsed(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return parseJson(Buffer.from(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof StatusError) return undefined;
    throw error;
  }
}

/** What was sent, without the annotation itself, as kubectl writes it: with a line end. */
function configurationOf(sent: JsonObject): string {
  const { metadata } = sent;
  const annotations = at(metadata, "annotations");
  if (!isObject(metadata) || annotations === undefined) return `${goJson(sent)}\n`;
  const rest = isObject(annotations)
    ? { ...metadata, annotations: omit(annotations, [annotation]) }
    : omit(metadata, ["annotations"]);
  return `${goJson({ ...sent, metadata: rest })}\n`;
}

function withAnnotations(metadata: JsonObject, annotations: JsonObject): JsonObject {
  return Object.keys(annotations).length === 0
    ? omit(metadata, ["annotations"])
    : { ...metadata, annotations };
}
