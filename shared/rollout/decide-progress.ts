/**
 * Decides how a placement's rollout goes on after one of its bindings changed: who moves to the
 * newest snapshot next, and what the placement's conditions say.
 *
 * It reads sums, never the bindings that they sum, except those that it moves.
 */
import type { Document, Write } from "../lib/document.ts";
import { isEqual } from "../lib/equal.ts";
import type { Instant } from "../lib/instant.ts";
import { newestSnapshot, type Placement } from "../placement/model.ts";
import type { Plan } from "../reconcile/plan.ts";
import { bindingWrites } from "./binding-change.ts";
import type { Binding, Counts } from "./model.ts";
import { placementConditions, scheduledCondition } from "./placement-conditions.ts";
import { rollForward } from "./roll-forward.ts";

export interface ProgressToDecide {
  readonly placement: Document<Placement>;
  readonly counts: Counts["counts"];
  /** Of the newest snapshot. */
  readonly snapshot: Counts["counts"] | undefined;
  /** At most `bindingsPerCommitMax`. */
  readonly stale: readonly Document<Binding>[];
  readonly now: Instant;
}

/** The placement itself has something to do: it is being deleted, and its last binding is gone. */
export interface WakePlacement {
  readonly kind: "wake-placement";
}

export function decideProgress(seen: ProgressToDecide): Plan<WakePlacement> {
  const { placement, counts, stale, now } = seen;
  const { bindings = 0, leaving = 0, ready = 0 } = counts;
  const newest = newestSnapshot(placement.body);
  if (placement.body.metadata.deletionTimestamp !== undefined) {
    const isEmpty = bindings + leaving === 0;
    return {
      writes: [],
      actions: isEmpty ? [{ kind: "wake-placement" }] : [],
      because: isEmpty ? "The last binding is gone" : "Waits for the bindings to go",
    };
  }
  const { rollingUpdate } = placement.body.spec.strategy ?? {};
  const changes =
    newest === undefined
      ? []
      : rollForward({ snapshot: newest.name, stale, bindings, ready, rollingUpdate, now });
  return {
    writes: [
      ...bindingWrites(placement.key.fleet, changes),
      ...(changes.length === 0 ? statusWrite(seen, bindings) : [nextWave(placement)]),
    ],
    actions: [],
    again: changes.length > 0,
    because:
      changes.length > 0
        ? `${changes.length} clusters move to snapshot "${newest?.name}"`
        : "The rollout is as its clusters tell",
  };
}

/** Who else counted on the same clusters to stay as they are loses the race for this. */
function nextWave(placement: Document<Placement>): Write {
  const { scheduling } = placement.body;
  if (scheduling === undefined) throw new TypeError("Cannot roll forward without a snapshot");
  const next = { ...scheduling, waves: scheduling.waves + 1 };
  return { kind: "replace", document: placement, body: { ...placement.body, scheduling: next } };
}

function statusWrite({ placement, snapshot, now }: ProgressToDecide, bindings: number) {
  const { status } = placement.body;
  const scheduled = scheduledCondition(status?.conditions ?? []);
  if (status === undefined || scheduled === undefined) return [];
  const conditions = placementConditions(status.conditions, {
    scheduled,
    bindings,
    snapshot,
    generation: scheduled.observedGeneration ?? placement.generation,
    now,
  });
  if (isEqual(conditions, status.conditions)) return [];
  const body: Placement = { ...placement.body, status: { ...status, conditions } };
  return [{ kind: "replace", document: placement, body } as const];
}
