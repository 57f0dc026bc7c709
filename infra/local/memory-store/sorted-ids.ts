/** Item ids in order, so that a list is a range and not a scan. */
export interface SortedIds {
  add(id: string): void;
  remove(id: string): void;
  /** Ids from `from` on, up to but not `to`. */
  range(from: string, to: string): readonly string[];
}

export function sortedIds(): SortedIds {
  const ids: string[] = [];
  return {
    add(id) {
      const at = firstNotBelow(ids, id);
      if (ids[at] !== id) ids.splice(at, 0, id);
    },
    remove(id) {
      const at = firstNotBelow(ids, id);
      if (ids[at] === id) ids.splice(at, 1);
    },
    range: (from, to) => ids.slice(firstNotBelow(ids, from), firstNotBelow(ids, to)),
  };
}

function firstNotBelow(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as string) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
