import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import type { Changes, Store } from "../../../shared/effects/store.ts";
import { inboxOf } from "../../../shared/kube/watch/inbox.ts";
import { watchSource } from "../../../shared/kube/watch/watch-source.ts";
import { type FleetId, keyOf, kind } from "../../../shared/lib/document.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { Instant } from "../../../shared/lib/instant.ts";

const fleet = "/fleet" as FleetId;
const thing = kind<object>("things");
const clock = { now: () => "2026-11-21T12:00:00.000Z" as Instant };

function countingStore(before?: () => void) {
  const store = memoryStore({ clock });
  const looks: number[] = [];
  const counting: Store = {
    ...store,
    changes: async (id, after) => {
      looks.push(after);
      before?.();
      return await store.changes(id, after);
    },
  };
  const write = async (name: string) =>
    await store.commit({
      fleet,
      writes: [{ kind: "create", key: keyOf(thing, fleet, name), body: {} }],
    });
  return { store: counting, looks, write };
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

type Told = Changes | { readonly kind: "failed" };

function namesIn(told: readonly Told[]): readonly string[] {
  return told.flatMap((each) =>
    each.kind === "changes" ? each.documents.map(({ key }) => key.name) : [each.kind],
  );
}

test("all watches of a fleet share one look at the store per poll", async () => {
  const { store, looks, write } = countingStore();
  const source = watchSource(store, { pollMilliseconds: 20 });
  const told: Told[][] = Array.from({ length: 50 }, () => []);
  const stops = told.map((each) => source.follow(fleet, 0, (changes) => each.push(changes)));
  await pause(110);
  await write("a");
  await pause(60);
  for (const each of told) expect(namesIn(each)).toEqual(["a"]);
  expect(looks.length).toBeLessThan(20);
  for (const stop of stops) stop();
});

test("nobody looks at the store while nobody watches", async () => {
  const { store, looks } = countingStore();
  const source = watchSource(store, { pollMilliseconds: 5 });
  const stop = source.follow(fleet, 0, () => {});
  await pause(30);
  stop();
  await pause(15);
  const count = looks.length;
  await pause(40);
  expect(looks.length).toBe(count);
  source.nudge(fleet);
  await pause(20);
  expect(looks.length).toBe(count);
});

test("who joins late is told what it has missed, and nobody is told twice", async () => {
  const { store, write } = countingStore();
  const source = watchSource(store, { pollMilliseconds: 5 });
  const early: Told[] = [];
  const late: Told[] = [];
  const stopEarly = source.follow(fleet, 0, (changes) => early.push(changes));
  await write("a");
  await pause(20);
  await write("b");
  const stopLate = source.follow(fleet, 1, (changes) => late.push(changes));
  await pause(30);
  await write("c");
  await pause(30);
  expect(namesIn(early)).toEqual(["a", "b", "c"]);
  expect(namesIn(late)).toEqual(["b", "c"]);
  stopEarly();
  stopLate();
});

test("a nudge shows a write before the next poll", async () => {
  const { store, write } = countingStore();
  const source = watchSource(store, { pollMilliseconds: 10_000 });
  const told: Told[] = [];
  const stop = source.follow(fleet, 0, (changes) => told.push(changes));
  await pause(20);
  await write("a");
  source.nudge(fleet);
  await pause(30);
  expect(namesIn(told)).toEqual(["a"]);
  stop();
});

test("a store that fails for a moment costs nothing; one that stays away ends the watches", async () => {
  let failures = 2;
  const { store, write } = countingStore(() => {
    if (failures-- > 0) throw new FleetError("Unavailable", "Cannot read changes: busy");
  });
  const source = watchSource(store, { pollMilliseconds: 1 });
  const told: Told[] = [];
  const stop = source.follow(fleet, 0, (changes) => told.push(changes));
  await write("a");
  await pause(80);
  expect(namesIn(told)).toEqual(["a"]);
  failures = 1_000;
  await pause(1_500);
  expect(namesIn(told)).toEqual(["a", "failed"]);
  stop();
});

test("an inbox gives back in order, waits, and never holds more than its size", async () => {
  const inbox = inboxOf<string>(3);
  expect(inbox.put("a", 1)).toBe(true);
  expect(inbox.put("b", 2)).toBe(true);
  expect(inbox.put("c", 1)).toBe(false);
  expect([await inbox.take(10), await inbox.take(10)]).toEqual(["a", "b"]);
  const waiting = inbox.take(1_000);
  inbox.put("d", 1);
  expect(await waiting).toBe("d");
  expect(await inbox.take(5)).toBeUndefined();
  const closing = inbox.take(1_000);
  inbox.close();
  expect(await closing).toBeUndefined();
  expect(inbox.put("e", 1)).toBe(false);
});
