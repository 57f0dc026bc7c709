import type { Document, Key } from "../../lib/document.ts";
import { type Instant, kubeTime } from "../../lib/instant.ts";
import type { Json, JsonObject, KubeBody, ObjectMeta } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject, objectOf, omit } from "../json.ts";
import { apiVersionOf } from "../kinds.ts";
import type { KubeObject, ServedKind, ServedVersion } from "../served-kind.ts";

/** The metadata that a body keeps, in the order in which Kubernetes writes it. */
const keptMetadata = [
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
] as const satisfies readonly (keyof ObjectMeta)[];

/** The form that is stored, with the name of the kind's first version, as its schema has it now. */
export function storedObject(document: Document, kind: ServedKind): KubeObject {
  const version = kind.versions[0]?.name ?? "v1";
  const body = document.body as KubeBody & JsonObject;
  const rest = omit(body, ["metadata", ...(kind.hidden ?? [])]);
  const stored: KubeObject = {
    apiVersion: apiVersionOf(kind, version),
    kind: kind.kind,
    metadata: metadataOf(document, kind),
    ...rest,
  };
  return kind.coerce?.(stored) ?? stored;
}

/** A document as clients of one version see it. The opposite is `toBody`. */
export function toObject(document: Document, kind: ServedKind, version: ServedVersion): KubeObject {
  return fromStored(storedObject(document, kind), kind, version);
}

export function fromStored(
  stored: KubeObject,
  kind: ServedKind,
  version: ServedVersion,
): KubeObject {
  const object = version.fromStored === undefined ? stored : version.fromStored(stored);
  return { ...object, apiVersion: apiVersionOf(kind, version.name), kind: kind.kind };
}

export function toStored(object: KubeObject, kind: ServedKind, version: ServedVersion): KubeObject {
  const stored = version.toStored === undefined ? object : version.toStored(object);
  return { ...stored, apiVersion: apiVersionOf(kind, kind.versions[0]?.name ?? "v1") };
}

/**
 * The body that a document of the object has: all that its key, its uid and its versions do not
 * say already. The fields that the kind hides are not in it: a writer adds those of the document.
 */
export function toBody(object: KubeObject, kind: ServedKind, version: ServedVersion): KubeBody {
  return storedBody(toStored(object, kind, version));
}

export function storedBody(stored: KubeObject): KubeBody & JsonObject {
  const { generateName } = stored.metadata;
  const kept = keptMetadata
    .map((name): [string, Json | undefined] => [name, stored.metadata[name]])
    .filter(([, value]) => !isEmpty(value));
  return {
    metadata: {
      ...Object.fromEntries(kept),
      ...(generateName !== undefined && { generateName }),
    } as ObjectMeta & JsonObject,
    ...omit(stored, ["apiVersion", "kind", "metadata"]),
  };
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && fieldsOf(value).length === 0;
}

function metadataOf(document: Document, kind: ServedKind): JsonObject {
  const { key, uid, revision, generation, createdAt } = document;
  const { generateName, ...meta } = (document.body as KubeBody).metadata;
  const kept = keptMetadata
    .map((name): [string, Json | undefined] => [name, meta[name] as Json | undefined])
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [
      name,
      name === "deletionTimestamp" ? kubeTime(value as Instant) : value,
    ]);
  return {
    name: key.name,
    ...(generateName !== undefined && { generateName }),
    ...(key.namespace !== undefined && { namespace: key.namespace }),
    uid,
    // What a dry run would make has no revision yet.
    ...(revision > 0 && { resourceVersion: String(revision) }),
    ...(kind.hasGeneration !== false && { generation }),
    creationTimestamp: kubeTime(createdAt),
    ...(Object.fromEntries(kept) as JsonObject),
  };
}

export function labelsOf(object: JsonObject): Readonly<Record<string, string>> {
  return objectOf(objectOf(object["metadata"])["labels"]) as Readonly<Record<string, string>>;
}

/** Where the documents of a kind are kept. */
export function documentKey(
  kind: ServedKind,
  at: { readonly fleet: Key["fleet"]; readonly namespace?: string; readonly name: string },
): Key<KubeBody> {
  return {
    fleet: at.fleet,
    kind: kind.documents,
    ...(kind.namespaced && at.namespace !== undefined && { namespace: at.namespace }),
    name: at.name,
  };
}
