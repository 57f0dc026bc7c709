/**
 * What member clusters hold, in an SQLite file, so that a restart forgets nothing. Secrets are
 * encrypted in it, as AKS encrypts its etcd.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import {
  dataKeyBytes,
  openedText,
  type SealingKeys,
  sealedText,
  sealingKeys,
} from "../../../shared/azure/seal/sealed-text.ts";
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
  const keys = keysIn(`${file}.key`);
  const save = database.prepare("insert or replace into objects values (?, ?, ?)");
  const remove = database.prepare("delete from objects where cluster = ? and id = ?");
  const removeAll = database.prepare("delete from objects where cluster = ?");
  const read = database.prepare("select document from objects where cluster = ?");
  return {
    restore: async ({ fleet, store }) => {
      const rows = read.all(fleet);
      const kept = rows.map(({ document }) => documentIn(String(document), fleet, keys));
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
          if (document.deletedAt === undefined) save.run(fleet, id, textOf(document, fleet, keys));
          else remove.run(fleet, id);
        }
      });
    },
    forget: (clusterId) => void removeAll.run(clusterId.toLowerCase()),
    close: () => database.close(),
  };
}

const sealedMark = "sealed ";

function textOf(document: Document, cluster: string, keys: SealingKeys): string {
  const text = JSON.stringify(document);
  return document.key.kind === "secrets" ? sealedMark + sealedText(text, cluster, keys) : text;
}

function documentIn(text: string, cluster: string, keys: SealingKeys): Document {
  const isSealed = text.startsWith(sealedMark);
  const opened = isSealed ? openedText(text.slice(sealedMark.length), cluster, keys) : text;
  if (opened === undefined)
    throw new Error(`Cannot open a Secret of "${cluster}": its key is gone`);
  return JSON.parse(opened) as Document;
}

function keysIn(file: string): SealingKeys {
  if (!existsSync(file)) writeFileSync(file, randomBytes(dataKeyBytes), { mode: 0o600 });
  return sealingKeys(readFileSync(file));
}
