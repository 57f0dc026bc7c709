import { bodyOf, type StoredItem } from "../item.ts";
import type { Partition } from "../partition.ts";
import { candidates } from "./candidates.ts";
import { planFor, type QueryShape } from "./plan.ts";
import { discard, type PreparedRun } from "./prepared-run.ts";
import type { AggregateName, Path } from "./syntax.ts";
import { compareValues, isScalar, type Scalar, valueAt } from "./values.ts";

export interface Aggregate {
  readonly name: AggregateName;
  readonly path: Path | undefined;
}

/**
 * The value of an aggregate over one partition, or undefined where there is none: the smallest of
 * nothing, or a sum over what is not a number. Items without the path do not take part.
 */
export function aggregate(run: PreparedRun, { name, path }: Aggregate): Scalar | undefined {
  if (name === "COUNT" || path === undefined) return count(run);
  if (name === "SUM") return sum(run, path);
  return extreme(run, path, name);
}

function count(run: PreparedRun): number {
  const [partition] = run.partitions;
  if (run.query.where === undefined) {
    run.tally.counted += partition?.items.size ?? 0;
    return partition?.items.size ?? 0;
  }
  return [...matching(run, run.shape, undefined)].length;
}

function sum(run: PreparedRun, path: Path): number | undefined {
  let total = 0;
  for (const item of matching(run, run.shape, path)) {
    const value = valueAt(bodyOf(item), path);
    if (value === undefined) continue;
    if (typeof value !== "number") return undefined;
    total += value;
  }
  return total;
}

/** The first value in the order of the path, which an index serves without visiting the rest. */
function extreme(run: PreparedRun, path: Path, name: "MIN" | "MAX"): Scalar | undefined {
  if (!run.policy.covers(path)) return scannedExtreme(run, path, name);
  const index = { kind: "values", paths: [{ path, descending: false }] } as const;
  const shape = { ...run.shape, order: { index, backwards: name === "MAX" } };
  for (const item of matching(run, shape, path)) {
    const value = valueAt(bodyOf(item), path);
    if (isScalar(value)) return value;
  }
  return undefined;
}

function scannedExtreme(run: PreparedRun, path: Path, name: "MIN" | "MAX"): Scalar | undefined {
  const sign = name === "MIN" ? 1 : -1;
  let found: Scalar | undefined;
  for (const item of matching(run, run.shape, path)) {
    const value = valueAt(bodyOf(item), path);
    if (!isScalar(value)) continue;
    if (found === undefined || sign * compareValues(value, found) < 0) found = value;
  }
  return found;
}

/** Items that match; without a look at items that the index cannot decide, each is only counted. */
function* matching(
  run: PreparedRun,
  shape: QueryShape,
  path: Path | undefined,
): Iterable<StoredItem> {
  const { residual, tally, admits } = run;
  const loads = residual !== undefined || (path !== undefined && !run.policy.covers(path));
  for (const partition of run.partitions) {
    for (const item of itemsOf(partition)) {
      if (loads) discard(tally, item);
      else tally.counted += 1;
      if (residual === undefined || residual(bodyOf(item))) yield item;
    }
  }

  function itemsOf(partition: Partition): Iterable<StoredItem> {
    // An order is asked for only by who stops at the first.
    const wanted = shape.order === undefined ? Number.POSITIVE_INFINITY : 1;
    const plan = planFor(partition, shape, wanted);
    return candidates({ partition, shape, plan, admits, after: undefined });
  }
}
