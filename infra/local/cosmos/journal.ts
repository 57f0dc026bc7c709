import { DatabaseSync } from "node:sqlite";
import type { ContainerDefinition, DatabaseDefinition } from "./definitions.ts";
import type { StoredItem } from "./item.ts";
import type { Change } from "./replica.ts";

/** Raised with each change of the tables; a file of another version is refused. */
const schemaVersion = 1;

/**
 * Where the endpoint's state outlives its process.
 *
 * Changes are recorded in memory and committed together once per turn of the event loop; an answer
 * waits for `settled`, so nothing is acknowledged, or shown to a reader, that a crash can undo.
 */
export interface Journal {
  load(): JournalContent;
  addDatabase(definition: DatabaseDefinition): void;
  addContainer(container: JournaledContainer): void;
  record(container: JournaledContainer, changes: readonly Change[]): void;
  /**
   * Resolves when everything recorded so far is committed; undefined when it already is. Rejects,
   * from then on always, when the file cannot be written: memory is ahead of the file, and only a
   * restart makes them equal again.
   */
  settled(): Promise<void> | undefined;
  close(): void;
}

export interface JournaledContainer {
  readonly number: number;
  readonly database: string;
  readonly definition: ContainerDefinition;
  readonly lsn: number;
}

export interface JournalContent {
  readonly databases: readonly DatabaseDefinition[];
  readonly containers: readonly (JournaledContainer & { readonly items: readonly StoredItem[] })[];
  /** The highest rid ever given, deleted items included. */
  readonly lastRid: number;
}

/** A journal that forgets: the endpoint lives in memory only. */
export function memoryJournal(): Journal {
  return {
    load: () => ({ databases: [], containers: [], lastRid: 0 }),
    addDatabase: () => {},
    addContainer: () => {},
    record: () => {},
    settled: () => undefined,
    close: () => {},
  };
}

const tables = `
  CREATE TABLE IF NOT EXISTS databases(id TEXT PRIMARY KEY, definition TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS containers(
    number INTEGER PRIMARY KEY, databaseId TEXT, definition TEXT, lsn INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS items(
    rid INTEGER PRIMARY KEY AUTOINCREMENT, container INTEGER, partitionKey TEXT, id TEXT,
    lsn INTEGER, writtenAtSeconds INTEGER, expiresAtSeconds INTEGER, etag TEXT, text TEXT,
    bytes INTEGER) STRICT;
`;

/**
 * A journal in one SQLite file, held by one process at a time.
 *
 * The write-ahead log is not flushed to the disk on each commit: the death of the process loses
 * nothing that was acknowledged, the death of the machine may lose its last moments.
 *
 * @throws Error when another process holds the file or another version wrote it.
 */
export function sqliteJournal(file: string): Journal {
  const database = openFile(file);
  const statements = prepare(database);
  let changed = new Map<number, PendingItem>();
  let sequences = new Map<number, number>();
  let pending: Promise<void> | undefined;

  function flush(): void {
    if (changed.size === 0 && sequences.size === 0) return;
    const items = changed;
    const lsns = sequences;
    changed = new Map();
    sequences = new Map();
    database.exec("BEGIN IMMEDIATE");
    for (const [rid, { container, item }] of items) {
      if (item === undefined) statements.remove.run(rid);
      else statements.put.run(...rowOf(container, item));
    }
    for (const [container, lsn] of lsns) statements.sequence.run(lsn, container);
    database.exec("COMMIT");
  }

  /** A failed flush leaves `pending` rejected for good. */
  function flushLater(): Promise<void> {
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          flush();
          pending = undefined;
          resolve();
        } catch (error) {
          reject(new Error(`Cannot write journal "${file}"`, { cause: error }));
        }
      });
    });
  }

  return {
    load: () => load(database),
    addDatabase: (each) => void statements.database.run(each.id, JSON.stringify(each)),
    addContainer({ number, database: owner, definition, lsn }) {
      statements.container.run(number, owner, JSON.stringify(definition), lsn);
    },
    record(container, changes) {
      for (const { before, after } of changes) {
        const rid = after?.rid ?? before?.rid;
        if (before !== undefined && before.rid !== rid) {
          changed.set(before.rid, { container: container.number, item: undefined });
        }
        if (rid !== undefined) changed.set(rid, { container: container.number, item: after });
      }
      sequences.set(container.number, container.lsn);
      pending ??= flushLater();
      // Whoever waits hears of a failure; with nobody waiting it must not end the process.
      pending.catch(() => {});
    },
    settled: () => pending,
    close() {
      flush();
      database.close();
    },
  };
}

interface PendingItem {
  readonly container: number;
  readonly item: StoredItem | undefined;
}

function openFile(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 500 });
  try {
    database.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL");
    database.exec("PRAGMA synchronous=NORMAL");
    const row = database.prepare("PRAGMA user_version").get();
    const version = Number(row?.["user_version"]);
    if (version !== 0 && version !== schemaVersion) {
      throw new Error(`its version is ${version}: must be ${schemaVersion}`);
    }
    database.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version=${schemaVersion}; COMMIT`);
  } catch (error) {
    database.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot open journal "${file}": ${reason}`, { cause: error });
  }
  return database;
}

function prepare(database: DatabaseSync) {
  return {
    database: database.prepare("INSERT INTO databases VALUES(?, ?)"),
    container: database.prepare("INSERT INTO containers VALUES(?, ?, ?, ?)"),
    put: database.prepare("INSERT OR REPLACE INTO items VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    remove: database.prepare("DELETE FROM items WHERE rid = ?"),
    sequence: database.prepare("UPDATE containers SET lsn = ? WHERE number = ?"),
  };
}

function rowOf(container: number, item: StoredItem): (string | number | null)[] {
  return [
    item.rid,
    container,
    item.partitionKey,
    item.id,
    item.lsn,
    item.writtenAtSeconds,
    item.expiresAtSeconds ?? null,
    item.etag,
    item.text,
    item.bytes,
  ];
}

type Row = Readonly<Record<string, unknown>>;

function load(database: DatabaseSync): JournalContent {
  const items = new Map<number, StoredItem[]>();
  for (const row of database.prepare("SELECT * FROM items ORDER BY rid").iterate()) {
    const container = Number(row["container"]);
    const siblings = items.get(container) ?? [];
    siblings.push(itemOf(row));
    items.set(container, siblings);
  }
  const last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'items'").get();
  return {
    databases: database
      .prepare("SELECT definition FROM databases ORDER BY rowid")
      .all()
      .map((row) => JSON.parse(String(row["definition"])) as DatabaseDefinition),
    containers: database
      .prepare("SELECT * FROM containers ORDER BY number")
      .all()
      .map((row) => ({
        number: Number(row["number"]),
        database: String(row["databaseId"]),
        definition: JSON.parse(String(row["definition"])) as ContainerDefinition,
        lsn: Number(row["lsn"]),
        items: items.get(Number(row["number"])) ?? [],
      })),
    lastRid: Number(last?.["seq"] ?? 0),
  };
}

function itemOf(row: Row): StoredItem {
  const expiry = row["expiresAtSeconds"];
  return {
    rid: Number(row["rid"]),
    id: String(row["id"]),
    partitionKey: String(row["partitionKey"]),
    lsn: Number(row["lsn"]),
    writtenAtSeconds: Number(row["writtenAtSeconds"]),
    expiresAtSeconds: expiry === null ? undefined : Number(expiry),
    etag: String(row["etag"]),
    text: String(row["text"]),
    bytes: Number(row["bytes"]),
  };
}
