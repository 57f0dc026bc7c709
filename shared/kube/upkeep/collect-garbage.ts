import type { Document, Key } from "../../lib/document.ts";
import type { Json, JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { isObject, textOf } from "../json.ts";
import { splitApiVersion } from "../kinds.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import { commitTo, ownerRef, refsOf } from "../rest/commit.ts";
import { deleteDocument } from "../rest/delete.ts";
import type { ServedKind } from "../served-kind.ts";
import { StatusError } from "../status-error.ts";

const holdsForDependents = "foregroundDeletion";
const orphansDependents = "orphan";

/** An object that is gone, or one that is being deleted and may wait for what it owns. */
export type Ended =
  | { readonly kind: "gone"; readonly uid: string }
  | { readonly kind: "waiting"; readonly document: Document<KubeBody> };

/**
 * Carries a deletion on to what the object owned: dependents that have no other owner are deleted,
 * others lose their reference to it. An object that waits for its dependents ("Foreground") or is
 * to leave them alone ("Orphan") is let go once that is done.
 *
 * Call it for each deleted object, and for each object that is being deleted; "waiting" means to
 * call again once its dependents have changed. Safe to repeat.
 *
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export async function collectGarbage(api: KubeApi, ended: Ended): Promise<"done" | "waiting"> {
  if (ended.kind === "gone") {
    await releaseDependents(api, { uid: ended.uid, orphans: false });
    return "done";
  }
  const { uid, body } = ended.document;
  const finalizers = body.metadata.finalizers ?? [];
  const orphans = finalizers.includes(orphansDependents);
  if (!orphans && !finalizers.includes(holdsForDependents)) return "done";
  if ((await releaseDependents(api, { uid, orphans })) > 0) return "waiting";
  const finalizer = orphans ? orphansDependents : holdsForDependents;
  await dropFinalizer(api, ended.document, finalizer);
  return "done";
}

/** So many dependents are released at once: the store makes one commit of them. */
const releasesAtOnce = 32;

/** How many dependents are still there and still the owner's. */
async function releaseDependents(api: KubeApi, owner: ReleasedBy): Promise<number> {
  const found = await api.store.referring(ownerRef(owner.uid));
  const keys = found.filter(({ fleet }) => fleet === api.fleet);
  let left = 0;
  for (let start = 0; start < keys.length; start += releasesAtOnce) {
    const some = keys.slice(start, start + releasesAtOnce);
    const isLeft = await Promise.all(some.map(async (key) => await release(api, key, owner)));
    left += isLeft.filter(Boolean).length;
  }
  return left;
}

interface ReleasedBy {
  readonly uid: string;
  readonly orphans: boolean;
}

/** Whether the dependent is still there and still the owner's. */
async function release(api: KubeApi, key: Key, { uid, orphans }: ReleasedBy): Promise<boolean> {
  const kind = api.kinds.all.find(({ documents }) => documents === key.kind);
  const document = await api.store.read(key as Key<KubeBody>);
  if (document === undefined || kind === undefined) return false;
  const references = document.body.metadata.ownerReferences ?? [];
  const others = references.filter((reference) => reference["uid"] !== uid);
  if (others.length === references.length) return false;
  if (orphans || (await hasLivingOwner(api, others, key.namespace))) {
    return !(await keepOnly(api, document, { kind, others }));
  }
  try {
    const { name, namespace } = key;
    const place = { api, kind, name, ...(namespace !== undefined && { namespace }) };
    const options = { dryRun: false, propagation: "Background", uid: document.uid } as const;
    return !(await deleteDocument(place, options)).isGone;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return false;
    throw error;
  }
}

async function hasLivingOwner(
  api: KubeApi,
  references: readonly Json[],
  namespace: string | undefined,
): Promise<boolean> {
  for (const reference of references) {
    if (!isObject(reference)) continue;
    const [group] = splitApiVersion(textOf(reference["apiVersion"]) ?? "");
    const kind = api.kinds.findKind(group, textOf(reference["kind"]) ?? "");
    if (kind === undefined) continue;
    const place = { fleet: api.fleet, name: textOf(reference["name"]) ?? "" };
    const key = documentKey(kind, { ...place, ...(namespace !== undefined && { namespace }) });
    if ((await api.store.read(key))?.uid === reference["uid"]) return true;
  }
  return false;
}

async function keepOnly(
  api: KubeApi,
  document: Document<KubeBody>,
  { kind, others }: { readonly kind: ServedKind; readonly others: readonly JsonObject[] },
): Promise<boolean> {
  const { ownerReferences: _, ...metadata } = document.body.metadata;
  const body: KubeBody = {
    ...document.body,
    metadata: { ...metadata, ...(others.length > 0 && { ownerReferences: others }) },
  };
  const refs = refsOf(kind, body, document.key, document.refs);
  const committed = await commitTo(api, { writes: [{ kind: "replace", document, body, refs }] });
  return committed.kind === "saved";
}

async function dropFinalizer(
  api: KubeApi,
  owner: Document<KubeBody>,
  finalizer: string,
): Promise<void> {
  const finalizers = (owner.body.metadata.finalizers ?? []).filter((each) => each !== finalizer);
  const { finalizers: _, ...metadata } = owner.body.metadata;
  await commitTo(api, {
    writes: [
      finalizers.length === 0
        ? { kind: "delete", document: owner }
        : {
            kind: "replace",
            document: owner,
            body: { ...owner.body, metadata: { ...metadata, finalizers } },
          },
    ],
  });
}
