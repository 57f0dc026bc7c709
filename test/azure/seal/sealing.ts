/** Stores that seal, over memory, for tests. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { fileKeyWrap, newKeyLine } from "../../../shared/azure/file-key-wrap.ts";
import { dataKeys } from "../../../shared/azure/seal/data-keys.ts";
import { seals } from "../../../shared/azure/seal/seals.ts";
import { sealedStore } from "../../../shared/azure/sealed-store.ts";
import type { KeyWrap } from "../../../shared/effects/key-wrap.ts";
import type { Store } from "../../../shared/effects/store.ts";
import { testClock } from "../../effects/store/subject.ts";

const folders: string[] = [];
afterAll(async () => {
  await Promise.all(folders.splice(0).map((each) => rm(each, { recursive: true, force: true })));
});

/** A file of keys as `infra/local` makes it. */
export async function keyFile(lines = newKeyLine()): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-keys-"));
  folders.push(folder);
  const file = join(folder, "secrets.key");
  await writeFile(file, lines, { mode: 0o600 });
  return file;
}

/** A keeper of keys that counts what it is asked, and can be away. */
export interface WatchedWrap extends KeyWrap {
  calls: { wrap: number; unwrap: number };
  failure: Error | undefined;
}

export async function watchedWrap(): Promise<WatchedWrap> {
  const wrap = fileKeyWrap(await keyFile());
  const watched: WatchedWrap = {
    calls: { wrap: 0, unwrap: 0 },
    failure: undefined,
    async wrap(key) {
      watched.calls.wrap++;
      if (watched.failure !== undefined) throw watched.failure;
      return await wrap.wrap(key);
    },
    async unwrap(wrapped) {
      watched.calls.unwrap++;
      if (watched.failure !== undefined) throw watched.failure;
      return await wrap.unwrap(wrapped);
    },
  };
  return watched;
}

/** A process: its own memory of keys, over the same documents. */
export function processOver(inner: Store, wrap: KeyWrap, clock = testClock()): Store {
  return sealedStore(inner, seals(dataKeys({ store: inner, wrap, clock })));
}

export const innerStore = (clock = testClock()) => memoryStore({ clock });
