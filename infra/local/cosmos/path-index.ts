import { element } from "./indexing-policy.ts";
import { bodyOf, type StoredItem } from "./item.ts";
import { type SortedList, sortedList } from "./sorted-list.ts";
import { compareValues, isScalar, type Value, valueAt } from "./sql/values.ts";

/**
 * What an index is ordered by: the values at one or more paths, or each element of the array at a
 * path. The first path of several is always ascending; an index read backwards serves the rest.
 */
export type IndexKey =
  | { readonly kind: "values"; readonly paths: readonly IndexPath[] }
  | { readonly kind: "elements"; readonly path: readonly string[] };

export interface IndexPath {
  readonly path: readonly string[];
  readonly descending: boolean;
}

export interface IndexEntry {
  readonly values: readonly Value[];
  readonly item: StoredItem;
}

/** The items of one partition in the order of their values, and of their rid where those equal. */
export interface PathIndex {
  readonly entries: SortedList<IndexEntry>;
  add(item: StoredItem): void;
  remove(item: StoredItem): void;
}

export function pathIndex(key: IndexKey): PathIndex {
  const directions = key.kind === "values" ? key.paths.map((each) => each.descending) : [false];
  const entries = sortedList<IndexEntry>(
    (a, b) => compareTuples(a.values, b.values, directions) || a.item.rid - b.item.rid,
  );
  return {
    entries,
    add(item) {
      for (const values of indexedValues(key, item)) entries.add({ values, item });
    },
    remove(item) {
      for (const values of indexedValues(key, item)) entries.remove({ values, item });
    },
  };
}

/** Compares as far as the shorter of both reaches. */
export function compareTuples(
  a: readonly Value[],
  b: readonly Value[],
  descending: readonly boolean[],
): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = compareValues(a[at], b[at]);
    if (order !== 0) return descending[at] === true ? -order : order;
  }
  return 0;
}

/** The name of an index among those of a partition. */
export function nameOf(key: IndexKey): string {
  if (key.kind === "elements") return JSON.stringify([...key.path, element]);
  return JSON.stringify(key.paths.map(({ path, descending }) => [path, descending]));
}

function indexedValues(key: IndexKey, item: StoredItem): Iterable<readonly Value[]> {
  const body = bodyOf(item);
  if (key.kind === "values") return [key.paths.map(({ path }) => valueAt(body, path))];
  const array = valueAt(body, key.path);
  if (!Array.isArray(array)) return [];
  // A Set: an array that names a value twice is still found once.
  return [...new Set(array.filter((each) => isScalar(each as Value)))].map((each) => [
    each as Value,
  ]);
}
