import type { IndexingPolicy } from "../indexing-policy.ts";
import type { StoredItem } from "../item.ts";
import type { Partition } from "../partition.ts";
import type { JsonObject } from "../wire.ts";
import type { Continuation } from "./continuation.ts";
import { compile, type Parameters } from "./evaluate.ts";
import { type QueryShape, shapeOf } from "./plan.ts";
import type { Condition, Query } from "./syntax.ts";

export interface Run {
  readonly query: Query;
  readonly parameters: Parameters;
  readonly policy: IndexingPolicy;
  /** In the order in which they are read; one, when the request names a partition key. */
  readonly partitions: readonly Partition[];
  readonly rowsMax: number;
  readonly from: Continuation | undefined;
}

/** A run with all that is worked out once for it. */
export interface PreparedRun extends Run {
  readonly shape: QueryShape;
  /** The part of the condition that the service's index decides. */
  readonly admits: (body: JsonObject) => boolean;
  /** The part for which items must be loaded; undefined when there is none. */
  readonly residual: ((body: JsonObject) => boolean) | undefined;
  readonly tally: Tally;
}

/** The work of a run so far. */
export interface Tally {
  returnedBytes: number;
  discarded: number;
  discardedBytes: number;
  counted: number;
}

/** @throws Refusal (400) for what the indexing policy or the parameters do not allow. */
export function prepareRun(run: Run): PreparedRun {
  const shape = shapeOf(run.query, run.parameters, run.policy);
  return {
    ...run,
    shape,
    admits: compiled(shape.indexed, run.parameters) ?? (() => true),
    residual: compiled(shape.residual, run.parameters),
    tally: { returnedBytes: 0, discarded: 0, discardedBytes: 0, counted: 0 },
  };
}

/** Counts the load of an item that was read only to be dropped. */
export function discard(tally: Tally, item: StoredItem): void {
  tally.discarded += 1;
  tally.discardedBytes += item.bytes;
}

function compiled(condition: Condition | undefined, parameters: Parameters) {
  if (condition === undefined) return undefined;
  const test = compile(condition, parameters);
  return (body: JsonObject) => test(body) === true;
}
