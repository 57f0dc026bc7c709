import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageDocumentsMax } from "../../../shared/effects/store.ts";
import { idPrefix, itemId, keyOf, keyText } from "../../../shared/lib/document.ts";
import { type Instant, plusSeconds } from "../../../shared/lib/instant.ts";
import {
  created,
  deleted,
  namesOf,
  newFleet,
  type OpenStore,
  others,
  replaced,
  type StoreSubject,
  saved,
  thing,
  things,
} from "./subject.ts";

export function readsContract(name: string, open: OpenStore): void {
  describe(`${name} reads`, () => {
    let subject: StoreSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => await subject.close?.());

    test("what was saved, from any process", async () => {
      const { store, other } = subject;
      const key = thing(newFleet(), "one", "space");
      const document = await created(store, key, { text: "hello" }, { refs: ["run:a"] });
      expect(document).toMatchObject({
        key,
        revision: 1,
        createdRevision: 1,
        generation: 1,
        refs: ["run:a"],
        body: { text: "hello" },
      });
      expect(await store.read(key)).toEqual(document);
      expect(await other.read(key)).toEqual(document);
    });

    test("nothing that was never created", async () => {
      const { store } = subject;
      const key = thing(newFleet(), "one");
      expect(await store.read(key)).toBeUndefined();
      expect(await store.list({ fleet: key.fleet, kind: things })).toEqual({ documents: [] });
      expect(await store.head(key.fleet)).toEqual({ revision: 0, horizon: 0 });
    });

    test.each([
      "a/b",
      "100%",
      "per%2Fcent",
      "späß",
      "日本語",
      "a b",
      "a:b",
      "?#\\",
      "'\"",
      "🚀",
      "!revision",
      "@revision",
      "/subscriptions/s/resourcegroups/r/providers/p/managedclusters/c",
    ])("a document named %s, and no other", async (odd) => {
      const { store, other } = subject;
      const fleet = newFleet();
      const document = await created(store, thing(fleet, odd, odd), { text: odd });
      await created(store, thing(fleet, `${odd}x`, odd), {});
      expect(await other.read(thing(fleet, odd, odd))).toEqual(document);
      const { documents } = await other.list({ fleet, kind: things, namespace: odd });
      expect(namesOf(documents)).toContain(odd);
      expect(documents).toHaveLength(2);
      await deleted(other, document);
      expect(await store.read(thing(fleet, odd, odd))).toBeUndefined();
    });

    test("a namespace apart from one that begins like it, and a kind from another", async () => {
      const { store } = subject;
      const fleet = newFleet();
      await created(store, thing(fleet, "x", "a"), {});
      await created(store, thing(fleet, "x", "ab"), {});
      await created(store, thing(fleet, "x", "a:b"), {});
      await created(store, thing(fleet, "a"), {});
      await created(store, keyOf(others, fleet, "x", "a"), {});
      const page = await store.list({ fleet, kind: things, namespace: "a" });
      expect(page.documents.map(({ key }) => key)).toEqual([thing(fleet, "x", "a")]);
      expect((await store.list({ fleet, kind: things })).documents).toHaveLength(4);
    });

    test("lists in pages, in the order of ids", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const keys = ["b", "a", "", "a/1", "ä", "Z", "~"].flatMap((namespace) =>
        ["2", "10", "1", "é", "x-y", "x.y"].map((each) => thing(fleet, each, namespace)),
      );
      await saved(store, {
        fleet,
        writes: keys.map((key) => ({ kind: "create", key, body: {} })),
      });
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const query = { fleet, kind: things, limit: 5, ...(after !== undefined && { after }) };
        const page = await other.list(query);
        expect(page.documents.length).toBeLessThanOrEqual(5);
        ids.push(...page.documents.map(({ key }) => itemId(key)));
        after = page.next;
      } while (after !== undefined);
      expect(ids).toEqual(keys.map(itemId).sort());
      expect(ids.every((id) => id.startsWith(idPrefix(things)))).toBe(true);
    });

    test("has no next page when the last one is just full", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const names = ["a", "b", "c", "d"];
      await saved(store, {
        fleet,
        writes: names.map((each) => ({ kind: "create", key: thing(fleet, each), body: {} })),
      });
      const first = await store.list({ fleet, kind: things, limit: 2 });
      expect(namesOf(first.documents)).toEqual(["a", "b"]);
      const query = { fleet, kind: things, limit: 2 };
      const second = await store.list({ ...query, ...(first.next && { after: first.next }) });
      expect(namesOf(second.documents)).toEqual(["c", "d"]);
      expect(second.next).toBeUndefined();
      expect((await store.list({ ...query, limit: pageDocumentsMax + 1 })).documents).toHaveLength(
        4,
      );
    });

    test("continues a list after a document that is gone", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const [, second] = await Promise.all(
        ["a", "b", "c"].map((each) => created(store, thing(fleet, each), {})),
      );
      const page = await store.list({ fleet, kind: things, limit: 2 });
      if (second) await deleted(store, second);
      const rest = await store.list({
        fleet,
        kind: things,
        ...(page.next && { after: page.next }),
      });
      expect(namesOf(rest.documents)).toEqual(["c"]);
    });

    test("finds documents by their refs as they are now", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const ref = `cluster:${fleet}`;
      const one = await created(store, thing(fleet, "one"), {}, { refs: [ref, "run:x"] });
      const two = await created(store, keyOf(others, fleet, "two"), {}, { refs: [ref] });
      const gone = await created(store, thing(fleet, "gone"), {}, { refs: [ref] });
      const moved = await created(store, thing(fleet, "moved"), {}, { refs: [ref] });
      await deleted(store, gone);
      await saved(store, {
        fleet,
        writes: [{ kind: "replace", document: moved, body: {}, refs: ["run:x"] }],
      });
      const keys = await other.referring(ref);
      expect(keys.map(keyText).sort()).toEqual([one, two].map(({ key }) => keyText(key)).sort());
      expect(await other.find(things, ref)).toEqual([one]);
      const listed = await other.list({ fleet, kind: things, ref: "run:x" });
      expect(namesOf(listed.documents)).toEqual(["moved", "one"]);
    });

    test("finds documents of a kind in any fleet", async () => {
      const { store, other } = subject;
      const rare = keyOf(things, newFleet(), "rare");
      const one = await created(store, { ...rare, kind: `rare.${rare.fleet}` }, {});
      const two = await created(store, { ...one.key, fleet: newFleet() }, {});
      await deleted(store, await created(store, { ...one.key, name: "gone" }, {}));
      const found = await other.find(one.key.kind);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([one, two]));
    });

    test("finds what is overdue, until it is met or deleted", async () => {
      const { store, clock } = subject;
      const now = clock.now();
      const fleet = newFleet();
      const mine = async (at: Instant) =>
        (await store.overdue(at, 1_000)).filter((key) => key.fleet === fleet);
      const due = await created(store, thing(fleet, "due"), {}, { wakeAt: now });
      await created(store, thing(fleet, "later"), {}, { wakeAt: plusSeconds(now, 1) });
      const gone = await created(store, thing(fleet, "gone"), {}, { wakeAt: now });
      await created(store, thing(fleet, "never"), {});
      await deleted(store, gone);
      expect(await mine(now)).toEqual([due.key]);
      expect(await mine(plusSeconds(now, 1))).toHaveLength(2);
      expect(await store.overdue(plusSeconds(now, 1), 1)).toHaveLength(1);

      const kept = await replaced(store, due, { text: "still due" });
      expect(await mine(now)).toEqual([due.key]);
      await saved(store, {
        fleet,
        writes: [{ kind: "replace", document: kept, body: kept.body, wakeAt: null }],
      });
      expect(await mine(now)).toEqual([]);
      expect(await store.read(due.key)).not.toHaveProperty("wakeAt");
    });

    test("are as new as a revision once it is reached", async () => {
      const { store, other } = subject;
      const key = thing(newFleet(), "one");
      const document = await created(store, key, {});
      await other.reached(key.fleet, document.revision);
      expect(await other.read(key)).toEqual(document);
      const retryAfterSeconds: unknown = expect.any(Number);
      const refusal = { code: "Unavailable", retryAfterSeconds };
      await expect(store.reached(key.fleet, 99)).rejects.toMatchObject(refusal);
    });

    test("give documents that nobody can change", async () => {
      const { store } = subject;
      const key = thing(newFleet(), "one");
      const given = { text: "hello", counts: { done: 1 } };
      await created(store, key, given);
      given.counts.done = 2;
      const document = await store.read(key);
      expect(document?.body).toEqual({ text: "hello", counts: { done: 1 } });
      expect(() => Object.assign(document?.body.counts ?? {}, { done: 3 })).toThrow(TypeError);
    });
  });
}
