import { createOperationTable, type OperationTable } from "./operation-table.ts";
import { createResourceTable, type ResourceTable, type StateChange } from "./resource-table.ts";
import { openStateFile } from "./state-file.ts";

/** All that the simulated cloud remembers. */
export interface State extends ResourceTable, OperationTable {
  /** Keeps a value that is neither resource nor operation. */
  readonly note: (name: string, value: unknown) => void;
  readonly noted: (name: string) => unknown;
  readonly watch: (listener: (change: StateChange) => void) => () => void;
  readonly close: () => void;
}

/** Kept in memory, and in `file` (SQLite, written with each change) when one is named. */
export function openState(file: string | undefined): State {
  const disk = openStateFile(file);
  const listeners = new Set<(change: StateChange) => void>();
  const tell = (change: StateChange) => {
    for (const listener of listeners) listener(change);
  };
  const notes = new Map(disk.entries("note"));
  return {
    ...createResourceTable(disk, tell),
    ...createOperationTable(disk),
    note: (name, value) => {
      notes.set(name, value);
      disk.save("note", name, value);
    },
    noted: (name) => notes.get(name),
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: disk.close,
  };
}

/** ARM compares names, types and regions without their case. */
export function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
