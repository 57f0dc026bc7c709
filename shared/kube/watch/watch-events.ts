import type { Document, Revision } from "../../lib/document.ts";
import { isSelected, type Scope } from "../rest/list.ts";
import { viewOf } from "../rest/present.ts";
import { exactValue } from "../selector/field-selector.ts";
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
 * `mayHaveSeen`: the client may have got objects that were created up to this revision from a list,
 * so the end of such an object is told even when nobody knows whether the client had it.
 */
export function eventMaker(scope: Scope, mayHaveSeen: Revision): EventMaker {
  const { labels, fields } = scope.options;
  const canStopMatching = labels.length > 0 || fields.some(({ path }) => !isFixed(path));
  /** Whether the client has the object, by uid; only kept where objects can stop matching. */
  const remembered = new Map<string, boolean>();
  const remember = (uid: string, isTold: boolean): void => {
    if (!canStopMatching) return;
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(uid, isTold);
  };

  const eventOf = async (document: Document, told: Revision): Promise<ObjectEvent | undefined> => {
    const object = await viewOf(document, scope);
    if (!matchesFixed(object, scope)) return undefined;
    const isThere = document.deletedAt === undefined && isSelected(object, scope);
    const { createdRevision } = document;
    const before = remembered.get(document.uid);
    const isKnown = before ?? createdRevision <= told;
    if (document.deletedAt === undefined) remember(document.uid, isThere);
    else remembered.delete(document.uid);
    if (isThere) return { type: isKnown ? "MODIFIED" : "ADDED", object };
    const mayBeKnown = isKnown || (before === undefined && createdRevision <= mayHaveSeen);
    return mayBeKnown ? { type: "DELETED", object } : undefined;
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

/** Fields that never change in the life of an object. */
function isFixed(path: string): boolean {
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
  const fields = scope.options.fields.filter(({ path }) => isFixed(path));
  return isSelected(object, { ...scope, options: { labels: [], fields } });
}
