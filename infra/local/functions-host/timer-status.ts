import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * When a timer ran last and is to run next, as ISO 8601 instants; `Last` of the year 1 means never.
 * The names are those that the runtime keeps and that handlers see, in camel case.
 */
export interface TimerStatus {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

/** Where a timer remembers between runs of the host that it missed one. */
export interface TimerStatusStore {
  read(): Promise<TimerStatus | undefined>;
  save(status: TimerStatus): Promise<void>;
}

/** Keeps the status in a file; a file without a well-formed status counts as none. */
export function timerStatusFile(file: string): TimerStatusStore {
  return {
    read: async () => {
      try {
        const status = JSON.parse(await readFile(file, "utf8")) as TimerStatus;
        const instants = [status.Last, status.Next, status.LastUpdated];
        return instants.every((each) => !Number.isNaN(Date.parse(each))) ? status : undefined;
      } catch {
        return undefined;
      }
    },
    save: async (status) => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify(status));
      await rename(`${file}.new`, file);
    },
  };
}
