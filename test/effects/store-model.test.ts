/** Random commits leave equal documents, whichever store makes them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import type { Commit, Committed, Store } from "../../shared/effects/store.ts";
import {
  type Document,
  type FleetId,
  keyOf,
  type Precondition,
  type Write,
} from "../../shared/lib/document.ts";
import { parseInstant } from "../../shared/lib/instant.ts";
import { type LocalCosmos, openCosmos } from "../azure/fleet-log/local-cosmos.ts";
import { fc } from "../chance.ts";
import { newFleet, others, type Thing, testClock, things } from "./store/subject.ts";

let cosmos: LocalCosmos;
beforeAll(async () => {
  cosmos = await openCosmos();
});
afterAll(async () => await cosmos.endpoint.close());

/** Documents are named by numbers, so that random steps meet. */
const place = fc.record({
  name: fc.constantFrom("a", "b", "c/d"),
  namespace: fc.constantFrom("", "n"),
  of: fc.constantFrom("things", "others"),
});
type Place = typeof place extends fc.Arbitrary<infer Each> ? Each : never;

/** `age` picks a version that was read before: 0 the newest, 1 the one before it. */
const version = { place, age: fc.constantFrom(0, 0, 0, 0, 1) };
const wakeAt = fc.constantFrom(
  undefined,
  null,
  parseInstant("2026-01-01T00:00:00Z"),
  parseInstant("2099-01-01T00:00:00Z"),
);
const refs = fc.constantFrom(undefined, [], ["run:a"], ["run:a", "cluster:ä"]);
const body = fc.record({
  text: fc.constantFrom("", "x", "ä🚀"),
  counts: fc.constantFrom({}, { done: 1 }, { done: 2, failed: 1 }),
});

const write = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), place, body, refs, wakeAt }),
  fc.record({ kind: fc.constant("replace" as const), ...version, body, refs, wakeAt }),
  fc.record({ kind: fc.constant("delete" as const), ...version }),
  fc.record({
    kind: fc.constant("count" as const),
    place,
    add: fc.dictionary(fc.constantFrom("done", "failed"), fc.integer({ min: -2, max: 2 })),
  }),
);

const precondition = fc.oneof(
  fc.record({ kind: fc.constant("unchanged" as const), ...version }),
  fc.record({ kind: fc.constant("absent" as const), place }),
  fc.record({
    kind: fc.constant("none-changed-since" as const),
    of: fc.constantFrom("things", "others"),
    behind: fc.integer({ min: 0, max: 2 }),
  }),
);

const step = fc.record({
  writes: fc.array(write, { minLength: 1, maxLength: 4 }),
  require: fc.array(precondition, { maxLength: 2 }),
});
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** One store, with the versions that a caller of it has read. */
interface Run {
  readonly store: Store;
  readonly fleet: FleetId;
  readonly versions: Map<string, Document<Thing>[]>;
  revision: number;
}

const kinds = { things, others } as const;

function keyAt({ fleet }: Run, { of, name, namespace }: Place) {
  return keyOf(of === "things" ? things : others, fleet, name, namespace || undefined);
}

function versionAt(run: Run, at: Place, age: number): Document<Thing> | undefined {
  return run.versions.get(JSON.stringify(at))?.at(-1 - age);
}

/** The step as this run's caller would ask for it; what was never read cannot be written. */
function commitOf(run: Run, { writes, require }: Step): Commit {
  return {
    fleet: run.fleet,
    writes: writes.flatMap((each): Write[] => {
      const key = keyAt(run, each.place);
      if (each.kind === "count") return [{ kind: "count", key, add: each.add }];
      if (each.kind === "create") {
        const { refs: given, wakeAt: at } = each;
        const more = { ...(given && { refs: given }), ...(at && { wakeAt: at }) };
        return [{ kind: "create", key, body: each.body, ...more }];
      }
      const document = versionAt(run, each.place, each.age);
      if (document === undefined) return [];
      if (each.kind === "delete") return [{ kind: "delete", document }];
      const { refs: given, wakeAt: at } = each;
      const more = { ...(given && { refs: given }), ...(at !== undefined && { wakeAt: at }) };
      return [{ kind: "replace", document, body: each.body, ...more }];
    }),
    require: require.flatMap((each): Precondition[] => {
      if (each.kind === "absent") return [{ kind: "absent", key: keyAt(run, each.place) }];
      if (each.kind === "none-changed-since") {
        const revision = Math.max(0, run.revision - each.behind);
        return [{ kind: each.kind, fleet: run.fleet, documents: kinds[each.of], revision }];
      }
      const document = versionAt(run, each.place, each.age);
      return document === undefined ? [] : [{ kind: "unchanged", document }];
    }),
  };
}

/** What became of a step, in words that do not depend on the store; then reads what it wrote. */
async function taken(run: Run, each: Step): Promise<unknown> {
  const commit = commitOf(run, each);
  let outcome: Committed | string;
  try {
    outcome = await run.store.commit(commit);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    outcome = error.message.replaceAll(run.fleet, "FLEET");
  }
  for (const { place: at } of each.writes) {
    const document = await run.store.read(keyAt(run, at));
    const versions = run.versions.get(JSON.stringify(at)) ?? [];
    if (document !== undefined && document.revision !== versions.at(-1)?.revision) {
      run.versions.set(JSON.stringify(at), [...versions, document]);
    }
  }
  run.revision = (await run.store.head(run.fleet)).revision;
  if (typeof outcome === "string") return outcome;
  return outcome.kind === "saved"
    ? { ...outcome, documents: outcome.documents.map(plain) }
    : // Several may have changed; which of them is named is the store's choice.
      outcome.kind;
}

/** A document without what a store makes up. */
function plain(document: Document | undefined): unknown {
  if (document === undefined) return undefined;
  const { key, uid: _, createdAt: __, deletedAt, ...rest } = document;
  return { ...rest, key: { ...key, fleet: "FLEET" }, isDeleted: deletedAt !== undefined };
}

async function stateOf({ store, fleet }: Run): Promise<unknown> {
  const changes = await store.changes(fleet, 0);
  if (changes.kind === "expired") throw new Error("Cannot compare: changes expired");
  const lists = await Promise.all(
    [things, others].map(async (kind) => await store.list({ fleet, kind })),
  );
  const withRef = await store.list({ fleet, kind: things, ref: "run:a" });
  const overdue = await store.overdue(parseInstant("2027-01-01T00:00:00Z"), 10_000);
  return {
    head: await store.head(fleet),
    changes: { ...changes, documents: changes.documents.map(plain).map(text).sort() },
    lists: lists.map(({ documents }) => documents.map(plain)),
    withRef: withRef.documents.map(plain),
    overdue: overdue
      .filter((key) => key.fleet === fleet)
      .map(({ name }) => name)
      .sort(),
  };
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

test("random commits leave the same in memory and in Cosmos DB", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const fleet = newFleet();
      const run = (store: Store): Run => ({ store, fleet, versions: new Map(), revision: 0 });
      const memory = run(memoryStore({ clock: testClock() }));
      const database = run(cosmos.store());
      for (const each of steps) {
        expect(await taken(database, each)).toEqual(await taken(memory, each));
      }
      expect(await stateOf(database)).toEqual(await stateOf(memory));
    }),
    { numRuns: 60 },
  );
}, 60_000);
