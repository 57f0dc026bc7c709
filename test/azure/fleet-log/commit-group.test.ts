import { expect, test } from "vitest";
import { commitGroup } from "../../../shared/azure/fleet-log/commit-group.ts";
import type { PendingCommit } from "../../../shared/azure/fleet-log/pending-commit.ts";
import { plannedCommit } from "../../../shared/azure/fleet-log/planned-commit.ts";
import {
  type Document,
  type FleetId,
  keyOf,
  type Precondition,
  type Write,
} from "../../../shared/lib/document.ts";
import { parseInstant } from "../../../shared/lib/instant.ts";
import { others, type Thing, things } from "../../effects/store/subject.ts";

const fleet = "/fleets/f" as FleetId;
const now = parseInstant("2026-01-01T00:00:00Z");

function pending(writes: readonly Write[], require: readonly Precondition[] = []): PendingCommit {
  const planned = plannedCommit({ fleet, writes, require }, { now, newUid: () => "uid" });
  const waiting = { etags: new Map(), verifiedAt: undefined, isAlone: false };
  const settled = { resolve: () => {}, reject: () => {} };
  return { planned, since: 0, deadline: 1, ...waiting, ...settled };
}

const create = (name: string, body: Thing = {}): Write => ({
  kind: "create",
  key: keyOf(things, fleet, name),
  body,
});
const count = (...names: readonly string[]): Write => ({
  kind: "count",
  key: keyOf(things, fleet, "sum"),
  add: Object.fromEntries(names.map((name) => [name, 1])),
});
const absent = (name: string): Precondition => ({
  kind: "absent",
  key: keyOf(things, fleet, name),
});
const noneOf = (documents: typeof things): Precondition => ({
  kind: "none-changed-since",
  fleet,
  documents,
  revision: 0,
});
const one: Document<Thing> = {
  key: keyOf(things, fleet, "one"),
  uid: "uid",
  createdAt: now,
  createdRevision: 1,
  revision: 1,
  generation: 1,
  refs: [],
  body: {},
};
const remove: Write = { kind: "delete", document: one };
const large: Thing = { text: "x".repeat(1_000_000) };

test.each<[string, readonly PendingCommit[], readonly number[]]>([
  ["those that have nothing in common", [pending([create("a")]), pending([create("b")])], [0, 1]],
  ["one of two that write a document", [pending([create("a")]), pending([create("a")])], [0]],
  ["counts of one document", [pending([count("x")]), pending([count("y")])], [0, 1]],
  ["no count beside a write of it", [pending([create("sum")]), pending([count("x")])], [0]],
  [
    "no more counts than a patch takes",
    [pending([count("a", "b", "c", "d", "e")]), pending([count("e", "f", "g", "h", "i")])],
    [0],
  ],
  ["no write of what another requires", [pending([], [absent("a")]), pending([create("a")])], [0]],
  [
    "nobody who requires what another writes",
    [pending([create("a")]), pending([], [absent("a")])],
    [0],
  ],
  [
    "no write of a kind that another requires",
    [pending([], [noneOf(things)]), pending([create("a")])],
    [0],
  ],
  [
    "nobody who requires a kind that another writes",
    [pending([create("a")]), pending([], [noneOf(things)])],
    [0],
  ],
  [
    "those that require another kind",
    [pending([create("a")]), pending([], [noneOf(others)])],
    [0, 1],
  ],
  [
    "what fits, also behind what does not",
    [pending([create("a", large)]), pending([create("b", large)]), pending([create("c")])],
    [0, 2],
  ],
  [
    "one that has to be alone, alone",
    [{ ...pending([create("a")]), isAlone: true }, pending([create("b")])],
    [0],
  ],
  [
    "none that has to be alone with others",
    [pending([create("a")]), { ...pending([create("b")]), isAlone: true }],
    [0],
  ],
])("a group takes %s", (_case, waiting, taken) => {
  expect(commitGroup(waiting)).toEqual(taken.map((at) => waiting[at]));
});

test("a group fills a batch and no more, with two operations for a delete", () => {
  const single = Array.from({ length: 120 }, (_, at) => pending([create(`${at}`)]));
  expect(commitGroup(single)).toHaveLength(99);
  expect(commitGroup([pending([remove]), ...single])).toHaveLength(98);
});

test("a full commit goes by itself, and first when it waits longest", () => {
  const full = pending(Array.from({ length: 98 }, (_, at) => create(`${at}`)));
  const small = pending([create("a"), create("b")]);
  expect(commitGroup([full, small])).toEqual([full]);
  expect(commitGroup([small, full])).toEqual([small]);
});
