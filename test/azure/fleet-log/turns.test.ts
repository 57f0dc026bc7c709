import { expect, test } from "vitest";
import { emptyHead, type LogHead, type Writer } from "../../../shared/azure/fleet-log/head.ts";
import { unknownPace } from "../../../shared/azure/fleet-log/pace.ts";
import { expectedCommits, type Situation, turnOf } from "../../../shared/azure/fleet-log/turns.ts";

const pace = { ...unknownPace, batch: 10, read: 5, cycle: 15 };

/** Writers by their last revision, the newest first; "!" keeps its turn, "?" is not eager. */
function headAfter(...names: readonly string[]): LogHead {
  const revision = 100;
  const writers = names.map((name, at): Writer => {
    const next = name.endsWith("!") ? "this-turn" : name.endsWith("?") ? "unknown" : "next-turn";
    return { id: name.replace(/[!?]$/, ""), commit: 1, revision: revision - at, at: 5_000, next };
  });
  return { ...emptyHead, revision, writers };
}

function situation(head: LogHead, more: Partial<Situation> = {}): Situation {
  return {
    head,
    me: "me",
    unchangedMilliseconds: 0,
    losses: 0,
    lostMilliseconds: 0,
    lostCommits: 0,
    chance: 0.5,
    passedOver: new Map(),
    pace,
    ...more,
  };
}

test.each<[string, LogHead, Partial<Situation>]>([
  ["is alone", headAfter("me"), {}],
  ["writes first of all", emptyHead, {}],
  ["is new", headAfter("a", "b"), {}],
  ["waited longest", headAfter("a", "b", "me"), {}],
  ["still has its turn", headAfter("me!", "a", "b"), {}],
  ["only knows writers that are not eager", headAfter("me", "a?", "b?"), {}],
  ["knows that the one before it did not use its turn", headAfter("b", "me", "a"), passed("a", 98)],
  ["sees that nobody uses the turn", headAfter("b", "me", "a"), { unchangedMilliseconds: 30 }],
  ["lost, and a commit just passed", headAfter("a", "b"), { losses: 1, lostCommits: 2 }],
  ["lost to one that is gone, a while ago", headAfter("a?"), { losses: 1, lostMilliseconds: 41 }],
])("a writer goes now when it %s", (_case, head, more) => {
  expect(turnOf(situation(head, more)).kind).toBe("now");
});

test.each<[string, LogHead, Partial<Situation>]>([
  ["committed last", headAfter("me", "a", "b"), {}],
  ["is second in line", headAfter("b", "me", "a"), {}],
  ["waited longest, but another keeps its turn", headAfter("a!", "b", "me"), {}],
  ["passed over a writer that came back", headAfter("b", "me", "a"), passed("a", 97)],
  ["lost while others take turns", headAfter("a", "b"), { losses: 2, chance: 0.9 }],
  ["just lost to one that is not eager", headAfter("a?"), { losses: 1 }],
])("a writer goes later when it %s", (_case, head, more) => {
  const turn = turnOf(situation(head, more));
  expect(turn.kind).toBe("later");
  if (turn.kind === "later") expect(turn.milliseconds).toBeGreaterThan(0);
});

test("who is further back in line waits longer", () => {
  const names = ["me", "a", "b", "c", "d"];
  const waits = names.map((_, at) => {
    const turn = turnOf(situation(headAfter(...names.slice(at), ...names.slice(0, at))));
    return turn.kind === "now" ? 0 : turn.milliseconds;
  });
  // First "me" committed last, then each time somebody after it did.
  expect(waits[0]).toBeGreaterThan(waits[4] ?? 0);
  expect(waits.slice(1)).toEqual(waits.slice(1).toSorted((a, b) => a - b));
  expect(waits[1]).toBe(0);
});

test("nobody waits for ever: with time each writer goes", () => {
  const heads = [headAfter("me", "a", "b", "c"), headAfter("a!", "me", "b"), headAfter("a", "b")];
  for (const head of heads) {
    for (const losses of [0, 1, 5]) {
      for (const chance of [0, 0.5, 0.999]) {
        const late = { losses, chance, unchangedMilliseconds: 500, lostMilliseconds: 500 };
        expect(turnOf(situation(head, late)).kind).toBe("now");
      }
    }
  }
});

test("a head is old sooner when more writers commit", () => {
  const alone = expectedCommits(situation(headAfter("me")), 60_000);
  const quiet = expectedCommits(situation(headAfter("me", "a?")), 100);
  const busy = expectedCommits(situation(headAfter("me", "a", "b")), 100);
  expect(alone).toBe(0);
  expect(quiet).toBeGreaterThan(0);
  expect(busy).toBeGreaterThan(quiet);
});

function passed(id: string, revision: number): Partial<Situation> {
  return { passedOver: new Map([[id, revision]]) };
}
