import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Where the state goes that has to outlive the process: documents by kind and key. */
export interface StateFile {
  readonly save: (kind: string, key: string, value: unknown) => void;
  readonly remove: (kind: string, key: string) => void;
  /** In the order in which they were first saved. */
  readonly entries: (kind: string) => readonly (readonly [key: string, value: unknown])[];
  readonly all: (kind: string) => readonly unknown[];
  readonly close: () => void;
}

/** An SQLite file, or nothing at all when `file` is undefined. */
export function openStateFile(file: string | undefined): StateFile {
  if (file === undefined) return forgetful;
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  // What a crash of the machine loses is a simulation; a crash of the process loses nothing.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;");
  database.exec(
    "CREATE TABLE IF NOT EXISTS documents (" +
      "place INTEGER PRIMARY KEY, kind TEXT, key TEXT, value TEXT, UNIQUE (kind, key))",
  );
  const upsert = database.prepare(
    "INSERT INTO documents (kind, key, value) VALUES (?, ?, ?) " +
      "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
  );
  const erase = database.prepare("DELETE FROM documents WHERE kind = ? AND key = ?");
  const select = database.prepare("SELECT key, value FROM documents WHERE kind = ? ORDER BY place");
  const entries: StateFile["entries"] = (kind) =>
    select.all(kind).map((row) => [String(row["key"]), JSON.parse(String(row["value"]))] as const);
  return {
    save: (kind, key, value) => void upsert.run(kind, key, JSON.stringify(value)),
    remove: (kind, key) => void erase.run(kind, key),
    entries,
    all: (kind) => entries(kind).map(([, value]) => value),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

const forgetful: StateFile = {
  save: () => undefined,
  remove: () => undefined,
  entries: () => [],
  all: () => [],
  close: () => undefined,
};
