/** What member clusters hold, in an SQLite file, so that a restart forgets nothing. */
import { DatabaseSync } from "node:sqlite";
import { type Document, itemId, type Write } from "../../../shared/lib/document.ts";
import type { MemberCluster } from "../member-cluster/member-cluster.ts";

export interface ClusterFile {
  /** Fills a cluster with what was kept, and keeps what it will hold. */
  readonly restore: (cluster: MemberCluster) => Promise<void>;
  readonly forget: (clusterId: string) => void;
  readonly close: () => void;
}

const writesPerCommit = 50;

export function openClusterFile(file: string): ClusterFile {
  const database = new DatabaseSync(file);
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists objects (
      cluster text not null, id text not null, document text not null, primary key (cluster, id)
    ) without rowid;
  `);
  const save = database.prepare("insert or replace into objects values (?, ?, ?)");
  const remove = database.prepare("delete from objects where cluster = ? and id = ?");
  const removeAll = database.prepare("delete from objects where cluster = ?");
  const read = database.prepare("select document from objects where cluster = ?");
  return {
    restore: async ({ fleet, store }) => {
      const kept = read.all(fleet).map(({ document }) => JSON.parse(String(document)) as Document);
      for (let from = 0; from < kept.length; from += writesPerCommit) {
        const writes = await Promise.all(
          kept.slice(from, from + writesPerCommit).map(async (document): Promise<Write> => {
            const { key, body, uid, refs } = document;
            const there = await store.read(key);
            return there === undefined
              ? { kind: "create", key, body, uid, refs }
              : { kind: "replace", document: there, body };
          }),
        );
        await store.commit({ fleet, writes });
      }
      store.onCommit(({ documents }) => {
        for (const document of documents) {
          const id = itemId(document.key);
          if (document.deletedAt === undefined) save.run(fleet, id, JSON.stringify(document));
          else remove.run(fleet, id);
        }
      });
    },
    forget: (clusterId) => void removeAll.run(clusterId.toLowerCase()),
    close: () => database.close(),
  };
}
