import type { Document, Revision } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { isSelected, type Scope } from "../rest/list.ts";
import { viewOf } from "../rest/present.ts";
import { exactValue } from "../selector/field-selector.ts";
import { matchesLabels } from "../selector/label-selector.ts";
import type { KubeObject } from "../served-kind.ts";
import { labelsDuring, type Span } from "./label-history.ts";

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
   * The events of documents as they are after `known`, up to which the client had all events. An
   * object that no longer matches the selectors is told as deleted.
   */
  readonly eventsOf: (
    documents: readonly Document[],
    known: Revision,
  ) => Promise<readonly ObjectEvent[]>;
}

/**
 * What a client brings to its watch: objects as they were at any revision of the span. Its own
 * revision says little about a single object. Of changes that follow each other closely only the
 * newest state is told, in its place, so a client that was cut off before that has an older state;
 * and a list, which reads its revision first, may show newer ones.
 */
export interface Brought extends Span {
  /** The client's own revision: of most objects it has the state of then. */
  readonly since: Revision;
}

export function eventMaker(scope: Scope, brought: Brought): EventMaker {
  const { labels, fields } = scope.options;
  const canStopMatching = labels.length > 0 || !fields.every(isFixed);
  /** Whether the client has the object, by uid; of those that the client brought, once seen. */
  const remembered = new Map<string, boolean>();
  /** An object that is not remembered was not told since the start, or was forgotten here. */
  let forgottenAt = 0;

  const remember = ({ uid, createdRevision, revision }: Document, isTold: boolean): void => {
    if (!canStopMatching && createdRevision <= brought.since) return;
    if (remembered.size >= rememberedMax) {
      remembered.clear();
      forgottenAt = revision;
    }
    remembered.set(uid, isTold);
  };

  const matches = (each: Readonly<Record<string, string>>): boolean => matchesLabels(labels, each);

  /** The best guess, for which a wrong one costs little: `ADDED` and `MODIFIED` bring the same. */
  const hadIt = (document: Document<KubeBody>, known: Revision): boolean => {
    const at = Math.max(known, forgottenAt);
    if (document.createdRevision > at) return false;
    return labelsDuring(document, { from: at, to: at })?.some(matches) ?? true;
  };

  /** One event too many is ignored, one too few leaves the client with an object for ever. */
  const mayHaveIt = (document: Document<KubeBody>): boolean => {
    const to = Math.max(brought.to, forgottenAt);
    if (document.createdRevision > to) return false;
    return labelsDuring(document, { from: brought.from, to })?.some(matches) ?? true;
  };

  const eventOf = async (
    document: Document<KubeBody>,
    known: Revision,
  ): Promise<ObjectEvent | undefined> => {
    const object = await viewOf(document, scope);
    if (!matchesFixed(object, scope)) return undefined;
    const { uid, deletedAt } = document;
    const wasTold = remembered.get(uid);
    const isThere = deletedAt === undefined && isSelected(object, scope);
    if (deletedAt === undefined) remember(document, isThere);
    else remembered.delete(uid);
    if (isThere)
      return { type: (wasTold ?? hadIt(document, known)) ? "MODIFIED" : "ADDED", object };
    return (wasTold ?? mayHaveIt(document)) ? { type: "DELETED", object } : undefined;
  };

  return {
    eventsOf: async (documents, known) => {
      const events: ObjectEvent[] = [];
      for (const document of documents) {
        if (!isInScope(document, scope)) continue;
        const event = await eventOf(document as Document<KubeBody>, known);
        if (event !== undefined) events.push(event);
      }
      return events;
    },
  };
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
