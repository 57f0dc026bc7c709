/**
 * Which deletions a change of the hub's objects may carry on: namespaces and definitions that are
 * being emptied, and what has lost its owner.
 */
import type { Document, Key } from "../../lib/document.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { hubKinds } from "../kinds.ts";
import { garbageKey } from "./garbage-key.ts";
import { definitionKind, namespaceKind } from "./kept-kinds.ts";

export type UpkeepLookup =
  /** The object, if it is being deleted: it may have waited for what has changed. */
  | { readonly kind: "terminating"; readonly key: Key }
  /** The object that is gone, if it owned something. */
  | { readonly kind: "owned"; readonly owner: Pick<Document, "key" | "uid"> }
  /** The owner of an object in a namespace (or in none), if it is going or gone. */
  | { readonly kind: "owner"; readonly reference: JsonObject; readonly namespace?: string };

export interface Upkeep {
  readonly keys: readonly Key[];
  readonly lookups: readonly UpkeepLookup[];
}

const nothing: Upkeep = { keys: [], lookups: [] };

/** What only the product writes owns nothing, and there is a lot of it. */
const isInternal = (document: Document): boolean =>
  /^(hubless|microsoft\.containerservice)\//.test(document.key.kind) ||
  resourceOf(document)?.readOnly === true;

export function upkeepOf(changed: Document): Upkeep {
  if (isInternal(changed)) return nothing;
  const { key } = changed;
  const document = changed as Document<KubeBody>;
  const isGone = changed.deletedAt !== undefined;
  const owners = (document.body.metadata.ownerReferences ?? []).map(
    (reference): UpkeepLookup => ({
      kind: "owner",
      reference,
      ...(key.namespace !== undefined && { namespace: key.namespace }),
    }),
  );
  const waiting = isGone ? whoWaitedFor(document) : [];
  const owned: readonly UpkeepLookup[] = isGone
    ? [{ kind: "owned", owner: { key, uid: changed.uid } }]
    : [];
  return {
    keys: [...keysOfKept(document), ...(isGone ? [] : keysOfHeld(document))],
    lookups: [...waiting, ...owned, ...owners],
  };
}

/** Definitions look at each other's names; a namespace has nothing to do while it stays. */
function keysOfKept({ key, deletedAt, body }: Document<KubeBody>): readonly Key[] {
  if (key.kind === definitionKind) return [key];
  const isTerminating = body.metadata.deletionTimestamp !== undefined && deletedAt === undefined;
  return key.kind === namespaceKind && isTerminating ? [key] : [];
}

/** An object that is deleted before what it owns, or without it. */
function keysOfHeld(document: Document<KubeBody>): readonly Key[] {
  const { deletionTimestamp, finalizers = [] } = document.body.metadata;
  const waits = finalizers.some((name) => name === "foregroundDeletion" || name === "orphan");
  return deletionTimestamp !== undefined && waits ? [garbageKey(document)] : [];
}

/** A namespace waits for what is in it, and a definition for the objects that it defines. */
function whoWaitedFor(document: Document): readonly UpkeepLookup[] {
  const { fleet, namespace, kind } = document.key;
  const lookups: UpkeepLookup[] = [];
  if (namespace !== undefined) {
    const key = { fleet, kind: namespaceKind, name: namespace };
    lookups.push({ kind: "terminating", key });
  }
  const [group = "", plural] = kind.split("/");
  if (plural !== undefined && resourceOf(document) === undefined) {
    const key = { fleet, kind: definitionKind, name: `${plural}.${group}` };
    lookups.push({ kind: "terminating", key });
  }
  return lookups;
}

/** "apps/deployments" is a resource of a group, "configmaps" one of the core group. */
function resourceOf({ key }: Document) {
  const [first = "", second] = key.kind.split("/");
  return second === undefined ? hubKinds.find("", first) : hubKinds.find(first, second);
}
