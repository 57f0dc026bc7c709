/** A caller learns what became of its commit, also when the answer to it was lost. */
import { expect, test } from "vitest";
import type { Fault } from "../../../infra/local/cosmos/faults.ts";
import type { Store } from "../../../shared/effects/store.ts";
import {
  created,
  newFleet,
  replaced,
  type Saved,
  saved,
  thing,
  things,
} from "../../effects/store/subject.ts";
import { holdingProxy } from "./holding-proxy.ts";
import { testCosmos } from "./local-cosmos.ts";

test.each<[string, Fault["effect"]]>([
  ["before it was made", { kind: "drop", moment: "before-commit" }],
  ["after it was made", { kind: "drop", moment: "after-commit" }],
  ["with 503 before it was made", { kind: "answer", status: 503 }],
  ["with 503 after it was made", { kind: "answer", status: 503, moment: "after-commit" }],
  ["with 408 after it was made", { kind: "answer", status: 408, moment: "after-commit" }],
  ["with 500 after it was made", { kind: "answer", status: 500, moment: "after-commit" }],
])("a commit whose answer is lost %s is made once", async (_case, effect) => {
  const { endpoint, store: open } = await testCosmos();
  const store = open();
  const fleet = newFleet();
  const sum = await created(store, thing(fleet, "sum"), { counts: { done: 0 } });
  await endpoint.addFault({ kinds: ["batch"], times: 1, effect });
  const committed = await saved(store, {
    fleet,
    writes: [
      { kind: "create", key: thing(fleet, "one"), body: {} },
      { kind: "count", key: sum.key, add: { done: 1 } },
    ],
  });
  expect(committed.revision).toBe(2);
  expect((await store.read(sum.key))?.body.counts).toEqual({ done: 1 });
  expect(committed.documents[0]).toEqual(await store.read(thing(fleet, "one")));

  // Without the ETag that was lost with the answer, the document can still be replaced.
  const [document] = committed.documents;
  if (document === undefined) throw new Error("Cannot find the created document");
  await saved(store, { fleet, writes: [{ kind: "replace", document, body: { text: "2" } }] });
});

test("the first commit of a fleet is made once, too", async () => {
  const { endpoint, store } = await testCosmos();
  const key = thing(newFleet(), "one");
  const effect = { kind: "drop", moment: "after-commit" } as const;
  await endpoint.addFault({ kinds: ["batch"], times: 1, effect });
  expect(await created(store(), key, {})).toMatchObject({ revision: 1 });
});

test("a commit is made once when what was lost arrives before the second try", async () => {
  const statuses: number[] = [];
  const { store, key } = await withLateArrival(async (first, isSecond) => {
    if (isSecond) statuses.push(await first());
  });
  expect(await store.commit(increment(key))).toMatchObject({ kind: "saved", revision: 2 });
  expect(statuses).toEqual([200]);
  expect((await store.read(key))?.body.counts).toEqual({ done: 1 });
  expect(await store.head(key.fleet)).toMatchObject({ revision: 2 });
});

test("a commit is made once when what was lost arrives after the second try", async () => {
  let late: (() => Promise<number>) | undefined;
  const { store, key } = await withLateArrival(async (first) => {
    late = first;
  });
  expect(await store.commit(increment(key))).toMatchObject({ kind: "saved", revision: 2 });
  expect(await late?.()).toBe(207);
  expect((await store.read(key))?.body.counts).toEqual({ done: 1 });
});

test("a commit is tried again when others committed before it could arrive", async () => {
  const { endpoint, store: open } = await testCosmos();
  const [store, other] = [open(), open()];
  const key = thing(newFleet(), "sum");
  await created(store, key, { counts: { done: 0 } });
  await endpoint.addFault({
    kinds: ["batch"],
    times: 1,
    effect: { kind: "drop", moment: "before-commit" },
  });
  const mine = store.commit(increment(key));
  for (let each = 0; each < 5; each++) await saved(other, increment(key));
  expect(await mine).toMatchObject({ kind: "saved" });
  expect((await other.read(key))?.body.counts).toEqual({ done: 6 });
});

test("a lost answer hides no change that another made meanwhile", async () => {
  const { endpoint, store: open } = await testCosmos();
  const [store, other] = [open(), open()];
  const document = await created(store, thing(newFleet(), "one"), {});
  const { fleet } = document.key;
  await endpoint.addFault({
    kinds: ["batch"],
    times: 1,
    effect: { kind: "drop", moment: "before-commit" },
  });
  const replace = (text: string) =>
    ({ fleet, writes: [{ kind: "replace", document, body: { text } }] }) as const;
  const outcomes = await Promise.all([
    store.commit(replace("mine")),
    other.commit(replace("theirs")),
  ]);
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["changed-meanwhile", "saved"]);
  expect(await store.head(fleet)).toMatchObject({ revision: 2 });
});

test("a head that was touched by hand stops nobody", async () => {
  const { container, store: open } = await testCosmos();
  const store = open();
  const document = await created(store, thing(newFleet(), "one"), { text: "1" });
  const { fleet } = document.key;
  const head = container().item("@revision", fleet);
  const { resource } = await head.read<{ id: string }>();
  await head.replace({ ...resource, id: "@revision", touched: true });
  expect(await replaced(store, document, { text: "2" })).toMatchObject({ revision: 2 });
});

test("no commit is lost or doubled among many faults and writers", async () => {
  const { endpoint, store: open } = await testCosmos();
  const stores = [open(), open(), open()];
  const fleet = newFleet();
  const sum = await created(stores[0] as Store, thing(fleet, "sum"), { counts: { done: 0 } });
  const unlucky = (effect: Fault["effect"], probability: number): Fault => ({
    kinds: ["batch"],
    probability,
    effect,
  });
  await endpoint.addFault(unlucky({ kind: "drop", moment: "before-commit" }, 0.1));
  await endpoint.addFault(unlucky({ kind: "drop", moment: "after-commit" }, 0.1));
  await endpoint.addFault(unlucky({ kind: "answer", status: 503, moment: "after-commit" }, 0.1));
  await endpoint.addFault(unlucky({ kind: "answer", status: 429, retryAfterMs: 3 }, 0.1));
  await endpoint.addFault(unlucky({ kind: "delay", delayMs: 15 }, 0.2));

  const revisions: number[][] = await Promise.all(
    stores.map(async (store, writer) => {
      const mine: number[] = [];
      for (let at = 0; at < 15; at++) {
        const committed: Saved = await saved(store, {
          fleet,
          writes: [
            { kind: "create", key: thing(fleet, `${writer}-${at}`), body: {} },
            { kind: "count", key: sum.key, add: { done: 1 } },
          ],
        });
        mine.push(committed.revision);
      }
      return mine;
    }),
  );
  await endpoint.clearFaults();
  const [store] = stores as [Store];
  expect((await store.read(sum.key))?.body.counts).toEqual({ done: 45 });
  expect((await store.list({ fleet, kind: things })).documents).toHaveLength(46);
  const all = revisions.flat().sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 45 }, (_, at) => at + 2));
});

function increment(key: ReturnType<typeof thing>) {
  return { fleet: key.fleet, writes: [{ kind: "count", key, add: { done: 1 } }] } as const;
}

/** A store whose first batch gets no answer; the test says when it arrives. */
async function withLateArrival(
  onBatch: (first: () => Promise<number>, isSecond: boolean) => Promise<void>,
) {
  const { endpoint, container, store: open } = await testCosmos();
  const key = thing(newFleet(), "sum");
  await created(open(), key, { counts: { done: 0 } });
  let first: (() => Promise<number>) | undefined;
  const url = await holdingProxy(endpoint.url, async ({ isBatch, deliver }) => {
    if (!isBatch) return "pass";
    const isSecond = first !== undefined;
    first ??= deliver;
    await onBatch(first, isSecond);
    return isSecond ? "pass" : "cut";
  });
  return { store: open({ container: container(url) }), key };
}
