/**
 * What one binding adds to the counts of its placement and of its snapshots.
 *
 * C1. A count is the sum of what each binding adds, because each commit that changes a binding adds
 *     the difference. Held by test/rollout/counting.test.ts.
 */
import { type FleetId, keyOf, type Write } from "../lib/document.ts";
import { type Binding, type CountName, countsKind, snapshotCountsName } from "./model.ts";

type Added = Readonly<Partial<Record<CountName, number>>>;

/** Differences to counts, by the names of their documents. */
type CountChanges = ReadonlyMap<string, Added>;

/** Ready is what a rollout may rely on when it takes the next cluster. */
export function isReady({ spec, rollout }: Binding): boolean {
  const { outcome, settlesAt } = rollout;
  return spec.state === "Bound" && outcome === "available" && settlesAt === undefined;
}

/** From one binding as it was to as it is; undefined for one that is not there. */
export function countChange(before: Binding | undefined, after: Binding | undefined): CountChanges {
  return sumOf([negated(contributionOf(before)), contributionOf(after)]);
}

function sumOf(changes: readonly CountChanges[]): CountChanges {
  const sums = new Map<string, Partial<Record<CountName, number>>>();
  for (const change of changes) {
    for (const [name, added] of change) sums.set(name, plus(sums.get(name) ?? {}, added));
  }
  return sums;
}

/** Counts as they are after some changes. */
export function countsAfter(
  name: string,
  counts: Added | undefined,
  changes: readonly CountChanges[],
): Added {
  return plus(counts ?? {}, sumOf(changes).get(name) ?? {});
}

/** One write for each document whose counts change. */
export function countWrites(fleet: FleetId, changes: readonly CountChanges[]): readonly Write[] {
  return [...sumOf(changes)].flatMap(([name, added]) => {
    const add = Object.fromEntries(Object.entries(added).filter(([, by]) => by !== 0));
    if (Object.keys(add).length === 0) return [];
    return [{ kind: "count", key: keyOf(countsKind, fleet, name), add } as const];
  });
}

function contributionOf(binding: Binding | undefined): CountChanges {
  if (binding === undefined) return new Map();
  const { spec, rollout } = binding;
  const held = rollout.mayHold.map((name): [string, Added] => [
    snapshotCountsName(name),
    { held: 1 },
  ]);
  if (spec.state === "Unscheduled") return sumOf([new Map(held), leaving(rollout.placement)]);

  const ready = isReady(binding) ? 1 : 0;
  return sumOf([
    new Map(held),
    new Map([[rollout.placement, { bindings: 1, ready }]]),
    new Map([[snapshotCountsName(spec.resourceSnapshotName), progressOf(rollout)]]),
  ]);
}

const leaving = (placement: string): CountChanges => new Map([[placement, { leaving: 1 }]]);

function progressOf({ outcome, unreachable }: Binding["rollout"]): Added {
  const answered = outcome !== "pending";
  return {
    started: 1,
    synchronized: answered ? 1 : 0,
    failed: outcome === "failed" ? 1 : 0,
    applied: outcome === "applied" || outcome === "available" ? 1 : 0,
    available: outcome === "available" ? 1 : 0,
    unreachable: !answered && unreachable !== undefined ? 1 : 0,
  };
}

function plus(left: Added, right: Added): Added {
  const sum: Partial<Record<CountName, number>> = { ...left };
  for (const [name, by] of Object.entries(right) as [CountName, number][]) {
    sum[name] = (sum[name] ?? 0) + by;
  }
  return sum;
}

function negated(changes: CountChanges): CountChanges {
  return new Map(
    [...changes].map(([name, added]) => [
      name,
      Object.fromEntries(Object.entries(added).map(([each, by]) => [each, -by])),
    ]),
  );
}
