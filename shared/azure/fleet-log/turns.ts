/**
 * When a process may try to commit, so that processes which all have much to commit do not race.
 *
 * Nobody hands out turns. The head says who committed last and who comes again at once, so everyone
 * who reads it knows the same order:
 *
 * T1. Who is eager takes turns with the other eager ones: longest without a commit goes first.
 *     A turn is one batch, or several while they are quick; the head says when more come.
 * T2. Who does not use a turn is passed over after a while, until its next commit.
 * T3. Who is new tries at once. When that fails while others take turns, it tries right after one
 *     of their next commits, when only the writer whose turn it is tries too; when nobody takes
 *     turns, after a random time. Each loss doubles what may be waited for.
 * T4. Nobody waits for a writer that is not eager, and who is alone waits for nobody.
 */
import type { LogHead, Writer } from "./head.ts";
import { type Pace, patience } from "./pace.ts";

export interface Situation {
  readonly head: LogHead;
  /** The id of this process among the writers. */
  readonly me: string;
  /** Since this revision was first seen here. */
  readonly unchangedMilliseconds: number;
  /** How often a try was lost in a row; since when, and how many commits ago. */
  readonly losses: number;
  readonly lostMilliseconds: number;
  readonly lostCommits: number;
  /** From 0 to 1, another for each loss. */
  readonly chance: number;
  /** Writers that did not use their turn, with the revision that each had then. */
  readonly passedOver: ReadonlyMap<string, number>;
  readonly pace: Pace;
}

export type Turn =
  | { readonly kind: "now"; readonly passing: readonly Writer[] }
  | { readonly kind: "later"; readonly milliseconds: number };

/** Who has not committed for so long takes no turns. */
const eagerMilliseconds = 2_000;

/** A newcomer lets at most so many commits pass, or the time of so many batches. */
const passesMax = 16;
const slotsMax = 32;

export function turnOf(situation: Situation): Turn {
  const { head, me, unchangedMilliseconds, pace } = situation;
  const eager = eagerWriters(head);
  const mine = eager.find(({ id }) => id === me);
  const rivals = rivalsOf(situation);
  if (mine === undefined || rivals.length === 0) {
    return newcomersTurn(situation, rivals);
  }

  const holder = holderOf(head);
  if (holder?.id === me) return now;
  const ahead = rivals.filter((each) => each.revision < mine.revision || each === holder);
  if (ahead.length === 0) return now;
  const passAfter = patience(pace) + ((ahead.length - 1) * pace.batch) / 2;
  if (unchangedMilliseconds >= passAfter) return { kind: "now", passing: ahead };
  const expected = (ahead.length - 0.5) * pace.cycle - unchangedMilliseconds;
  const soonest = Math.max(expected, pace.read / 4);
  return { kind: "later", milliseconds: Math.min(soonest, passAfter - unchangedMilliseconds) };
}

/** The others that take turns. */
export function rivalsOf({
  head,
  me,
  passedOver,
}: Pick<Situation, "head" | "me" | "passedOver">): readonly Writer[] {
  return eagerWriters(head).filter(
    ({ id, revision }) => id !== me && passedOver.get(id) !== revision,
  );
}

/** How many commits of others are to be expected in some time, so that a head is old after it. */
export function expectedCommits(
  { head, me, passedOver, pace }: Pick<Situation, "head" | "me" | "passedOver" | "pace">,
  milliseconds: number,
): number {
  if (rivalsOf({ head, me, passedOver }).length > 0) return milliseconds / pace.cycle;
  const window = Math.max(eagerMilliseconds, milliseconds);
  const lastAt = head.writers[0]?.at ?? 0;
  const others = head.writers.filter(({ id, at }) => id !== me && lastAt - at < window);
  return (others.length * milliseconds) / window;
}

/** Who committed last and said that its turn is not over. */
function holderOf({ writers: [last] }: LogHead): Writer | undefined {
  return last?.next === "this-turn" ? last : undefined;
}

function eagerWriters({ writers }: LogHead): readonly Writer[] {
  const lastAt = writers[0]?.at ?? 0;
  return writers.filter(({ next, at }) => next !== "unknown" && lastAt - at < eagerMilliseconds);
}

function newcomersTurn(situation: Situation, rivals: readonly Writer[]): Turn {
  const { losses, chance, lostMilliseconds, lostCommits, unchangedMilliseconds, pace } = situation;
  if (losses === 0) return now;
  if (rivals.length === 0) {
    const slots = Math.min(2 * 4 ** losses, slotsMax);
    return inMilliseconds(chance * slots * pace.batch - lostMilliseconds);
  }
  const passAfter = patience(pace) * (1 + chance);
  if (unchangedMilliseconds > passAfter) return { kind: "now", passing: rivals };
  const passes = Math.floor(chance * Math.min(4 ** losses, passesMax)) - lostCommits;
  const isOpen = holderOf(situation.head) === undefined;
  if (passes <= 0 && isOpen && unchangedMilliseconds < pace.read) return now;
  const expected = passes > 0 ? (passes - 0.5) * pace.cycle : pace.read / 4;
  return inMilliseconds(Math.min(expected, passAfter - unchangedMilliseconds) || 1);
}

const now: Turn = { kind: "now", passing: [] };

function inMilliseconds(milliseconds: number): Turn {
  return milliseconds <= 0 ? now : { kind: "later", milliseconds };
}
