import { withoutEnd } from "../../lib/without-end.ts";

/** So many pairs of paths are compared in one pod; who has more of them has warnings enough. */
const comparisonsMax = 100_000;

/** Finds files of a volume that stand in each other's way. */
export type OverlapFinder = (paths: readonly string[], message: string) => Iterable<string>;

/**
 * Tells of files of a volume that stand in each other's way: at the same path, or where another one
 * needs a folder.
 */
export function overlapFinder(): OverlapFinder {
  let left = comparisonsMax;
  const overlapOf = (path: string, seen: Iterable<string>): string | undefined => {
    for (const other of seen) {
      left -= 1;
      if (left < 0) return undefined;
      if (isOverlap(path, other)) return other;
    }
    return undefined;
  };
  return function* (paths, message) {
    const seen = new Set<string>();
    for (const path of paths.map((path) => withoutEnd(path, "/")).filter(Boolean)) {
      const other = overlapOf(path, seen);
      if (other !== undefined) {
        yield `${message}: ${JSON.stringify(path)} with ${JSON.stringify(other)}`;
      }
      if (left < 0) return;
      seen.add(path);
    }
  };
}

function isOverlap(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`) || other.startsWith(`${path}/`);
}
