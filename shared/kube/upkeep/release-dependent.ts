import { setTimeout as delay } from "node:timers/promises";
import type { Document, Key } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import type { KubeApi } from "../kube-api.ts";
import { commitTo, ownerRef, refsOf } from "../rest/commit.ts";
import { deleteDocument } from "../rest/delete.ts";
import type { ServedKind } from "../served-kind.ts";
import { StatusError } from "../status-error.ts";
import { blocks, isDeleted, livingOwners, waitsForDependents } from "./living-owners.ts";

/** An owner that is gone, lets its dependents be, or goes after those that block it. */
export interface EndedOwner {
  readonly uid: string;
  readonly end: "gone" | "orphans" | "waits";
  /** Whether an object can only go after this owner, which is not to wait for it, then. */
  readonly isBehind: (uid: string) => Promise<boolean>;
}

interface Dependent {
  readonly api: KubeApi;
  readonly kind: ServedKind;
  /** What is decided about; a newer state is decided about again. */
  readonly document: Document<KubeBody>;
  readonly owner: EndedOwner;
}

type Released = "free" | "holds" | "changed-meanwhile";

/** A dependent that others change as fast as it is looked at waits for the next look. */
const racesMax = 8;

/**
 * Carries an owner's end on to one dependent, and says whether the owner still waits for it. An
 * object with another owner that stays only loses the reference; one that is on its way out already
 * goes as it was told to. Any other is deleted, and waits for its own dependents in turn when an
 * owner waits for it.
 *
 * Throws "Unavailable" when others change the dependent all the time.
 */
export async function releaseDependent(
  api: KubeApi,
  key: Key,
  owner: EndedOwner,
): Promise<boolean> {
  for (let races = 0; races < racesMax; races++) {
    if (races > 1) await delay(Math.random() * 10 * 2 ** races);
    const kind = api.kinds.all.find(({ documents }) => documents === key.kind);
    const document = await api.store.read(key as Key<KubeBody>);
    if (document === undefined || kind === undefined) return false;
    const released = await release({ api, kind, document, owner });
    if (released !== "changed-meanwhile") return released === "holds";
  }
  const because = `others changed it ${racesMax} times`;
  const message = `Cannot release dependent "${key.name}": ${because}`;
  throw new FleetError("Unavailable", message, { retryAfterSeconds: 1 });
}

async function release(dependent: Dependent): Promise<Released> {
  const { document, owner } = dependent;
  const references = document.body.metadata.ownerReferences ?? [];
  const others = references.filter(({ uid }) => uid !== owner.uid);
  const own = references.filter(({ uid }) => uid === owner.uid);
  if (own.length === 0) return "free";
  if (owner.end === "orphans") return freed(await keepReferences(dependent, others));
  const isAwaited = owner.end === "waits" && own.some(blocks);
  if (isDeleted(document)) return isAwaited ? await untangle(dependent) : "free";
  return await releaseLiving(dependent, { others, isAwaited });
}

/** The dependent is on its way out: its owner waits, unless it waits for its owner itself. */
async function untangle(dependent: Dependent): Promise<Released> {
  const { document, owner } = dependent;
  if (!waitsForDependents(document) || !(await owner.isBehind(document.uid))) return "holds";
  return freed(await unblock(dependent));
}

interface References {
  /** Those to other owners. */
  readonly others: readonly JsonObject[];
  /** Whether the owner waits for this dependent. */
  readonly isAwaited: boolean;
}

async function releaseLiving(
  dependent: Dependent,
  { others, isAwaited }: References,
): Promise<Released> {
  const { api, document, owner } = dependent;
  const living = await livingOwners(api, others, document.key.namespace);
  const stays = living.some((other) => !waitsForDependents(other.document));
  if (stays) return freed(await keepReferences(dependent, others));
  // What it owns costs a query, and matters to an owner that waits for it alone.
  const isAwaitedByAny = isAwaited || living.some(({ reference }) => blocks(reference));
  const isForeground = isAwaitedByAny && (await ownsAny(api, document.uid));
  if (!isForeground) return await remove(dependent, { propagation: "Background", isAwaited });
  const closesCircle = isAwaited && (await owner.isBehind(document.uid));
  if (!closesCircle) return await remove(dependent, { propagation: "Foreground", isAwaited });
  const unblocked = await unblock(dependent);
  if (unblocked === undefined) return "changed-meanwhile";
  const rest = { ...dependent, document: unblocked };
  return await remove(rest, { propagation: "Foreground", isAwaited: false });
}

async function ownsAny(api: KubeApi, uid: string): Promise<boolean> {
  const found = await api.store.referring(ownerRef(uid));
  return found.some(({ fleet }) => fleet === api.fleet);
}

interface Removal {
  readonly propagation: "Background" | "Foreground";
  readonly isAwaited: boolean;
}

async function remove(
  { api, kind, document }: Dependent,
  { propagation, isAwaited }: Removal,
): Promise<Released> {
  const { key, uid, revision } = document;
  const { name, namespace } = key;
  const place = { api, kind, name, ...(namespace !== undefined && { namespace }) };
  // As it was read: an owner that has come meanwhile keeps it alive.
  const meant = { uid, resourceVersion: String(revision) };
  try {
    const { isGone } = await deleteDocument(place, { dryRun: false, propagation, ...meant });
    return isAwaited && !isGone ? "holds" : "free";
  } catch (error) {
    const isOther = error instanceof StatusError && (error.code === 404 || error.code === 409);
    if (!isOther || (await api.store.read(key))?.revision === revision) throw error;
    return "changed-meanwhile";
  }
}

/** The owner no longer waits for the dependent, which stays its own. */
async function unblock(dependent: Dependent): Promise<Document<KubeBody> | undefined> {
  const references = dependent.document.body.metadata.ownerReferences ?? [];
  const unblocked = references.map((reference) =>
    reference["uid"] === dependent.owner.uid
      ? { ...reference, blockOwnerDeletion: false }
      : reference,
  );
  return await keepReferences(dependent, unblocked);
}

/** The dependent as it is now; undefined when somebody else was faster. */
async function keepReferences(
  { api, kind, document }: Dependent,
  references: readonly JsonObject[],
): Promise<Document<KubeBody> | undefined> {
  const { ownerReferences: _, ...metadata } = document.body.metadata;
  const body: KubeBody = {
    ...document.body,
    metadata: { ...metadata, ...(references.length > 0 && { ownerReferences: references }) },
  };
  const refs = refsOf(kind, body, document.key, document.refs);
  const committed = await commitTo(api, { writes: [{ kind: "replace", document, body, refs }] });
  return committed.kind === "saved"
    ? (committed.documents[0] as Document<KubeBody> | undefined)
    : undefined;
}

function freed(saved: Document<KubeBody> | undefined): Released {
  return saved === undefined ? "changed-meanwhile" : "free";
}
