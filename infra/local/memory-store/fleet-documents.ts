/** The documents of one fleet, indexed by what they are looked up by. */
import { idRange } from "../../../shared/azure/fleet-log/id-range.ts";
import type { ListQuery } from "../../../shared/effects/store.ts";
import { type Document, itemId, type Kind, type Revision } from "../../../shared/lib/document.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import { type SortedIds, sortedIds } from "./sorted-ids.ts";

export interface FleetDocuments {
  get(id: string): Document | undefined;
  /** Creates or replaces; a document with `deletedAt` takes the place of the one with its key. */
  put(document: Document): void;
  /** In the order of their ids. */
  list(query: Omit<ListQuery<unknown>, "fleet" | "limit">): readonly string[];
  ofKind(kind: Kind): readonly Document[];
  withRef(ref: string): readonly Document[];
  withWakeAt(): readonly Document[];
  /** Tombstones among them; oldest first. */
  changedAfter(revision: Revision): Iterable<Document>;
  lastChangeOf(kind: Kind): Revision;
  forgetTombstones(deletedBefore: Instant): void;
}

/** The log is rewritten when so many of its entries are outdated, and more than half. */
const outdatedMax = 1_000;

export function fleetDocuments(): FleetDocuments {
  const byId = new Map<string, Document>();
  const tombstones = new Map<string, Document>();
  const idsByKind = new Map<Kind, SortedIds>();
  const idsByRef = new Map<string, Set<string>>();
  const waking = new Set<string>();
  const lastChanges = new Map<Kind, Revision>();
  let log: Document[] = [];

  const isCurrent = (document: Document) =>
    (document.deletedAt === undefined
      ? byId.get(itemId(document.key))
      : tombstones.get(tombstoneId(document))) === document;

  function compact(): void {
    const current = byId.size + tombstones.size;
    if (log.length - current > Math.max(outdatedMax, current)) log = log.filter(isCurrent);
  }

  function unlink(id: string): void {
    const before = byId.get(id);
    if (before === undefined) return;
    for (const ref of before.refs) {
      const ids = idsByRef.get(ref);
      ids?.delete(id);
      if (ids?.size === 0) idsByRef.delete(ref);
    }
    waking.delete(id);
  }

  function link(id: string, document: Document): void {
    for (const ref of document.refs) entry(idsByRef, ref, () => new Set()).add(id);
    if (document.wakeAt !== undefined) waking.add(id);
    if (!byId.has(id)) entry(idsByKind, document.key.kind, sortedIds).add(id);
    byId.set(id, document);
  }

  const found = (id: string) => byId.get(id) as Document;
  return {
    get: (id) => byId.get(id),
    put(document) {
      const id = itemId(document.key);
      unlink(id);
      if (document.deletedAt === undefined) link(id, document);
      else {
        byId.delete(id);
        idsByKind.get(document.key.kind)?.remove(id);
        tombstones.delete(tombstoneId(document));
        tombstones.set(tombstoneId(document), document);
      }
      log.push(document);
      lastChanges.set(document.key.kind, document.revision);
      compact();
    },
    list({ kind, namespace, ref, after }) {
      const { from, to } = idRange(kind, namespace, after);
      if (ref === undefined) return idsByKind.get(kind)?.range(from, to) ?? [];
      return [...(idsByRef.get(ref) ?? [])].filter((id) => id >= from && id < to).sort();
    },
    ofKind: (kind) => {
      const { from, to } = idRange(kind);
      return (idsByKind.get(kind)?.range(from, to) ?? []).map(found);
    },
    withRef: (ref) => [...(idsByRef.get(ref) ?? [])].map(found),
    withWakeAt: () => [...waking].map(found),
    *changedAfter(revision) {
      for (let at = firstAfter(log, revision); at < log.length; at++) {
        const document = log[at] as Document;
        if (isCurrent(document)) yield document;
      }
    },
    lastChangeOf: (kind) => lastChanges.get(kind) ?? 0,
    forgetTombstones(deletedBefore) {
      for (const [id, { deletedAt }] of tombstones) {
        if (deletedAt === undefined || deletedAt >= deletedBefore) return;
        tombstones.delete(id);
      }
    },
  };
}

/** A tombstone does not hide a later object of the same name. */
function tombstoneId({ key, uid }: Document): string {
  return `${itemId(key)}:${uid}`;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function firstAfter(log: readonly Document[], revision: Revision): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log[middle] as Document).revision <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
