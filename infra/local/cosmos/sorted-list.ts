/** Splitting and shifting stay cheap at this length, and 50,000 entries make some 150 chunks. */
const chunkLengthMax = 512;

/** Says whether an entry lies before some place in the order: true up to it, false from it on. */
export type IsBefore<T> = (entry: T) => boolean;

/**
 * Entries in order, with fast insertion, removal and search: a list of sorted chunks.
 *
 * Places are given as predicates, not as entries, so that one order serves searches by a prefix of
 * its key. Do not change the list while iterating.
 */
export interface SortedList<T> {
  size(): number;
  add(entry: T): void;
  /** Removes the entry that compares equal; false when there is none. */
  remove(entry: T): boolean;
  /** How many entries lie before the place. */
  rank(isBefore: IsBefore<T>): number;
  /** The entries from the place on. */
  ascending(isBefore: IsBefore<T>): Iterable<T>;
  /** The entries before the place, the nearest first. */
  descending(isBefore: IsBefore<T>): Iterable<T>;
}

/** @param compare a total order: zero only for one and the same entry. */
export function sortedList<T>(compare: (a: T, b: T) => number): SortedList<T> {
  const chunks: T[][] = [];
  let size = 0;

  function place(isBefore: IsBefore<T>): { chunk: number; offset: number } {
    const chunk = firstNotBefore(chunks, (each) => isBefore(each.at(-1) as T));
    const offset = firstNotBefore(chunks[chunk] ?? [], isBefore);
    return { chunk, offset };
  }

  return {
    size: () => size,

    add(entry) {
      size += 1;
      const found = place((each) => compare(each, entry) < 0);
      // An entry after all others goes to the end of the last chunk, not into a new one.
      const last = chunks.length > 0 && found.chunk === chunks.length;
      const chunk = last ? found.chunk - 1 : found.chunk;
      const entries = chunks[chunk];
      if (entries === undefined) {
        chunks.push([entry]);
        return;
      }
      if (last) entries.push(entry);
      else entries.splice(found.offset, 0, entry);
      if (entries.length > chunkLengthMax) {
        chunks.splice(chunk + 1, 0, entries.splice(chunkLengthMax / 2));
      }
    },

    remove(entry) {
      const { chunk, offset } = place((each) => compare(each, entry) < 0);
      const entries = chunks[chunk];
      const found = entries?.[offset];
      if (entries === undefined || found === undefined || compare(found, entry) !== 0) return false;
      entries.splice(offset, 1);
      if (entries.length === 0) chunks.splice(chunk, 1);
      size -= 1;
      return true;
    },

    rank(isBefore) {
      const { chunk, offset } = place(isBefore);
      let count = offset;
      for (let each = 0; each < chunk; each++) count += chunks[each]?.length ?? 0;
      return count;
    },

    *ascending(isBefore) {
      const { chunk, offset } = place(isBefore);
      for (let each = chunk; each < chunks.length; each++) {
        const entries = chunks[each] ?? [];
        for (let at = each === chunk ? offset : 0; at < entries.length; at++) {
          yield entries[at] as T;
        }
      }
    },

    *descending(isBefore) {
      const { chunk, offset } = place(isBefore);
      for (let each = Math.min(chunk, chunks.length - 1); each >= 0; each--) {
        const entries = chunks[each] ?? [];
        const from = each === chunk ? offset : entries.length;
        for (let at = from - 1; at >= 0; at--) yield entries[at] as T;
      }
    },
  };
}

function firstNotBefore<T>(entries: readonly T[], isBefore: IsBefore<T>): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(entries[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
