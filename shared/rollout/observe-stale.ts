import type { Store } from "../effects/store.ts";
import type { Document, FleetId } from "../lib/document.ts";
import type { KeptSnapshot, Placement } from "../placement/model.ts";
import { wantingRef } from "./binding-change.ts";
import { type Binding, bindingKind, type Counts, snapshotCountsKey } from "./model.ts";

export interface StaleQuery {
  readonly fleet: FleetId;
  readonly placement: Placement;
  /** The name of the newest snapshot. */
  readonly newest: string;
  /** At most so many. */
  readonly limit: number;
}

/**
 * Bindings that want an older snapshot than the newest, those that are not ready first. It reads
 * no more than the caller will move, whatever the size of the fleet.
 */
export async function readStale(
  { fleet, placement, newest, limit }: StaleQuery,
  store: Store,
): Promise<readonly Document<Binding>[]> {
  const older = (placement.scheduling?.snapshots ?? []).filter(({ name }) => name !== newest);
  const wanted = await Promise.all(
    older.map(async (each) => ((await countsOf(fleet, each, store))?.started ?? 0) > 0),
  );
  const refs = older
    .filter((_, index) => wanted[index])
    .flatMap(({ name }) => [wantingRef(name, "unready"), wantingRef(name, "ready")])
    .toSorted(unreadyFirst);
  const stale: Document<Binding>[] = [];
  for (const ref of refs) {
    const left = limit - stale.length;
    if (left <= 0) break;
    const page = await store.list({ fleet, kind: bindingKind, ref, limit: left });
    stale.push(...page.documents);
  }
  return stale;
}

const unreadyFirst = (left: string, right: string): number =>
  Number(right.endsWith(":unready")) - Number(left.endsWith(":unready"));

async function countsOf(
  fleet: FleetId,
  { name }: KeptSnapshot,
  store: Store,
): Promise<Counts["counts"] | undefined> {
  return (await store.read(snapshotCountsKey(fleet, name)))?.body.counts;
}
