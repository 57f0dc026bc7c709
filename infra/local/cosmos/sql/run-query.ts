import { bodyOf, type StoredItem } from "../item.ts";
import { badRequest } from "../refusal.ts";
import type { QueryWork } from "../request-units.ts";
import { aggregate } from "./aggregate.ts";
import { candidates, placeOf } from "./candidates.ts";
import type { Continuation } from "./continuation.ts";
import { constantOf, type Parameters } from "./evaluate.ts";
import { planFor } from "./plan.ts";
import { discard, type PreparedRun, prepareRun, type Run } from "./prepared-run.ts";
import type { Operand, Selection } from "./syntax.ts";
import { type Value, valueAt } from "./values.ts";

/** The service's limit for the body of one answer. */
const pageBytesMax = 4 * 1024 * 1024;

export interface Page {
  /** Each row in JSON. */
  readonly rows: readonly string[];
  readonly next: Continuation | undefined;
  readonly work: QueryWork;
}

/**
 * One page of a query.
 *
 * @throws Refusal (400) for what the indexing policy or the parameters do not allow.
 */
export function runQuery(run: Run): Page {
  const prepared = prepareRun(run);
  const { tally } = prepared;
  const { selection } = run.query;
  if (selection.kind !== "aggregate") return readPage(prepared, selection);
  const value = aggregate(prepared, selection);
  const rows = value === undefined ? [] : [JSON.stringify(value)];
  return { rows, next: undefined, work: tally };
}

type Rows = Exclude<Selection, { kind: "aggregate" }>;

function readPage(run: PreparedRun, selection: Rows): Page {
  const { query, tally, from, shape } = run;
  const count = (operand: Operand | undefined) => countOf(operand, run.parameters);
  const limit = count(query.limit ?? query.top) ?? Number.POSITIVE_INFINITY;
  let skip = from?.skip ?? count(query.offset) ?? 0;
  const rows: string[] = [];
  const taken = from?.taken ?? 0;
  let last: { item: StoredItem; partitionKey: string } | undefined;

  for (const { item, partitionKey } of matches(run, limit + skip)) {
    if (taken + rows.length >= limit) break;
    const full = rows.length >= run.rowsMax || tally.returnedBytes > pageBytesMax;
    if (full && last !== undefined) {
      const after = placeOf(last.item, shape);
      const next = { partitionKey: last.partitionKey, after, skip, taken: taken + rows.length };
      return { rows, next, work: tally };
    }
    last = { item, partitionKey };
    if (skip > 0) {
      skip -= 1;
      discard(tally, item);
      continue;
    }
    const row = rowOf(item, selection);
    if (row === undefined) continue;
    rows.push(row);
    tally.returnedBytes += item.bytes;
  }
  return { rows, next: undefined, work: tally };
}

/** The items that the whole condition lets through, partition after partition. */
function* matches(run: PreparedRun, wanted: number) {
  const { from, shape, residual } = run;
  for (const partition of run.partitions) {
    if (from !== undefined && partition.key < from.partitionKey) continue;
    const after = from?.partitionKey === partition.key ? from.after : undefined;
    const plan = planFor(partition, shape, Math.min(wanted, run.rowsMax));
    const { admits } = run;
    for (const item of candidates({ partition, shape, plan, admits, after })) {
      if (residual === undefined || residual(bodyOf(item))) {
        yield { item, partitionKey: partition.key };
      } else discard(run.tally, item);
    }
  }
}

function rowOf(item: StoredItem, selection: Rows): string | undefined {
  switch (selection.kind) {
    case "all":
      return item.text;
    case "value":
      return JSON.stringify(valueAt(bodyOf(item), selection.path));
    case "columns": {
      const row: Record<string, Value> = {};
      for (const { name, path } of selection.columns) row[name] = valueAt(bodyOf(item), path);
      return JSON.stringify(row);
    }
  }
}

function countOf(operand: Operand | undefined, parameters: Parameters): number | undefined {
  if (operand === undefined) return undefined;
  const count = constantOf(operand, parameters);
  if (typeof count === "number" && Number.isInteger(count) && count >= 0) return count;
  throw badRequest("TOP, OFFSET and LIMIT must be integers of 0 or more.");
}
