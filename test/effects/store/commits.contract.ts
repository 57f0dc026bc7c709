import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitWritesMax, documentBytesMax } from "../../../shared/effects/store.ts";
import { type Key, keyOf, type Write } from "../../../shared/lib/document.ts";
import {
  created,
  deleted,
  newFleet,
  type OpenStore,
  others,
  replaced,
  type StoreSubject,
  saved,
  type Thing,
  thing,
  things,
} from "./subject.ts";

export function commitsContract(name: string, open: OpenStore): void {
  describe(`${name} commits`, () => {
    let subject: StoreSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => await subject.close?.());

    test("several documents at one revision, and returns each in its place", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const one = await created(store, thing(fleet, "one"), { text: "1" });
      const two = await created(store, thing(fleet, "two"), { text: "2" });
      const sum = await created(store, thing(fleet, "sum"), { counts: { done: 0 } });
      const { revision, documents } = await saved(store, {
        fleet,
        writes: [
          { kind: "delete", document: one },
          { kind: "replace", document: two, body: { text: "two" } },
          { kind: "count", key: sum.key, add: { done: 1 } },
          { kind: "create", key: thing(fleet, "three"), body: { text: "3" } },
        ],
      });
      expect(revision).toBe(4);
      expect(await other.head(fleet)).toMatchObject({ revision: 4 });
      expect(documents).toEqual([
        undefined,
        { ...two, revision: 4, sharesRevision: true, body: { text: "two" } },
        undefined,
        await other.read(thing(fleet, "three")),
      ]);
      expect(await other.read(sum.key)).toEqual({
        ...sum,
        revision: 4,
        body: { counts: { done: 1 } },
      });
      expect(await other.read(one.key)).toBeUndefined();
    });

    test("remembers what the labels of a document were before its last change of them", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const labelled = (state: string, text = ""): Thing => ({
        text,
        metadata: { labels: { state } },
      });
      const first = await created(store, thing(fleet, "one"), labelled("on"));
      expect(first.relabelled).toBeUndefined();
      const second = await replaced(store, first, labelled("on", "changed"));
      expect(second.relabelled).toBeUndefined();
      const third = await replaced(store, second, labelled("off"));
      expect(third.relabelled).toEqual({
        at: 3,
        before: { labels: { state: "on" }, since: 1 },
      });
      const fourth = await replaced(store, third, labelled("off", "changed"));
      expect(fourth.relabelled).toEqual(third.relabelled);
      const fifth = await replaced(store, fourth, { text: "bare" });
      expect(fifth.relabelled).toEqual({
        at: 5,
        before: { labels: { state: "off" }, since: 3 },
      });
      expect(await other.read(thing(fleet, "one"))).toEqual(fifth);
      await deleted(store, fifth);
      const gone = await other.changes(fleet, 5);
      expect(gone).toMatchObject({ documents: [{ relabelled: fifth.relabelled, revision: 6 }] });
    });

    test("tells of documents that share their revision with others of their kind", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const keys = [thing(fleet, "one"), thing(fleet, "two"), keyOf(others, fleet, "one")];
      const create = (key: Key<Thing>): Write => ({ kind: "create", key, body: {} });
      await saved(store, { fleet, writes: keys.map(create) });
      const read = async () => await Promise.all(keys.map(async (key) => await other.read(key)));
      const together = await read();
      expect(together.map((each) => each?.sharesRevision)).toEqual([true, true, undefined]);
      const [first] = together;
      if (first !== undefined) await replaced(store, first, { text: "alone" });
      expect((await read()).map((each) => each?.sharesRevision)).toEqual([
        undefined,
        true,
        undefined,
      ]);
    });

    test("forgets what the labels were when they were large", async () => {
      const { store } = subject;
      const key = thing(newFleet(), "one");
      const large = { metadata: { labels: { state: "x".repeat(10_000) } } };
      const first = await created(store, key, large);
      const second = await replaced(store, first, { metadata: { labels: { state: "on" } } });
      expect(second.relabelled).toEqual({ at: 2 });
      const third = await replaced(store, second, { metadata: { labels: {} } });
      expect(third.relabelled).toEqual({
        at: 3,
        before: { labels: { state: "on" }, since: 2 },
      });
    });

    test("replaces body, generation, refs and wakeAt, and keeps what is left out", async () => {
      const { store, clock } = subject;
      const wakeAt = clock.now();
      const key = thing(newFleet(), "one");
      const { fleet } = key;
      const first = await created(store, key, { text: "1" }, { refs: ["a"], wakeAt });
      const second = await replaced(store, first, { text: "2" });
      expect(second).toEqual({ ...first, revision: 2, body: { text: "2" } });
      const { documents } = await saved(store, {
        fleet,
        writes: [
          { kind: "replace", document: second, body: second.body, generation: 2, refs: ["b"] },
        ],
      });
      expect(documents[0]).toEqual({ ...second, revision: 3, generation: 2, refs: ["b"] });
      expect(await store.read(key)).toEqual(documents[0]);
    });

    test("follows its own answers without reading", async () => {
      const { store } = subject;
      let document = await created(store, thing(newFleet(), "one"), { text: "0" });
      for (let at = 1; at <= 5; at++) document = await replaced(store, document, { text: `${at}` });
      expect(await store.read(document.key)).toEqual(document);
      expect(document).toMatchObject({ revision: 6, createdRevision: 1, body: { text: "5" } });
    });

    test("accepts a document that was copied or parsed", async () => {
      const { store, other } = subject;
      const document = await created(store, thing(newFleet(), "one"), { text: "1" });
      const second = await replaced(other, { ...document }, { text: "2" });
      const third = await replaced(store, structuredClone(second), { text: "3" });
      expect(await store.read(document.key)).toEqual(third);
      const stale = { ...document, revision: document.revision };
      const late = await store.commit({
        fleet: document.key.fleet,
        writes: [{ kind: "replace", document: stale, body: { text: "late" } }],
      });
      expect(late).toEqual({ kind: "changed-meanwhile", key: document.key });
    });

    test("nothing when nothing changes", async () => {
      const { store } = subject;
      const key = thing(newFleet(), "one");
      const { fleet } = key;
      const document = await created(store, key, { text: "1", counts: { a: 1 } }, { refs: ["r"] });
      const summary = await created(store, thing(fleet, "sum"), { counts: {} });
      const committed = await store.commit({
        fleet,
        writes: [
          { kind: "replace", document, body: { counts: { a: 1 }, text: "1" }, refs: ["r"] },
          { kind: "count", key: summary.key, add: { done: 0 } },
        ],
      });
      expect(committed).toEqual({ kind: "saved", revision: 2, documents: [document, undefined] });
      expect(await store.head(fleet)).toMatchObject({ revision: 2 });
      expect(await store.commit({ fleet, writes: [] })).toMatchObject({
        kind: "saved",
        revision: 2,
      });
    });

    test("only the writes that change something", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const same = await created(store, thing(fleet, "same"), { text: "1" });
      const { documents } = await saved(store, {
        fleet,
        writes: [
          { kind: "replace", document: same, body: { text: "1" } },
          { kind: "create", key: thing(fleet, "new"), body: {} },
        ],
      });
      expect(documents[0]).toEqual(same);
      expect(await store.read(same.key)).toEqual(same);
    });

    test("what JSON keeps of a body", async () => {
      const { store, other } = subject;
      const key = { ...thing(newFleet(), "one") };
      const body = { text: "a", gone: undefined, list: [1, null], deep: { "a/b~c": "\u2028😀" } };
      await created(store, key, body);
      const document = await other.read(key);
      expect(document?.body).toStrictEqual({
        text: "a",
        list: [1, null],
        deep: { "a/b~c": "\u2028😀" },
      });
    });

    test("counts that hold for any version, with those of the same commit", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const key = thing(fleet, "sum");
      await saved(store, {
        fleet,
        writes: [
          { kind: "create", key, body: { counts: { done: 1 } } },
          { kind: "count", key, add: { done: 2 } },
        ],
      });
      await saved(other, { fleet, writes: [{ kind: "count", key, add: { done: 1, failed: 1 } }] });
      await saved(store, {
        fleet,
        writes: [
          { kind: "count", key, add: { done: -1 } },
          { kind: "count", key, add: { done: -1, half: 0.5 } },
        ],
      });
      const document = await other.read(key);
      expect(document?.body.counts).toEqual({ done: 2, failed: 1, half: 0.5 });
      if (document === undefined) return;
      await saved(store, {
        fleet,
        writes: [
          { kind: "count", key, add: { done: 10 } },
          { kind: "replace", document, body: { counts: { done: 100 } } },
        ],
      });
      expect((await other.read(key))?.body).toEqual({ counts: { done: 110 } });
    });

    test("an object again under another uid", async () => {
      const { store } = subject;
      const key = thing(newFleet(), "one");
      const first = await created(store, key, {});
      await deleted(store, first);
      const second = await created(store, key, {});
      expect(second.uid).not.toBe(first.uid);
      expect(second).toMatchObject({ revision: 3, createdRevision: 3, generation: 1 });
      const named = await created(store, { ...key, name: "two" }, {}, { uid: "mine" });
      expect(named.uid).toBe("mine");
    });

    test.each<[string, (fleet: ReturnType<typeof newFleet>) => readonly Write[]]>([
      ["a create of what exists", (fleet) => [create(fleet, "there")]],
      ["a count of what does not exist", (fleet) => [count(fleet, "missing")]],
    ])("none of its writes beside %s", async (_case, writes) => {
      const { store } = subject;
      const fleet = newFleet();
      await created(store, thing(fleet, "there"), {});
      const committed = await store.commit({
        fleet,
        writes: [create(fleet, "before"), ...writes(fleet), create(fleet, "after")],
      });
      expect(committed).toMatchObject({ kind: "changed-meanwhile", key: { fleet, kind: things } });
      expect((await store.list({ fleet, kind: things })).documents).toHaveLength(1);
      expect(await store.head(fleet)).toMatchObject({ revision: 1 });
    });

    test("neither replaces nor deletes what changed, went or came again", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const changed = await created(store, thing(fleet, "changed"), { text: "1" });
      const gone = await created(store, thing(fleet, "gone"), { text: "1" });
      const again = await created(store, thing(fleet, "again"), { text: "1" });
      await replaced(other, changed, { text: "2" });
      await deleted(other, gone);
      await deleted(other, again);
      await created(other, again.key, { text: "1" });
      for (const document of [changed, gone, again]) {
        for (const write of [
          { kind: "replace", document, body: { text: "3" } },
          { kind: "delete", document },
        ] as const) {
          const committed = await store.commit({ fleet, writes: [create(fleet, "new"), write] });
          expect(committed).toEqual({ kind: "changed-meanwhile", key: document.key });
        }
      }
      expect(await store.read(thing(fleet, "new"))).toBeUndefined();
      expect(await store.head(fleet)).toMatchObject({ revision: 7 });
    });

    test("as many writes as are allowed, and refuses more", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const many = Array.from({ length: commitWritesMax }, (_, at) => create(fleet, `n${at}`));
      const { documents } = await saved(store, { fleet, writes: many });
      expect(documents.every((each) => each?.revision === 1)).toBe(true);
      const tooMany = [...many, create(fleet, "more")];
      await expect(store.commit({ fleet, writes: tooMany })).rejects.toThrow(RangeError);

      const deletes = documents.flatMap((each) =>
        each ? [{ kind: "delete" as const, document: each }] : [],
      );
      await expect(store.commit({ fleet, writes: deletes })).rejects.toThrow(RangeError);
      await saved(store, { fleet, writes: deletes.slice(0, commitWritesMax / 2) });
      const left = await store.list({ fleet, kind: things });
      expect(left.documents).toHaveLength(commitWritesMax / 2);
    });

    test("a large document, and refuses one that is too large", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const large = await created(store, thing(fleet, "large"), { text: "x".repeat(1_400_000) });
      expect(await store.read(large.key)).toEqual(large);
      const body = { text: "ä".repeat(documentBytesMax / 2) };
      const write = { kind: "create", key: thing(fleet, "larger"), body } as const;
      const message: unknown = expect.stringContaining(`${documentBytesMax}`);
      const refusal = { code: "TooLarge", message };
      await expect(store.commit({ fleet, writes: [write] })).rejects.toMatchObject(refusal);
      const half = (each: string) => ({ ...create(fleet, each), body: { text: "x".repeat(1e6) } });
      await expect(
        store.commit({ fleet, writes: [half("half"), half("other")] }),
      ).rejects.toMatchObject({ code: "TooLarge" });
      expect(await store.head(fleet)).toMatchObject({ revision: 1 });
    });

    test.each<[string, (fleet: ReturnType<typeof newFleet>) => readonly Write[]]>([
      ["writes of two fleets", (fleet) => [create(fleet, "a"), create(newFleet(), "b")]],
      ["one document twice", (fleet) => [create(fleet, "a"), create(fleet, "a")]],
      ["a count of nine names", (fleet) => [count(fleet, "sum", "abcdefghi".split(""))]],
      ["a count with a path for a name", (fleet) => [count(fleet, "sum", ["a/b"])]],
      ["a count where there are none", (fleet) => [count(fleet, "plain")]],
    ])("refuses %s", async (_case, writes) => {
      const { store } = subject;
      const fleet = newFleet();
      await created(store, thing(fleet, "sum"), { counts: {} });
      await created(store, thing(fleet, "plain"), {});
      await expect(store.commit({ fleet, writes: writes(fleet) })).rejects.toThrow(RangeError);
      expect(await store.head(fleet)).toMatchObject({ revision: 2 });
    });
  });
}

function create(fleet: ReturnType<typeof newFleet>, each: string) {
  return { kind: "create", key: thing(fleet, each), body: {} } as const;
}

function count(fleet: ReturnType<typeof newFleet>, each: string, names = ["done"]): Write {
  const add = Object.fromEntries(names.map((one) => [one, 1]));
  return { kind: "count", key: thing(fleet, each), add };
}
