/** Waits for this process's turn to commit to a fleet, and learns how fast the log moves. */
import { setTimeout as delay } from "node:timers/promises";
import type { Revision } from "../../lib/document.ts";
import type { LogHead, NextTry } from "./head.ts";
import type { KnownHead, SeenHead } from "./known-head.ts";
import { type Pace, paceAfter, patience, unknownPace } from "./pace.ts";
import { expectedCommits, rivalsOf, turnOf } from "./turns.ts";

/** What one process knows about its turns in one fleet. Times are `performance.now()`. */
export interface TurnTaking {
  /** Names this process among a fleet's writers. */
  readonly me: string;
  readonly known: KnownHead;
  /** Writers that did not use their turn, with the revision that each had then. */
  readonly passedOver: Map<string, Revision>;
  pace: Pace;
  losses: number;
  lostAt: number;
  lostRevision: Revision;
  /** From 0 to 1, another for each loss. */
  chance: number;
  savedAt: number;
  /** When this process's turn began, while it lasts. */
  turnAt: number | undefined;
  /** After a commit of this process the next one was there at once. */
  refills: boolean;
}

export function turnTaking(me: string, known: KnownHead): TurnTaking {
  return {
    me,
    known,
    passedOver: new Map(),
    pace: unknownPace,
    losses: 0,
    lostAt: Number.NEGATIVE_INFINITY,
    lostRevision: 0,
    chance: Math.random(),
    savedAt: Number.NEGATIVE_INFINITY,
    turnAt: undefined,
    refills: false,
  };
}

/** A head that is newer than so many expected commits is worth a try. */
const expectedCommitsMax = 0.25;

/** The head to commit on, once it is this process's turn; undefined when that is not wanted. */
export async function untilTurn(
  turns: TurnTaking,
  isWanted: () => boolean,
): Promise<SeenHead | undefined> {
  let seen = turns.known.latest() ?? (await readHead(turns));
  while (isWanted()) {
    const now = performance.now();
    const situation = { ...turns, head: seen.head };
    const turn = turnOf({
      ...situation,
      unchangedMilliseconds: now - seen.firstSeenAt,
      lostMilliseconds: now - turns.lostAt,
      lostCommits: seen.head.revision - turns.lostRevision,
    });
    if (turn.kind === "later") {
      await delay(turn.milliseconds);
      seen = await readHead(turns, now + turn.milliseconds);
    } else if (expectedCommits(situation, now - seen.confirmedAt) > expectedCommitsMax) {
      seen = await readHead(turns);
    } else {
      for (const { id, revision } of turn.passing) turns.passedOver.set(id, revision);
      return seen;
    }
  }
  return undefined;
}

/** An answer that took so many times longer than usual says that the machine stood still. */
const stallFactor = 4;
const stallMilliseconds = 20;

export async function readHead(turns: TurnTaking, askedFor = performance.now()): Promise<SeenHead> {
  const { known } = turns;
  const before = known.latest();
  const startedAt = performance.now();
  const seen = await known.read();
  const now = performance.now();
  turns.pace = paceAfter(turns.pace, "read", now - startedAt);
  const moved = seen.head.revision - (before?.head.revision ?? seen.head.revision);
  if (before !== undefined && moved > 0 && rivalsOf({ ...turns, head: seen.head }).length > 0) {
    const measured = (seen.firstSeenAt - before.firstSeenAt) / moved;
    turns.pace = paceAfter(turns.pace, "cycle", Math.max(measured, turns.pace.read));
  }
  // Nobody could move in that time, so nobody left a turn unused.
  if (now - askedFor > stallMilliseconds + stallFactor * turns.pace.read) known.stoodStill();
  return known.latest() ?? seen;
}

export function noteSaved(turns: TurnTaking): void {
  turns.losses = 0;
  turns.savedAt = performance.now();
}

export function noteLost(turns: TurnTaking): void {
  turns.turnAt = undefined;
  turns.losses++;
  turns.lostAt = performance.now();
  turns.lostRevision = turns.known.latest()?.head.revision ?? 0;
  turns.chance = Math.random();
}

/** A turn ends when another batch would take it beyond this; one batch it always has. */
const turnMilliseconds = 8;

/**
 * What to say in the head about the next try. `since` is when the oldest commit of the batch was
 * asked for; `hasMore`, that others wait for the next batch already.
 */
export function nextTry(
  turns: TurnTaking,
  head: LogHead,
  { since, hasMore }: { readonly since: number; readonly hasMore: boolean },
): NextTry {
  const { losses, savedAt, pace, refills } = turns;
  const isContended = hasMore || losses > 0 || since - savedAt < patience(pace);
  if (!isContended) return "unknown";
  const now = performance.now();
  turns.turnAt ??= now;
  const hasTime = now + 2 * pace.batch < turns.turnAt + turnMilliseconds;
  const stays = hasTime && (hasMore || refills) && rivalsOf({ ...turns, head }).length > 0;
  if (!stays) turns.turnAt = undefined;
  return stays ? "this-turn" : "next-turn";
}
