import type { Document, Write } from "../../lib/document.ts";
import { plusSeconds } from "../../lib/instant.ts";
import type { Json, JsonObject, KubeBody, ObjectMeta } from "../../lib/kube-object.ts";
import { invalidValue, unsupportedValue } from "../field-errors.ts";
import { listOptionsOf } from "../http/list-options.ts";
import { dryRunErrors, numberOf } from "../http/query-options.ts";
import { readBody, readObject } from "../http/request-body.ts";
import { respond } from "../http/respond.ts";
import { arrayOf, at, isObject, objectOf, printed, textOf } from "../json.ts";
import { storedObject } from "../object/to-object.ts";
import type { FieldError, KubeObject, ServedKind } from "../served-kind.ts";
import { badRequest, conflict, invalidOption, modifiedMeanwhile } from "../status-error.ts";
import { commitTo } from "./commit.ts";
import { documentsIn, isSelected } from "./list.ts";
import { checkDeletable, isHeldNamespace } from "./namespaces.ts";
import { respondList, respondObject, viewOf } from "./present.ts";
import { type ObjectPlace, readDocument } from "./read.ts";
import type { ObjectRequest, ResourceRequest } from "./resource-request.ts";
import { untilMade } from "./until-made.ts";

/** How an object is to be deleted. */
export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly propagation: "Background" | "Foreground" | "Orphan";
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** DELETE of one object: it goes at once, or as soon as nothing holds it any more. */
export async function deleteObject(request: ObjectRequest): Promise<Response> {
  const options = await deleteOptionsOf(request);
  const { document, isGone } = await deleteDocument(request, options);
  if (!isGone) return respondObject(await viewOf(document, request), request);
  const { kind, name } = request;
  return respond({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(kind.group !== "" && { group: kind.group }),
      kind: kind.plural,
      uid: document.uid,
    },
  });
}

/** So many deletes are on their way at once: the store makes one commit of them. */
const deletesAtOnce = 32;

/** DELETE of a collection, or of what selectors select in it. */
export async function deleteCollection(request: ResourceRequest): Promise<Response> {
  const { api, kind, query } = request;
  const list = listOptionsOf(query, kind);
  const options = await deleteOptionsOf(request);
  const scope = { ...request, options: list };
  const deleted: KubeObject[] = [];
  for await (const documents of documentsIn(request)) {
    for (let start = 0; start < documents.length; start += deletesAtOnce) {
      const some = documents.slice(start, start + deletesAtOnce);
      const objects = await Promise.all(some.map((document) => viewOf(document, scope)));
      const selected = some.filter((_, index) => isSelected(objects[index] as KubeObject, scope));
      await Promise.all(selected.map((document) => deleteSelected(document, request, options)));
      deleted.push(...objects.filter((object) => isSelected(object, scope)));
    }
  }
  const { revision } = await api.store.head(api.fleet);
  return respondList(deleted, request, { resourceVersion: printed(revision) });
}

async function deleteSelected(
  { key, uid }: Document,
  { api, kind }: ResourceRequest,
  options: DeleteOptions,
): Promise<void> {
  const { name, namespace } = key;
  try {
    const place = { api, kind, name, ...(namespace !== undefined && { namespace }) };
    await deleteDocument(place, { ...options, uid: options.uid ?? uid });
  } catch (error) {
    // Somebody else has deleted it meanwhile: it is gone all the same.
    if ((await api.store.read(key))?.uid === uid) throw error;
  }
}

export interface Deleted {
  readonly document: Document<KubeBody>;
  readonly isGone: boolean;
}

/** Throws 404 when there is no such object, 409 when it is not the one that was meant. */
export async function deleteDocument(place: ObjectPlace, options: DeleteOptions): Promise<Deleted> {
  const { kind, name } = place;
  checkDeletable(kind, name);
  const deleted = await untilMade(place, async () => await tryDelete(place, options));
  if (deleted === undefined) throw modifiedMeanwhile(kind, name);
  return deleted;
}

/** Undefined: somebody else was faster. */
async function tryDelete(place: ObjectPlace, options: DeleteOptions): Promise<Deleted | undefined> {
  const document = await readDocument(place);
  checkPreconditions(document, place, options);
  await checkAdmission(document, place, options);
  const held = heldBody(document, place, options);
  const isGone = held === undefined;
  if (options.dryRun) return { document, isGone };
  if (held === "already") return { document, isGone: false };
  const write: Write = isGone ? { kind: "delete", document } : heldWrite(document, held, place);
  const committed = await commitTo(place.api, { writes: [write] });
  if (committed.kind !== "saved") return undefined;
  const [saved] = committed.documents as readonly (Document<KubeBody> | undefined)[];
  return { document: saved ?? document, isGone };
}

/** The intent to delete, with the moment at which somebody looks again what became of it. */
function heldWrite(
  document: Document<KubeBody>,
  body: KubeBody,
  { api, kind }: ObjectPlace,
): Write {
  const { emptiedWithinSeconds: seconds } = kind;
  return {
    kind: "replace",
    document,
    body,
    generation: document.generation + 1,
    ...(seconds !== undefined && { wakeAt: plusSeconds(api.clock.now(), seconds) }),
  };
}

async function checkAdmission(
  document: Document<KubeBody>,
  { api, kind, namespace, name }: ObjectPlace,
  { dryRun }: DeleteOptions,
): Promise<void> {
  const where = { ...(namespace !== undefined && { namespace }), name };
  const before = storedObject(document, kind);
  await api.admit?.({ operation: "delete", kind, ...where, dryRun }, undefined, before);
}

function checkPreconditions(
  document: Document,
  { kind, name }: ObjectPlace,
  { uid, resourceVersion }: DeleteOptions,
): void {
  // It names the kind here, not the resource.
  const named = { group: kind.group, plural: kind.kind };
  if (uid !== undefined && uid !== document.uid) {
    throw conflict(
      named,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${document.uid}). ` +
        "The object might have been deleted and then recreated",
    );
  }
  const current = String(document.revision);
  if (resourceVersion !== undefined && resourceVersion !== current) {
    throw conflict(
      named,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ` +
        `ResourceVersion in record (${current}). The object might have been modified`,
    );
  }
}

/** What whoever carries deletions on removes again. */
function addedFinalizers(
  { body }: Document<KubeBody>,
  { finalizersOnDelete = [] }: ServedKind,
  propagation: DeleteOptions["propagation"],
): readonly string[] {
  const isFirst = body.metadata.deletionTimestamp === undefined;
  return [
    ...(propagation === "Foreground" ? ["foregroundDeletion"] : []),
    ...(propagation === "Orphan" ? ["orphan"] : []),
    ...(isFirst ? finalizersOnDelete : []),
  ];
}

/**
 * The body of an object that waits for its finalizers; undefined when nothing holds it, "already"
 * when it waits since an earlier delete.
 */
function heldBody(
  document: Document<KubeBody>,
  { api, kind }: ObjectPlace,
  { propagation }: DeleteOptions,
): KubeBody | "already" | undefined {
  const { body } = document;
  const finalizers = new Set(body.metadata.finalizers ?? []);
  if (api.collectsGarbage === true) {
    for (const finalizer of addedFinalizers(document, kind, propagation)) finalizers.add(finalizer);
  }
  const isHeld = isHeldNamespace(storedObject(document, kind), kind);
  if (finalizers.size === 0 && !isHeld) return undefined;
  if (body.metadata.deletionTimestamp !== undefined) return "already";
  const metadata: ObjectMeta = {
    ...body.metadata,
    deletionTimestamp: api.clock.now(),
    // Namespaces are given no time: they take what they need.
    ...(!isHeld && { deletionGracePeriodSeconds: 0 }),
    ...(finalizers.size > 0 && { finalizers: [...finalizers] }),
  };
  const status = objectOf((body as KubeBody & JsonObject)["status"]);
  return isHeld
    ? ({ ...body, metadata, status: { ...status, phase: "Terminating" } } as KubeBody)
    : { ...body, metadata };
}

async function deleteOptionsOf({ request, query }: ResourceRequest): Promise<DeleteOptions> {
  const body = await optionsBody(request);
  numberOf(query, "gracePeriodSeconds");
  const dryRun = [...query.getAll("dryRun"), ...arrayOf(body["dryRun"]).map(printed)];
  const policy = body["propagationPolicy"] ?? query.get("propagationPolicy") ?? "";
  const orphans = body["orphanDependents"] ?? query.get("orphanDependents");
  const errors = [...policyErrors(policy, orphans), ...dryRunErrors(dryRun)];
  if (errors.length > 0) throw invalidOption("DeleteOptions", ...errors);
  const uid = textOf(at(body, "preconditions", "uid"));
  const resourceVersion = textOf(at(body, "preconditions", "resourceVersion"));
  return {
    dryRun: dryRun.includes("All"),
    propagation: orphans === true ? "Orphan" : isPropagation(policy) ? policy : "Background",
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}

/** An empty body is no options. */
async function optionsBody(request: Request): Promise<JsonObject> {
  const bytes = await readBody(request);
  if (bytes.byteLength === 0) return {};
  const { url, method, headers } = request;
  const body = bytes as Uint8Array<ArrayBuffer>;
  const { value } = await readObject(new Request(url, { method, headers, body }), "DeleteOptions");
  if (!isObject(value)) throw badRequest("the body must be DeleteOptions");
  const { kind = "DeleteOptions", apiVersion = "v1" } = value;
  if (kind === "DeleteOptions") return value;
  const version = printed(apiVersion);
  throw badRequest(
    `no kind "${printed(kind)}" is registered for version "${version}" in scheme ` +
      '"pkg/runtime/scheme.go:110"',
  );
}

const policies = ["Foreground", "Background", "Orphan"] as const;

function isPropagation(value: Json): value is DeleteOptions["propagation"] {
  return (policies as readonly Json[]).includes(value);
}

function policyErrors(policy: Json, orphans: Json | undefined): readonly FieldError[] {
  if (policy === "") return [];
  const field = "propagationPolicy";
  if (orphans !== null && orphans !== undefined) {
    const because = "orphanDependents and deletionPropagation cannot be both set";
    return [invalidValue(field, policy, because)];
  }
  return isPropagation(policy) ? [] : [unsupportedValue(field, policy, [...policies, "nil"])];
}
