import type { Document, Write } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import type { KubeApi } from "../kube-api.ts";
import { storedObject } from "../object/to-object.ts";
import { commitTo, ownerRef } from "../rest/commit.ts";
import { isHeldNamespace } from "../rest/namespaces.ts";
import { blockedOwners } from "./blocked-owners.ts";
import { holdsForDependents, isDeleted } from "./living-owners.ts";
import { type EndedOwner, releaseDependent } from "./release-dependent.ts";

const orphansDependents = "orphan";

/** An object that is gone, or one that is being deleted and may wait for what it owns. */
export type Ended =
  | { readonly kind: "gone"; readonly uid: string }
  | { readonly kind: "waiting"; readonly document: Document<KubeBody> };

/**
 * Carries a deletion on to what the object owned: dependents that have no other owner are deleted,
 * others lose their reference to it. An object that waits for its dependents ("Foreground") is let
 * go once none is left that blocks it, and one that is to leave them alone ("Orphan") once they no
 * longer refer to it.
 *
 * Call it for each deleted object, and for each object that is being deleted; "waiting" means to
 * call again once its dependents have changed. Safe to repeat. Throws "Unavailable" when others
 * change the object or a dependent all the time.
 *
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export async function collectGarbage(api: KubeApi, ended: Ended): Promise<"done" | "waiting"> {
  const owner = endedOwner(api, ended);
  if (owner === undefined) return "done";
  const blocking = await releaseDependents(api, owner);
  if (blocking > 0) return "waiting";
  if (ended.kind === "waiting") {
    const finalizer = owner.end === "orphans" ? orphansDependents : holdsForDependents;
    await dropFinalizer(api, ended.document, finalizer);
  }
  return "done";
}

/** Undefined for one that has no say in what becomes of its dependents, or not yet. */
function endedOwner(api: KubeApi, ended: Ended): EndedOwner | undefined {
  if (ended.kind === "gone") {
    return { uid: ended.uid, end: "gone", isBehind: () => Promise.resolve(false) };
  }
  const { document } = ended;
  const { uid, body } = document;
  const finalizers = body.metadata.finalizers ?? [];
  const orphans = finalizers.includes(orphansDependents);
  if (!isDeleted(document) || (!orphans && !finalizers.includes(holdsForDependents))) {
    return undefined;
  }
  let blocked: ReturnType<typeof blockedOwners> | undefined;
  const isBehind = async (other: string): Promise<boolean> => {
    blocked ??= blockedOwners(api, document);
    return (await blocked).has(other);
  };
  return { uid, end: orphans ? "orphans" : "waits", isBehind };
}

/** So many dependents are released at once: the store makes one commit of them. */
const releasesAtOnce = 32;

/** How many dependents the owner waits for. */
async function releaseDependents(api: KubeApi, owner: EndedOwner): Promise<number> {
  const found = await api.store.referring(ownerRef(owner.uid));
  const keys = found.filter(({ fleet }) => fleet === api.fleet);
  let blocking = 0;
  for (let start = 0; start < keys.length; start += releasesAtOnce) {
    const some = keys.slice(start, start + releasesAtOnce);
    const held = await Promise.all(
      some.map(async (key) => await releaseDependent(api, key, owner)),
    );
    blocking += held.filter(Boolean).length;
  }
  return blocking;
}

/** An owner that others change as fast as it is looked at waits for the next look. */
const racesMax = 8;

async function dropFinalizer(
  api: KubeApi,
  seen: Document<KubeBody>,
  finalizer: string,
): Promise<void> {
  let owner: Document<KubeBody> | undefined = seen;
  for (let races = 0; races < racesMax; races++) {
    if (owner?.uid !== seen.uid || !owner.body.metadata.finalizers?.includes(finalizer)) return;
    const { kind } = await commitTo(api, { writes: [withoutFinalizer(api, owner, finalizer)] });
    if (kind === "saved") return;
    owner = await api.store.read(seen.key);
  }
  const because = `others changed it ${racesMax} times`;
  const message = `Cannot let owner "${seen.key.name}" go: ${because}`;
  throw new FleetError("Unavailable", message, { retryAfterSeconds: 1 });
}

function withoutFinalizer(api: KubeApi, owner: Document<KubeBody>, finalizer: string): Write {
  const finalizers = (owner.body.metadata.finalizers ?? []).filter((each) => each !== finalizer);
  if (finalizers.length === 0 && !isHeld(api, owner)) return { kind: "delete", document: owner };
  const { finalizers: _, ...rest } = owner.body.metadata;
  const metadata = { ...rest, ...(finalizers.length > 0 && { finalizers }) };
  return { kind: "replace", document: owner, body: { ...owner.body, metadata } };
}

/** A namespace is still to be emptied. */
function isHeld(api: KubeApi, owner: Document<KubeBody>): boolean {
  const kind = api.kinds.all.find(({ documents }) => documents === owner.key.kind);
  return kind !== undefined && isHeldNamespace(storedObject(owner, kind), kind);
}
