import type { Commit, Committed } from "../../effects/store.ts";
import type { Document, Key } from "../../lib/document.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { arrayOf, isObject, isString } from "../json.ts";
import type { KubeApi } from "../kube-api.ts";
import { storedBody } from "../object/to-object.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";

/** Commits, and tells this process's watches that there is something to see. */
export async function commitTo(api: KubeApi, commit: Omit<Commit, "fleet">): Promise<Committed> {
  const committed = await api.store.commit({ ...commit, fleet: api.fleet });
  if (committed.kind === "saved") api.watch.nudge(api.fleet);
  return committed;
}

/** The body of an object's document, with what the kind hides from clients as it was. */
export function bodyOf(
  stored: KubeObject,
  kind: ServedKind,
  before?: Document<KubeBody>,
): KubeBody & JsonObject {
  const hidden = before?.body as JsonObject | undefined;
  const kept = (kind.hidden ?? []).filter((name) => hidden?.[name] !== undefined);
  return {
    ...storedBody(stored),
    ...Object.fromEntries(kept.map((name) => [name, hidden?.[name]])),
  };
}

/**
 * What a document is found by: what its kind says (or what it was found by before), and each owner,
 * so that whoever collects garbage finds the dependents of a deleted object by its uid.
 */
export function refsOf(
  kind: ServedKind,
  body: KubeBody,
  key: Pick<Key, "name" | "namespace">,
  before: readonly string[] = [],
): readonly string[] {
  const own = kind.refsOf?.(body, key.name, key.namespace) ?? before.filter((ref) => !isOwner(ref));
  const owners = arrayOf(body.metadata.ownerReferences)
    .map((owner) => (isObject(owner) ? owner["uid"] : undefined))
    .filter(isString)
    .map(ownerRef);
  return [...new Set([...own, ...owners])];
}

const ownerPrefix = "owner:";

/** The ref of all documents that an object owns. */
export function ownerRef(uid: string): string {
  return `${ownerPrefix}${uid}`;
}

function isOwner(ref: string): boolean {
  return ref.startsWith(ownerPrefix);
}
