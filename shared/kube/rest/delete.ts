import type { Document, Write } from "../../lib/document.ts";
import { plusSeconds } from "../../lib/instant.ts";
import type { Json, JsonObject, KubeBody, ObjectMeta } from "../../lib/kube-object.ts";
import { unsupportedValue } from "../field-errors.ts";
import { listOptionsOf } from "../http/list-options.ts";
import { dryRunOf } from "../http/query-options.ts";
import { readObject } from "../http/request-body.ts";
import { respond } from "../http/respond.ts";
import { arrayOf, at, isObject, objectOf, textOf } from "../json.ts";
import { storedObject } from "../object/to-object.ts";
import type { KubeObject } from "../served-kind.ts";
import { badRequest, conflict, invalidOption, modifiedMeanwhile } from "../status-error.ts";
import { attemptsMax, commitTo } from "./commit.ts";
import { documentsIn, isSelected } from "./list.ts";
import { checkDeletable, isHeldNamespace } from "./namespaces.ts";
import { respondList, respondObject, viewOf } from "./present.ts";
import { type ObjectPlace, readDocument } from "./read.ts";
import type { ObjectRequest, ResourceRequest } from "./resource-request.ts";

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
  return respondList(deleted, request, { resourceVersion: String(revision) });
}

async function deleteSelected(
  { key, uid }: Document,
  { api, kind }: ResourceRequest,
  options: DeleteOptions,
): Promise<void> {
  const { name, namespace } = key;
  try {
    const place = { api, kind, name, ...(namespace !== undefined && { namespace }) };
    await deleteDocument(place, { ...options, uid });
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
  const { api, kind, name } = place;
  checkDeletable(kind, name);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const document = await readDocument(place);
    checkPreconditions(document, place, options);
    const held = heldBody(document, place, options);
    if (options.dryRun) return { document, isGone: held === undefined };
    if (held === "already") return { document, isGone: false };
    const committed = await commitTo(api, {
      writes: [
        held === undefined ? { kind: "delete", document } : heldWrite(document, held, place),
      ],
    });
    if (committed.kind === "saved") {
      const [saved] = committed.documents as readonly (Document<KubeBody> | undefined)[];
      return { document: saved ?? document, isGone: held === undefined };
    }
  }
  throw modifiedMeanwhile(kind, name);
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

function checkPreconditions(
  document: Document,
  { kind, name }: ObjectPlace,
  { uid, resourceVersion }: DeleteOptions,
): void {
  if (uid !== undefined && uid !== document.uid) {
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${document.uid}`,
    );
  }
  const current = String(document.revision);
  if (resourceVersion !== undefined && resourceVersion !== current) {
    throw conflict(
      kind,
      name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion ` +
        `in object meta: ${current}`,
    );
  }
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
  if (api.collectsGarbage === true && propagation === "Foreground") {
    finalizers.add("foregroundDeletion");
  }
  if (api.collectsGarbage === true && propagation === "Orphan") finalizers.add("orphan");
  const isHeld = isHeldNamespace(storedObject(document, kind), kind);
  if (finalizers.size === 0 && !isHeld) return undefined;
  if (body.metadata.deletionTimestamp !== undefined) return "already";
  const metadata: ObjectMeta = {
    ...body.metadata,
    deletionTimestamp: api.clock.now(),
    deletionGracePeriodSeconds: 0,
    ...(finalizers.size > 0 && { finalizers: [...finalizers] }),
  };
  const status = objectOf((body as KubeBody & JsonObject)["status"]);
  return isHeld
    ? ({ ...body, metadata, status: { ...status, phase: "Terminating" } } as KubeBody)
    : { ...body, metadata };
}

async function deleteOptionsOf({ request, query }: ResourceRequest): Promise<DeleteOptions> {
  const body = (await readObject(request)) ?? {};
  if (!isObject(body)) throw badRequest("the body must be DeleteOptions");
  const kind = textOf(body["kind"]) ?? "DeleteOptions";
  if (kind !== "DeleteOptions") {
    throw badRequest(`${kind} cannot be handled as a DeleteOptions`);
  }
  const uid = textOf(at(body, "preconditions", "uid"));
  const resourceVersion = textOf(at(body, "preconditions", "resourceVersion"));
  return {
    dryRun: dryRunOf(
      [...query.getAll("dryRun"), ...arrayOf(body["dryRun"]).map(String)],
      "DeleteOptions",
    ),
    propagation: propagationOf(body["propagationPolicy"] ?? query.get("propagationPolicy")),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}

function propagationOf(value: Json | undefined): DeleteOptions["propagation"] {
  if (value === null || value === undefined || value === "") return "Background";
  if (value === "Background" || value === "Foreground" || value === "Orphan") return value;
  const supported = ["Background", "Foreground", "Orphan"];
  throw invalidOption("DeleteOptions", unsupportedValue("propagationPolicy", value, supported));
}
