/** Reads of documents, each remembered with its ETag so that it can be replaced without a read. */
import type { SqlQuerySpec } from "@azure/cosmos";
import { type ListQuery, type Page, pageDocumentsMax } from "../../effects/store.ts";
import { type Document, type FleetId, itemId, type Key, type Kind } from "../../lib/document.ts";
import type { Instant } from "../../lib/instant.ts";
import { documentOf } from "./item.ts";
import type { Items } from "./items.ts";
import { findQuery, listQuery, overdueQuery, referringQuery } from "./queries.ts";

export interface StoredDocuments {
  read<Body>(key: Key<Body>): Promise<Document<Body> | undefined>;
  list<Body>(query: ListQuery<Body>): Promise<Page<Body>>;
  find<Body>(kind: Kind<Body>, ref?: string): Promise<readonly Document<Body>[]>;
  referring(ref: string): Promise<readonly Key[]>;
  overdue(now: Instant, limit: number): Promise<readonly Key[]>;
  query<Body>(spec: SqlQuerySpec, fleet?: FleetId): Promise<readonly Document<Body>[]>;
}

export function storedDocuments(items: Items, etags: WeakMap<Document, string>): StoredDocuments {
  function stored<Body>(item: unknown, etag: string | undefined): Document<Body> {
    const document = documentOf<Body>(item);
    if (document === undefined) throw new Error("Cannot read item: must be a document");
    if (etag !== undefined) etags.set(document, etag);
    return document;
  }

  async function query<Body>(spec: SqlQuerySpec, fleet?: FleetId) {
    const found = await items.query(spec, fleet === undefined ? {} : { fleet });
    return found.map((item) => stored<Body>(item, (item as { readonly _etag?: string })._etag));
  }

  return {
    query,

    async read<Body>(key: Key<Body>) {
      const found = await items.read(key.fleet, itemId(key));
      return found && stored<Body>(found.item, found.etag);
    },

    async list<Body>(asked: ListQuery<Body>) {
      const size = Math.max(0, Math.min(asked.limit ?? pageDocumentsMax, pageDocumentsMax));
      const found = await query<Body>(listQuery(asked, size + 1), asked.fleet);
      const documents = found.slice(0, size);
      const last = documents.at(-1);
      const hasMore = found.length > size && last !== undefined;
      return { documents, ...(hasMore && { next: itemId(last.key) }) };
    },

    find: async <Body>(kind: Kind<Body>, ref?: string) => await query<Body>(findQuery(kind, ref)),

    referring: async (ref) => keysOf(await items.query(referringQuery(ref))),

    overdue: async (now, limit) => keysOf(await items.query(overdueQuery(now), { limit })),
  };
}

function keysOf(rows: readonly unknown[]): readonly Key[] {
  return rows.map((row) => {
    const { fleet, kind, namespace, name } = row as Key;
    return { fleet, kind, ...(namespace !== undefined && { namespace }), name };
  });
}
