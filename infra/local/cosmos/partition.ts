import type { StoredItem } from "./item.ts";
import { type IndexKey, nameOf, type PathIndex, pathIndex } from "./path-index.ts";
import { type SortedList, sortedList } from "./sorted-list.ts";

/** Queries come in few shapes; more indexes than this cost more than they save. */
const indexesMax = 32;

/** The items of one partition key, with the indexes that queries have asked for so far. */
export interface Partition {
  /** The partition key as the JSON array that headers carry. */
  readonly key: string;
  readonly items: ReadonlyMap<string, StoredItem>;
  readonly byRid: SortedList<StoredItem>;
  put(item: StoredItem): void;
  remove(item: StoredItem): void;
  /** The index, built when it is asked for first and kept up to date from then on. */
  index(key: IndexKey): PathIndex;
}

export function createPartition(key: string): Partition {
  const items = new Map<string, StoredItem>();
  const byRid = sortedList<StoredItem>((a, b) => a.rid - b.rid);
  const indexes = new Map<string, PathIndex>();

  function remove(item: StoredItem): void {
    items.delete(item.id);
    byRid.remove(item);
    for (const index of indexes.values()) index.remove(item);
  }

  function build(indexKey: IndexKey): PathIndex {
    const index = pathIndex(indexKey);
    for (const item of byRid.ascending(() => false)) index.add(item);
    const oldest = indexes.keys().next();
    if (indexes.size >= indexesMax && oldest.done !== true) indexes.delete(oldest.value);
    indexes.set(nameOf(indexKey), index);
    return index;
  }

  return {
    key,
    items,
    byRid,
    remove,
    put(item) {
      const before = items.get(item.id);
      if (before !== undefined) remove(before);
      items.set(item.id, item);
      byRid.add(item);
      for (const index of indexes.values()) index.add(item);
    },
    index: (indexKey) => indexes.get(nameOf(indexKey)) ?? build(indexKey),
  };
}
