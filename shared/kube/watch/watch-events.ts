import type { Document, Revision } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { isSelected, type Scope } from "../rest/list.ts";
import { viewOf } from "../rest/present.ts";
import { exactValue } from "../selector/field-selector.ts";
import { matchesLabels } from "../selector/label-selector.ts";
import type { KubeObject } from "../served-kind.ts";

export interface ObjectEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

/**
 * At most so many objects are remembered as told or not told. Beyond that some events are told as
 * if nothing was known, which a client may see twice but never misses.
 */
const rememberedMax = 20_000;

/** Turns changed documents into the events of one watch. */
export interface EventMaker {
  /**
   * The events of documents that changed after `told`, up to which the client knows everything.
   * An object that no longer matches the selectors is told as deleted.
   */
  readonly eventsOf: (
    documents: readonly Document[],
    told: Revision,
  ) => Promise<readonly ObjectEvent[]>;
}

/**
 * `mayHaveSeen`: the client may have got objects as they were at any revision up to this from a
 * list, so the end of such an object is told even when nobody knows whether the client had it.
 */
export function eventMaker(scope: Scope, mayHaveSeen: Revision): EventMaker {
  /** Whether the client has the object, by uid; only kept where objects can stop matching. */
  const remembered = new Map<string, boolean>();
  const remember = (uid: string, isTold: boolean): void => {
    const { labels, fields } = scope.options;
    if (labels.length === 0 && fields.every(isFixed)) return;
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(uid, isTold);
  };

  const eventOf = async (document: Document, told: Revision): Promise<ObjectEvent | undefined> => {
    const object = await viewOf(document, scope);
    if (!matchesFixed(object, scope)) return undefined;
    const seen = { from: told, to: Math.max(told, mayHaveSeen) };
    const { uid, createdRevision, deletedAt } = document;
    const before = remembered.get(uid) ?? wasSelected(document as Document<KubeBody>, scope, seen);
    const isThere = deletedAt === undefined && isSelected(object, scope);
    if (deletedAt === undefined) remember(uid, isThere);
    else remembered.delete(uid);
    if (isThere)
      return { type: (before ?? createdRevision <= told) ? "MODIFIED" : "ADDED", object };
    return (before ?? createdRevision <= seen.to) ? { type: "DELETED", object } : undefined;
  };

  return {
    eventsOf: async (documents, told) => {
      const events: ObjectEvent[] = [];
      for (const document of documents) {
        if (!isInScope(document, scope)) continue;
        const event = await eventOf(document, told);
        if (event !== undefined) events.push(event);
      }
      return events;
    },
  };
}

/** A client has objects as they were at some revision of these, the last included. */
interface Seen {
  readonly from: Revision;
  readonly to: Revision;
}

/** Whether a client of the scope has the object; undefined where its document does not tell. */
function wasSelected(
  document: Document<KubeBody>,
  { options }: Scope,
  { from, to }: Seen,
): boolean | undefined {
  const { createdRevision } = document;
  if (createdRevision > to) return false;
  const labels = labelsDuring(document, { from: Math.max(from, createdRevision), to });
  if (labels !== undefined && !matchesLabels(options.labels, labels)) return false;
  const isSure = createdRevision <= from && options.fields.every(isFixed);
  return labels !== undefined && isSure ? true : undefined;
}

/** The labels that a document had at each of the revisions, if they were the same at all. */
function labelsDuring(
  { relabelled, body }: Document<KubeBody>,
  { from, to }: Seen,
): Readonly<Record<string, string>> | undefined {
  if (relabelled === undefined || relabelled.at <= from) return body.metadata.labels ?? {};
  const { at, before } = relabelled;
  return at > to && before !== undefined && before.since <= from ? before.labels : undefined;
}

/** Fields that never change in the life of an object. */
function isFixed({ path }: { readonly path: string }): boolean {
  return path === "metadata.name" || path === "metadata.namespace";
}

export function isInScope(document: Document, scope: Scope): boolean {
  const { key } = document;
  const { kind, namespace, options } = scope;
  if (key.kind !== kind.documents) return false;
  if (namespace !== undefined && kind.namespaced && key.namespace !== namespace) return false;
  const name = exactValue(options.fields, "metadata.name");
  return name === undefined || key.name === name;
}

function matchesFixed(object: KubeObject, scope: Scope): boolean {
  const fields = scope.options.fields.filter(isFixed);
  return isSelected(object, { ...scope, options: { labels: [], fields } });
}
