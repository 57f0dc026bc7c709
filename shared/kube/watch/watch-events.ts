import type { Change, Document, Revision } from "../../lib/document.ts";
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

/** A client has objects as they were at some revision of these, the last included. */
export interface Seen {
  readonly from: Revision;
  /** It knows all of the commits up to here that wrote one document of the kind only. */
  readonly whole: Revision;
  readonly to: Revision;
}

/**
 * `start`: what the client brings. It knows everything up to `from`, and may have got objects as
 * they were at any revision up to `to` from a list; so the end of such an object is told even when
 * nobody knows whether the client had it.
 */
export function eventMaker(scope: Scope, start: Seen): EventMaker {
  const { labels, fields } = scope.options;
  const canStopMatching = labels.length > 0 || !fields.every(isFixed);
  /** Whether the client has the object, by uid; only kept where objects can stop matching. */
  const remembered = new Map<string, boolean>();
  /** An object that is not remembered was not told since the start, or was forgotten here. */
  let forgottenAt = 0;

  const remember = (uid: string, isTold: boolean, told: Revision): void => {
    if (!canStopMatching) return;
    if (remembered.size >= rememberedMax) {
      remembered.clear();
      forgottenAt = told;
    }
    remembered.set(uid, isTold);
  };

  /** Undefined where nobody knows. */
  const isKnown = (document: Document): boolean | undefined => {
    if (!canStopMatching) return undefined;
    const seen = { ...start, to: Math.max(start.to, forgottenAt) };
    return remembered.get(document.uid) ?? wasSelected(document as Document<KubeBody>, scope, seen);
  };

  const eventOf = async (document: Document, told: Revision): Promise<ObjectEvent | undefined> => {
    const object = await viewOf(document, scope);
    if (!matchesFixed(object, scope)) return undefined;
    const { uid, createdRevision, deletedAt } = document;
    const before = isKnown(document);
    const isThere = deletedAt === undefined && isSelected(object, scope);
    if (deletedAt === undefined) remember(uid, isThere, told);
    else remembered.delete(uid);
    if (isThere) {
      const hasIt = before ?? createdRevision <= told;
      return { type: hasIt ? "MODIFIED" : "ADDED", object };
    }
    // One event too many is ignored, one too few leaves the client with an object for ever.
    const mayHaveIt = before ?? createdRevision <= Math.max(told, start.to);
    return mayHaveIt ? { type: "DELETED", object } : undefined;
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

/** Whether a client of the scope has the object; undefined where its document does not tell. */
function wasSelected(
  document: Document<KubeBody>,
  { options }: Scope,
  seen: Seen,
): boolean | undefined {
  const { createdRevision } = document;
  const { from, to } = seen;
  if (createdRevision > to) return false;
  const labels = labelsDuring(document, { ...seen, from: Math.max(from, createdRevision) });
  if (labels === undefined) return undefined;
  const matching = labels.filter((each) => matchesLabels(options.labels, each));
  if (matching.length === 0) return false;
  const isSure = createdRevision <= from && options.fields.every(isFixed);
  return isSure && matching.length === labels.length ? true : undefined;
}

type Labels = Readonly<Record<string, string>>;

/** All the labels that a document had at the revisions; undefined where nobody remembers. */
function labelsDuring(
  { relabelled, body }: Document<KubeBody>,
  seen: Seen,
): readonly Labels[] | undefined {
  const now = body.metadata.labels ?? {};
  if (relabelled === undefined || isBefore(relabelled.at, seen)) return [now];
  const { at, before } = relabelled;
  if (before === undefined || !isBefore(before.since, seen)) return undefined;
  return at.revision > seen.to ? [before.labels] : [before.labels, now];
}

function isBefore({ revision, sharesRevision }: Change, { from, whole }: Seen): boolean {
  return revision <= (sharesRevision === true ? from : Math.max(from, whole));
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
