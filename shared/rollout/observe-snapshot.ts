import type { Store } from "../effects/store.ts";
import { type FleetId, keyOf } from "../lib/document.ts";
import { type Manifest, type Snapshot, snapshotKind, snapshotPartName } from "./model.ts";

/** So much content of snapshots is kept at hand: a rollout reads one snapshot for each cluster. */
const keptBytesMax = 32 * 1024 * 1024;

interface Kept {
  readonly manifests: readonly Manifest[];
  readonly bytes: number;
}

/** By store: a name is a name of content within one fleet. Those used last stay longest. */
const keptByStore = new WeakMap<Store, Map<string, Kept>>();

/** All objects of a snapshot; undefined when it is gone. */
export async function readSnapshot(
  fleet: FleetId,
  name: string,
  store: Store,
): Promise<readonly Manifest[] | undefined> {
  const kept = keptByStore.get(store) ?? new Map<string, Kept>();
  keptByStore.set(store, kept);
  const id = `${fleet}|${name}`;
  const known = kept.get(id);
  kept.delete(id);
  const found = known ?? (await read(fleet, name, store));
  if (found === undefined) return undefined;
  kept.set(id, found);
  forgetOldest(kept);
  return found.manifests;
}

async function read(fleet: FleetId, name: string, store: Store): Promise<Kept | undefined> {
  const first = await store.read(keyOf(snapshotKind, fleet, name));
  if (first === undefined) return undefined;
  const names = Array.from({ length: (first.body.content?.parts ?? 1) - 1 }, (_, index) =>
    snapshotPartName(name, index + 1),
  );
  const rest = await Promise.all(
    names.map(async (each) => await store.read(keyOf(snapshotKind, fleet, each))),
  );
  const bodies = [first, ...rest].map((each) => each?.body);
  if (!bodies.every((each) => each !== undefined)) return undefined;
  return contentOf(bodies);
}

function contentOf(bodies: readonly Snapshot[]): Kept {
  const manifests = bodies.flatMap(({ spec }) => spec.selectedResources);
  return { manifests, bytes: Buffer.byteLength(JSON.stringify(manifests)) };
}

function forgetOldest(kept: Map<string, Kept>): void {
  let bytes = [...kept.values()].reduce((sum, each) => sum + each.bytes, 0);
  for (const [id, each] of kept) {
    if (bytes <= keptBytesMax || kept.size === 1) return;
    kept.delete(id);
    bytes -= each.bytes;
  }
}
