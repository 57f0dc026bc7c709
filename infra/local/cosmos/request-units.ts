/**
 * What a request costs, in request units.
 *
 * Point reads and writes follow the tables of "Understand request unit consumption" (Microsoft,
 * 2026-04): a base by size, 0.2 per indexed term, a replace as a delete and an insert of the terms
 * that changed, 0.4 more per patch operation, a change feed as its point reads. Reads on an account
 * with strong consistency cost twice. Queries, misses, conflicts and empty polls have no published
 * figure: theirs are assumptions, chosen so that a query that an index does not serve costs what
 * "Troubleshoot query issues" shows for one (60,951 items of 6.5 KB loaded for 7: 4,060 units).
 * Compare with these figures; never bill from them.
 */
export const charges = {
  metadata: 1,
  perTerm: 0.2,
  perPatchOperation: 0.4,
  miss: 1,
  conflict: 1.24,
  notModified: 1,
  emptyFeed: 1,
  queryBase: 2.25,
  queryPerReturnedKb: 0.045,
  queryPerCounted: 0.001,
  queryPerDiscarded: 0.03,
  queryPerDiscardedKb: 0.0057,
} as const;

/** Units for items of 1, 2, 4, ... 2,048 KB; sizes between are interpolated. */
const reads = [1, 1.04, 1.14, 1.33, 1.67, 2.19, 4.76, 9.95, 20.28, 40.95, 145.9, 291.8];
const writes = [4.95, 6.29, 6.67, 7.04, 9.52, 11.23, 22.67, 48.19, 98.29, 184.57, 625, 1250];

export function readCharge(bytes: number): number {
  return rounded(bySize(reads, bytes));
}

/** A create; a delete costs as much. */
export function insertCharge(bytes: number, terms: ReadonlySet<string>): number {
  return rounded(bySize(writes, bytes) + terms.size * charges.perTerm);
}

export interface Replaced {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly termsBefore: ReadonlySet<string>;
  readonly termsAfter: ReadonlySet<string>;
  readonly patchOperations: number;
}

export function replaceCharge(replaced: Replaced): number {
  const { bytesBefore, bytesAfter, termsBefore, termsAfter, patchOperations } = replaced;
  const terms = missingFrom(termsAfter, termsBefore) + missingFrom(termsBefore, termsAfter);
  const bases = bySize(writes, bytesBefore) + bySize(writes, bytesAfter);
  const patch = patchOperations * charges.perPatchOperation;
  return rounded(bases + terms * charges.perTerm + patch);
}

/** What a query did. `discarded` items were loaded only to find that they do not match. */
export interface QueryWork {
  readonly returnedBytes: number;
  readonly discarded: number;
  readonly discardedBytes: number;
  /** Items that an aggregate counted from the index alone. */
  readonly counted: number;
}

export function queryCharge(work: QueryWork): number {
  return rounded(
    charges.queryBase +
      (work.returnedBytes / 1024) * charges.queryPerReturnedKb +
      work.counted * charges.queryPerCounted +
      work.discarded * charges.queryPerDiscarded +
      (work.discardedBytes / 1024) * charges.queryPerDiscardedKb,
  );
}

export function feedCharge(sizes: readonly number[]): number {
  if (sizes.length === 0) return charges.emptyFeed;
  return rounded(sizes.reduce((sum, bytes) => sum + bySize(reads, bytes), 0));
}

export function rounded(units: number): number {
  return Math.round(units * 100) / 100;
}

function missingFrom(set: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let count = 0;
  for (const each of others) if (!set.has(each)) count += 1;
  return count;
}

function bySize(table: readonly number[], bytes: number): number {
  const kilobytes = Math.max(1, bytes / 1024);
  const step = Math.min(table.length - 2, Math.floor(Math.log2(kilobytes)));
  const low = table[step] ?? 0;
  const high = table[step + 1] ?? low;
  return low + (kilobytes / 2 ** step - 1) * (high - low);
}
