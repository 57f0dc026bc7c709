import type { Effects } from "../effects/effects.ts";
import { type Key, keyOf } from "../lib/document.ts";
import { newestSnapshot, placementKind } from "../placement/model.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import { bindingsPerCommitMax } from "./binding-change.ts";
import { decideProgress, type ProgressToDecide, type WakePlacement } from "./decide-progress.ts";
import { countsKey, countsKind, snapshotCountsKey } from "./model.ts";
import { readStale } from "./observe-stale.ts";

/**
 * Looks at the counts of a placement, whenever a binding of it changed them. The counts of its
 * snapshots change with them: nobody looks at those.
 */
export const progressController = controller<ProgressToDecide, WakePlacement>({
  observe,
  decide: decideProgress,
  act: async (_action, { placement }, { wakes }) => await wakes.wake([{ key: placement.key }]),
} satisfies Controller<ProgressToDecide, WakePlacement>);

async function observe(
  key: Key,
  effects: Effects,
): Promise<Observed<ProgressToDecide> | undefined> {
  const { store, clock } = effects;
  const { fleet, name } = key;
  // The placement first: whoever moves bindings after this read also changes the placement.
  const placement = await store.read(keyOf(placementKind, fleet, name));
  const all = await store.read(countsKey(fleet, name));
  if (placement === undefined || all === undefined || key.kind !== countsKind) return undefined;

  const newest = newestSnapshot(placement.body);
  const wanting = newest && (await store.read(snapshotCountsKey(fleet, newest.name)))?.body.counts;
  const { counts } = all.body;
  const isBehind = newest !== undefined && (wanting?.started ?? 0) < (counts.bindings ?? 0);
  const stale = isBehind
    ? await readStale(
        { fleet, placement: placement.body, newest: newest.name, limit: bindingsPerCommitMax },
        store,
      )
    : [];
  return { seen: { placement, counts, snapshot: wanting, stale, now: clock.now() } };
}
