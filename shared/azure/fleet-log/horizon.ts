/**
 * How far back changes are complete.
 *
 * A tombstone goes when its time to live is over, and nobody is told. So the log remembers which
 * revision it had at some moments. The horizon is a revision that it had half a time to live ago: a
 * reader from there on has the other half to read before a tombstone can be missing.
 *
 * H1. The last mark is the last commit.
 * H2. Two marks are less than a quarter of half a time to live apart, or no commit is between them.
 *     So the horizon passes a tombstone before 5/8 of its time to live are over, also when nobody
 *     commits for long.
 */
import type { Revision } from "../../lib/document.ts";
import type { Instant } from "../../lib/instant.ts";

export interface Horizon {
  /** Changes after this revision are all there. */
  readonly horizon: Revision;
  /** Oldest first: the revision that the log had at some moments, in milliseconds since 1970. */
  readonly marks: readonly Mark[];
}

type Mark = readonly [atMilliseconds: number, revision: Revision];

interface Tombstones {
  readonly now: Instant;
  /** How long a tombstone can be read. */
  readonly tombstoneSeconds: number;
}

const marksPerHalf = 4;

export const noHorizon: Horizon = { horizon: 0, marks: [] };

/** The horizon after a commit. */
export function afterCommit(before: Horizon, revision: Revision, tombstones: Tombstones): Horizon {
  const { horizon, marks } = horizonNow(before, tombstones);
  const at = Date.parse(tombstones.now);
  const apartMilliseconds = halfMilliseconds(tombstones) / marksPerHalf;
  const [earlier] = marks.at(-2) ?? [];
  const replacesLast = earlier !== undefined && at - earlier < apartMilliseconds;
  return { horizon, marks: [...(replacesLast ? marks.slice(0, -1) : marks), [at, revision]] };
}

/** The horizon at a moment: it also moves while nobody commits. */
export function horizonNow({ horizon, marks }: Horizon, tombstones: Tombstones): Horizon {
  const oldBefore = Date.parse(tombstones.now) - halfMilliseconds(tombstones);
  const [, passed] = marks.findLast(([at]) => at <= oldBefore) ?? [];
  if (passed === undefined) return { horizon, marks };
  return {
    horizon: Math.max(horizon, passed),
    marks: marks.filter(([at]) => at > oldBefore),
  };
}

function halfMilliseconds({ tombstoneSeconds }: Tombstones): number {
  return tombstoneSeconds * 500;
}
