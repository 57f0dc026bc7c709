/** The checker finds the anomalies that it is there to find. */
import { expect, test } from "vitest";
import { anomalyIn, type Entry, misordered, type Operation, type Seen } from "./linearizability.ts";

const seen = (value: string, revision: number, uid = "u1"): Seen => ({ uid, revision, value });

/** `op(1, 2, …)`: from second one to second two. */
const op = (startedAt: number, endedAt: number, operation: Operation): Entry => ({
  startedAt,
  endedAt,
  operation,
});
const created = (from: number, to: number, made: Seen): Entry =>
  op(from, to, { kind: "create", value: made.value, made });
const updated = (from: number, to: number, made: Seen, at?: number): Entry =>
  op(from, to, { kind: "update", value: made.value, made, ...(at !== undefined && { at }) });
const read = (from: number, to: number, saw: Seen | "absent"): Entry =>
  op(from, to, { kind: "read", saw });
const lost = (from: number, operation: Operation): Entry => op(from, Infinity, operation);

const a = seen("a", 1);
const b = seen("b", 2);
const c = seen("c", 3);

test.each<[what: string, history: readonly Entry[]]>([
  ["one after the other", [created(1, 2, a), read(3, 4, a), updated(5, 6, b, 1), read(7, 8, b)]],
  ["a read beside a write sees the old", [created(1, 2, a), updated(3, 9, b), read(4, 5, a)]],
  ["a read beside a write sees the new", [created(1, 2, a), updated(3, 9, b), read(4, 5, b)]],
  [
    "one of two conditional writes wins",
    [
      created(1, 2, a),
      updated(3, 9, b, 1),
      op(3, 9, { kind: "update", value: "x", at: 1, made: "conflict" }),
    ],
  ],
  [
    "a lost answer of a write that is seen later",
    [
      created(1, 2, a),
      lost(3, { kind: "update", value: "b", made: "unknown" }),
      read(5, 6, a),
      read(7, 8, b),
    ],
  ],
  [
    "a lost answer of a write that is never seen",
    [created(1, 2, a), lost(3, { kind: "update", value: "b", made: "unknown" }), read(7, 8, a)],
  ],
  [
    "a delete, and the object that is made anew",
    [
      created(1, 2, a),
      op(3, 4, { kind: "delete", at: 1, made: "deleted" }),
      read(5, 6, "absent"),
      created(7, 8, seen("c", 3, "u2")),
    ],
  ],
  [
    "a create beside a delete finds the object or not",
    [
      created(1, 2, a),
      op(3, 9, { kind: "delete", made: "deleted" }),
      op(3, 9, { kind: "create", value: "x", made: "exists" }),
      read(10, 11, "absent"),
    ],
  ],
  [
    "an apply makes what is absent",
    [op(1, 2, { kind: "upsert", value: "a", made: a }), updated(3, 4, b), read(5, 6, b)],
  ],
])("no anomaly: %s", (_what, history) => {
  expect(anomalyIn(history)).toBeUndefined();
});

test.each<[what: string, history: readonly Entry[]]>([
  ["a stale read", [created(1, 2, a), updated(3, 4, b), read(5, 6, a)]],
  ["a read of what was never written", [created(1, 2, a), read(3, 4, seen("z", 1))]],
  ["a read of what is written only later", [created(1, 2, a), read(3, 4, b), updated(5, 6, b)]],
  ["a lost write", [created(1, 2, a), updated(3, 4, b), updated(5, 6, c), read(7, 8, b)]],
  [
    "a lost update: both conditional writes win",
    [created(1, 2, a), updated(3, 9, b, 1), updated(3, 9, c, 1)],
  ],
  ["two creates that both win", [created(1, 5, a), created(1, 5, b)]],
  [
    "an object that comes back from the dead",
    [created(1, 2, a), op(3, 4, { kind: "delete", made: "deleted" }), read(5, 6, a)],
  ],
  ["a created object that is not there", [created(1, 2, a), read(3, 4, "absent")]],
  [
    "reads that go back in time",
    [created(1, 2, a), updated(3, 20, b), read(4, 5, b), read(6, 7, a)],
  ],
  [
    "a conflict that nobody caused",
    [created(1, 2, a), op(3, 4, { kind: "update", value: "x", at: 1, made: "conflict" })],
  ],
  [
    "a write that was refused and is seen all the same",
    [
      created(1, 2, a),
      updated(3, 4, b, 1),
      op(5, 6, { kind: "update", value: "x", at: 1, made: "conflict" }),
      read(7, 8, seen("x", 3)),
    ],
  ],
  ["a revision that goes back", [created(1, 2, seen("a", 5)), updated(3, 4, seen("b", 4))]],
  ["one revision for two states", [created(1, 2, seen("a", 5)), updated(3, 4, seen("b", 5))]],
  ["an update that makes another object", [created(1, 2, a), updated(3, 4, seen("b", 2, "u2"))]],
  [
    "a delete of another object than was meant",
    [created(1, 2, a), op(3, 4, { kind: "delete", uid: "u9", made: "deleted" })],
  ],
  [
    "a delete at a revision that is gone",
    [created(1, 2, a), updated(3, 4, b), op(5, 6, { kind: "delete", at: 1, made: "deleted" })],
  ],
  [
    "a lost answer whose write is seen, then gone, then seen",
    [
      created(1, 2, a),
      lost(3, { kind: "update", value: "b", made: "unknown" }),
      read(4, 5, b),
      read(6, 7, a),
    ],
  ],
])("an anomaly: %s", (_what, history) => {
  expect(anomalyIn(history)).toBeDefined();
});

test("revisions that do not follow the order of time are found, across objects", () => {
  const write = (startedAt: number, endedAt: number, revision: number) => ({
    startedAt,
    endedAt,
    revision,
  });
  expect(misordered([write(1, 2, 1), write(3, 4, 2), write(3, 5, 3)])).toEqual([]);
  expect(misordered([write(1, 5, 2), write(3, 4, 1)])).toEqual([]);
  expect(misordered([write(1, 2, 2), write(3, 4, 1)])).toHaveLength(1);
  expect(misordered([write(1, 2, 2), write(3, 4, 2)])).toHaveLength(1);
});
