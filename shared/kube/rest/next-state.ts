import type { Document, Write } from "../../lib/document.ts";
import { kubeTime } from "../../lib/instant.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { inVersionOf } from "../apply/in-version.ts";
import { trackUpdate } from "../apply/track-update.ts";
import { withKnownTimes } from "../apply/with-known-times.ts";
import { forbiddenField, invalidValue } from "../field-errors.ts";
import type { WriteOptions } from "../http/query-options.ts";
import { arrayOf, at, isString, jsonEquals, omit, printed } from "../json.ts";
import { apiVersionOf } from "../kinds.ts";
import { contentOf } from "../object/content-of.ts";
import { storedObject, toObject, toStored } from "../object/to-object.ts";
import { withOwnFinalizers } from "../object/with-own-finalizers.ts";
import { admit } from "../schema/admit.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";
import { conflict, invalid, modifiedMeanwhile } from "../status-error.ts";
import { tellWarnings } from "../warnings/warnings.ts";
import { bodyOf, refsOf } from "./commit.ts";
import { hasVersion } from "./has-version.ts";
import { isHeldNamespace, labelledNamespace, withFinalizersOf } from "./namespaces.ts";
import type { ObjectRequest } from "./resource-request.ts";

/** How one write changes an object. */
export interface Update {
  readonly request: ObjectRequest;
  readonly options: WriteOptions;
  readonly warnings: string[];
  /** From the live object, in the version of the request, to what the client wants it to be. */
  readonly change: (live: KubeObject) => KubeObject;
  /** Its managed fields are set already, by server-side apply. */
  readonly isApplied?: boolean;
}

export interface NextState {
  readonly body: KubeBody;
  readonly generation: number;
  /** Left out when nothing changes. */
  readonly write?: Write;
}

/** What an update makes of a document, without making it. */
export function nextState(document: Document<KubeBody>, update: Update): NextState {
  const { request, options, warnings } = update;
  const { kind, version } = request;
  const live = toObject(document, kind, version);
  const wanted = update.change(live);
  checkVersion(wanted, live, request);
  const now = kubeTime(request.api.clock.now());
  const merged = withServerFields(wanted, live, { ...request, now });
  checkFinalizers(merged, live, request);
  const { fieldValidation } = options;
  const before = storedObject(document, kind);
  const admitted = admit({
    kind,
    version,
    object: merged,
    before,
    fieldValidation,
    warnings,
    now,
  });
  if (request.subresource === undefined) tellWarnings(kind.warn, warnings, admitted, live);
  const owned =
    update.isApplied === true ? withKnownTimes(admitted, live) : tracked(admitted, live, update);
  const object = withOwnFinalizers(owned, kind);
  const body = bodyOf(toStored(object, kind, version), kind, document);
  const generation = document.generation + (isWantChanged(live, object, kind) ? 1 : 0);
  if (isReadyToGo(object, request)) {
    return { body, generation, write: { kind: "delete", document } };
  }
  if (jsonEquals(document.body as KubeBody & JsonObject, body)) return { body, generation };
  const refs = refsOf(kind, body, document.key, document.refs);
  return {
    body,
    generation,
    write: { kind: "replace", document, body, generation, refs },
  };
}

function tracked(object: KubeObject, live: KubeObject, { request, options }: Update): KubeObject {
  const { api, kind, version, subresource } = request;
  return trackUpdate({
    live,
    object,
    inVersion: inVersionOf(api.kinds, kind),
    manager: options.manager,
    apiVersion: apiVersionOf(kind, version.name),
    ...(subresource !== undefined && { subresource }),
    hasStatus: kind.hasStatus,
    now: kubeTime(api.clock.now()),
  });
}

function checkVersion(wanted: KubeObject, live: KubeObject, request: ObjectRequest): void {
  const { resourceVersion, uid, deletionTimestamp } = wanted.metadata;
  if (isString(deletionTimestamp) && live.metadata["deletionTimestamp"] === undefined) {
    const error = invalidValue(
      "metadata.deletionTimestamp",
      deletionTimestamp,
      "field is immutable",
    );
    throw invalid(request.kind, request.name, [error]);
  }
  if (hasVersion(resourceVersion) && resourceVersion !== live.metadata["resourceVersion"]) {
    throw modifiedMeanwhile(request.kind, request.name);
  }
  if (isString(uid) && uid !== "" && uid !== live.metadata["uid"]) {
    if (request.request.method === "PATCH") {
      const error = invalidValue("metadata.uid", uid, "field is immutable");
      throw invalid(request.kind, request.name, [error]);
    }
    throw conflict(
      request.kind,
      request.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ` +
        printed(live.metadata["uid"]),
    );
  }
}

/** What only the server sets, in the order in which Kubernetes writes metadata. */
const serverMetadata = [
  "name",
  "generateName",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
];

/** The parts that this request may change from what is wanted, all others from what is. */
function withServerFields(
  wanted: KubeObject,
  live: KubeObject,
  { kind, subresource = "", now }: ObjectRequest & { readonly now: string },
): KubeObject {
  const { managedFields } = wanted.metadata;
  const sameMetadata = {
    ...omit(live.metadata, ["managedFields"]),
    ...(managedFields !== undefined && { managedFields }),
  };
  const change = kind.changesBelow?.[subresource];
  if (change !== undefined) return { ...change(wanted, live, now), metadata: sameMetadata };
  if (subresource === "status") {
    const { status } = wanted;
    return {
      ...(omit(live, ["status"]) as KubeObject),
      metadata: sameMetadata,
      ...(status !== undefined && { status }),
    };
  }
  if (subresource === "finalize") {
    return withFinalizersOf({ ...live, metadata: sameMetadata }, wanted);
  }
  const own = Object.fromEntries(
    serverMetadata
      .filter((name) => live.metadata[name] !== undefined)
      .map((name) => [name, live.metadata[name]]),
  );
  const metadata = { ...own, ...omit(wanted.metadata, serverMetadata) };
  const { status } = live;
  const object: KubeObject = kind.hasStatus
    ? {
        ...(omit(wanted, ["status"]) as KubeObject),
        metadata,
        ...(status !== undefined && { status }),
      }
    : { ...wanted, metadata };
  return kind.holdsNamespaces === true ? withFinalizersOf(labelledNamespace(object), live) : object;
}

/** Who deletes an object must be able to rely on the list of who still holds it. */
function checkFinalizers(next: KubeObject, live: KubeObject, request: ObjectRequest): void {
  if (live.metadata["deletionTimestamp"] === undefined) return;
  const known = arrayOf(live.metadata["finalizers"]);
  const added = arrayOf(next.metadata["finalizers"]).filter((each) => !known.includes(each));
  if (added.length === 0) return;
  const because =
    "no new finalizers can be added if the object is being deleted, found new finalizers " +
    `[]string{${added.map((each) => JSON.stringify(each)).join(", ")}}`;
  throw invalid(request.kind, request.name, [forbiddenField("metadata.finalizers", because)]);
}

function isReadyToGo(object: KubeObject, { kind }: ObjectRequest): boolean {
  return (
    at(object, "metadata", "deletionTimestamp") !== undefined &&
    arrayOf(object.metadata["finalizers"]).length === 0 &&
    !isHeldNamespace(object, kind)
  );
}

/**
 * Whether more than metadata differs, and more than a status that is written on its own: what
 * `generation` counts.
 */
function isWantChanged(before: KubeObject, after: KubeObject, { hasStatus }: ServedKind): boolean {
  const others = hasStatus ? ["status"] : [];
  return !jsonEquals(omit(contentOf(before), others), omit(contentOf(after), others));
}
