import type { StoredItem } from "./item.ts";
import { createPartition, type Partition } from "./partition.ts";
import { type SortedList, sortedList } from "./sorted-list.ts";

/** What one write does to one item: `after` is missing when it is deleted. */
export interface Change {
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
}

/** The changes that one write or batch makes visible together. */
export interface Commit {
  readonly lsn: number;
  readonly atMs: number;
  readonly changes: readonly Change[];
}

/**
 * The items of a container as of one moment. Each container has one that is up to date, and a
 * second one that lags behind while stale reads are asked for.
 */
export interface Replica {
  lsn(): number;
  find(partitionKey: string, id: string): StoredItem | undefined;
  partition(partitionKey: string): Partition | undefined;
  /** All partitions, in the order of their keys. */
  partitions(): readonly Partition[];
  /** The newest version of each item in the order of its write: the change feed. */
  readonly byLsn: SortedList<StoredItem>;
  apply(commit: Commit): void;
  /** Drops and returns the items whose time to live is over. */
  removeExpired(nowSeconds: number): readonly StoredItem[];
  /** An independent replica of the same moment. */
  copy(): Replica;
}

export function createReplica(lsn: number, items: Iterable<StoredItem>): Replica {
  const partitions = new Map<string, Partition>();
  const byLsn = sortedList<StoredItem>((a, b) => a.lsn - b.lsn || a.rid - b.rid);
  const byExpiry = sortedList<StoredItem>((a, b) => expiry(a) - expiry(b) || a.rid - b.rid);
  let ordered: readonly Partition[] | undefined;
  let lastLsn = lsn;

  function put(item: StoredItem): void {
    let partition = partitions.get(item.partitionKey);
    if (partition === undefined) {
      partition = createPartition(item.partitionKey);
      partitions.set(item.partitionKey, partition);
      ordered = undefined;
    }
    partition.put(item);
    byLsn.add(item);
    if (item.expiresAtSeconds !== undefined) byExpiry.add(item);
  }

  /** Also called for what a replica does not hold: it may have expired here already. */
  function drop(item: StoredItem): void {
    const partition = partitions.get(item.partitionKey);
    if (partition?.items.get(item.id) !== item) return;
    partition.remove(item);
    byLsn.remove(item);
    if (item.expiresAtSeconds !== undefined) byExpiry.remove(item);
    if (partition.items.size > 0) return;
    partitions.delete(item.partitionKey);
    ordered = undefined;
  }

  for (const item of items) put(item);

  return {
    byLsn,
    lsn: () => lastLsn,
    find: (partitionKey, id) => partitions.get(partitionKey)?.items.get(id),
    partition: (partitionKey) => partitions.get(partitionKey),
    partitions() {
      ordered ??= [...partitions.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      return ordered;
    },
    apply(commit) {
      for (const { before, after } of commit.changes) {
        if (before !== undefined) drop(before);
        if (after !== undefined) put(after);
      }
      lastLsn = commit.lsn;
    },
    removeExpired(nowSeconds) {
      const none = byExpiry.size() === 0;
      if (none) return [];
      const expired = [...byExpiry.descending((item) => expiry(item) <= nowSeconds)];
      for (const item of expired) drop(item);
      return expired;
    },
    copy: () =>
      createReplica(
        lastLsn,
        byLsn.ascending(() => false),
      ),
  };
}

function expiry(item: StoredItem): number {
  return item.expiresAtSeconds ?? Number.POSITIVE_INFINITY;
}
