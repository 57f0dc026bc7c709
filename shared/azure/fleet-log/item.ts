/**
 * How a document lies in Cosmos DB. An item id never begins with "@", since ids of documents are
 * percent-encoded: so "@revision", a fleet's head, and "@deleted:…", its tombstones, meet no
 * document.
 */
import {
  type Document,
  type FleetId,
  itemId,
  type Kind,
  type Relabelled,
} from "../../lib/document.ts";
import type { Instant } from "../../lib/instant.ts";
import { frozen } from "./frozen.ts";

export interface DocumentItem {
  readonly id: string;
  /** The partition key. */
  readonly fleet: FleetId;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly revision: number;
  readonly sharesRevision?: true;
  readonly createdRevision: number;
  readonly createdAt: Instant;
  readonly generation: number;
  readonly wakeAt?: Instant;
  readonly deletedAt?: Instant;
  readonly refs: readonly string[];
  readonly relabelled?: Relabelled;
  readonly body: unknown;
  /** Seconds from its last write until Cosmos removes it; tombstones only. */
  readonly ttl?: number;
}

export const headId = "@revision";

export function documentItem(document: Document): DocumentItem {
  const { key, ...rest } = document;
  return { id: itemId(key), ...key, ...rest };
}

/** A tombstone is an item of its own, so a document of the same name can be created again. */
export function tombstoneItem(tombstone: Document, ttl: number): DocumentItem {
  const item = documentItem(tombstone);
  return { ...item, id: `@deleted:${item.id}:${encodeURIComponent(tombstone.uid)}`, ttl };
}

/**
 * The document of an item as Cosmos returns it or its change feed delivers it; undefined for an
 * item that is none, such as a fleet's head.
 */
export function documentOf<Body = unknown>(item: unknown): Document<Body> | undefined {
  if (!isDocumentItem(item)) return undefined;
  const { fleet, kind, namespace, name, uid, revision, createdRevision, createdAt } = item;
  const { sharesRevision, generation, wakeAt, deletedAt, refs, relabelled, body } = item;
  return frozen({
    key: {
      fleet,
      kind: kind as Kind<Body>,
      ...(namespace !== undefined && { namespace }),
      name,
    },
    uid,
    createdAt,
    createdRevision,
    revision,
    ...(sharesRevision !== undefined && { sharesRevision }),
    generation,
    ...(wakeAt !== undefined && { wakeAt }),
    ...(deletedAt !== undefined && { deletedAt }),
    refs,
    ...(relabelled !== undefined && { relabelled }),
    body: body as Body,
  });
}

function isDocumentItem(item: unknown): item is DocumentItem {
  if (typeof item !== "object" || item === null) return false;
  const { id, fleet, kind, name, revision } = item as Partial<DocumentItem>;
  return (
    typeof id === "string" &&
    id !== headId &&
    typeof fleet === "string" &&
    typeof kind === "string" &&
    typeof name === "string" &&
    typeof revision === "number"
  );
}
