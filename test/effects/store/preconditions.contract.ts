import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FleetId, keyOf, type Precondition } from "../../../shared/lib/document.ts";
import {
  created,
  deleted,
  newFleet,
  type OpenStore,
  others,
  replaced,
  type StoreSubject,
  thing,
  things,
} from "./subject.ts";

export function preconditionsContract(name: string, open: OpenStore): void {
  describe(`${name} requires`, () => {
    let subject: StoreSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => await subject.close?.());

    /** Commits one new document, requiring something. */
    async function requiring(fleet: FleetId, ...require: readonly Precondition[]) {
      const key = keyOf(others, fleet, crypto.randomUUID());
      const writes = [{ kind: "create", key, body: {} }] as const;
      const committed = await subject.store.commit({ fleet, writes, require });
      const isThere = (await subject.other.read(key)) !== undefined;
      expect(isThere).toBe(committed.kind === "saved");
      return committed;
    }

    test("that a document is unchanged", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const document = await created(store, thing(fleet, "one"), { text: "1" });
      expect(await requiring(fleet, { kind: "unchanged", document })).toMatchObject({
        kind: "saved",
      });
      const second = await replaced(other, document, { text: "2" });
      const lost = { kind: "changed-meanwhile", key: document.key };
      expect(await requiring(fleet, { kind: "unchanged", document })).toEqual(lost);
      const unchanged = { kind: "unchanged", document: second } as const;
      expect(await requiring(fleet, unchanged)).toMatchObject({ kind: "saved" });
      await deleted(other, second);
      expect(await requiring(fleet, unchanged)).toEqual(lost);
      await created(other, document.key, { text: "2" });
      expect(await requiring(fleet, unchanged)).toEqual(lost);
    });

    test("also of a commit that changes nothing, which gives back what it was given", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const document = await created(store, thing(fleet, "one"), { text: "1" });
      const same = { kind: "replace", document, body: { text: "1" } } as const;
      const commit = { fleet, writes: [same], require: [{ kind: "unchanged", document } as const] };
      const { revision } = document;
      expect(await store.commit(commit)).toEqual({
        kind: "saved",
        revision,
        documents: [document],
      });
      await replaced(other, document, { text: "2" });
      const lost = { kind: "changed-meanwhile", key: document.key };
      expect(await store.commit(commit)).toEqual(lost);
    });

    test("that a count left a document changed", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const document = await created(store, thing(fleet, "sum"), { counts: { done: 0 } });
      await other.commit({
        fleet,
        writes: [{ kind: "count", key: document.key, add: { done: 1 } }],
      });
      expect(await requiring(fleet, { kind: "unchanged", document })).toEqual({
        kind: "changed-meanwhile",
        key: document.key,
      });
    });

    test("that a document is absent", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const key = thing(fleet, "one");
      expect(await requiring(fleet, { kind: "absent", key })).toMatchObject({ kind: "saved" });
      const document = await created(store, key, {});
      const lost = { kind: "changed-meanwhile", key };
      expect(await requiring(fleet, { kind: "absent", key })).toEqual(lost);
      await deleted(store, document);
      expect(await requiring(fleet, { kind: "absent", key })).toMatchObject({ kind: "saved" });
    });

    test.each<[string, (fleet: FleetId) => Promise<unknown>, boolean]>([
      ["nothing", async () => undefined, true],
      ["another kind", (fleet) => created(subject.other, keyOf(others, fleet, "x"), {}), true],
      ["a created document", (fleet) => created(subject.other, thing(fleet, "new"), {}), false],
      ["a replaced document", async (fleet) => await replaceOne(fleet), false],
      ["a deleted document", async (fleet) => await deleteOne(fleet), false],
      ["a count", async (fleet) => await countOne(fleet), false],
    ])("that none of a kind changed, when %s did", async (_case, change, isSaved) => {
      const { store } = subject;
      const fleet = newFleet();
      await created(store, thing(fleet, "one"), { counts: { done: 0 } });
      const { revision } = await store.head(fleet);
      await change(fleet);
      const none = { kind: "none-changed-since", fleet, documents: things, revision } as const;
      const { kind } = await requiring(fleet, none);
      expect(kind).toBe(isSaved ? "saved" : "changed-meanwhile");
    });

    async function one(fleet: FleetId) {
      const document = await subject.other.read(thing(fleet, "one"));
      if (document === undefined) throw new Error("Cannot find the document of the test");
      return document;
    }
    async function replaceOne(fleet: FleetId) {
      await replaced(subject.other, await one(fleet), { text: "2", counts: { done: 0 } });
    }
    async function deleteOne(fleet: FleetId) {
      await deleted(subject.other, await one(fleet));
    }
    async function countOne(fleet: FleetId) {
      const { key } = await one(fleet);
      await subject.other.commit({ fleet, writes: [{ kind: "count", key, add: { done: 1 } }] });
    }

    test("each of several, also of what it writes itself", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const document = await created(store, thing(fleet, "one"), { text: "1" });
      const require = [
        { kind: "unchanged", document },
        { kind: "absent", key: thing(fleet, "two") },
        { kind: "none-changed-since", fleet, documents: things, revision: 1 },
      ] as const;
      const writes = [
        { kind: "replace", document, body: { text: "2" } },
        { kind: "create", key: thing(fleet, "two"), body: {} },
      ] as const;
      expect(await store.commit({ fleet, writes, require })).toMatchObject({ kind: "saved" });
      expect(await store.commit({ fleet, writes, require })).toMatchObject({
        kind: "changed-meanwhile",
      });
      expect(await store.head(fleet)).toMatchObject({ revision: 2 });
    });

    test("something also when nothing is written", async () => {
      const { store } = subject;
      const key = thing(newFleet(), "one");
      const { fleet } = key;
      const absent = { fleet, writes: [], require: [{ kind: "absent", key }] } as const;
      expect(await store.commit(absent)).toMatchObject({ kind: "saved", revision: 0 });
      await created(store, key, {});
      expect(await store.commit(absent)).toEqual({ kind: "changed-meanwhile", key });
    });

    test("only what is of the same fleet", async () => {
      const absent = { kind: "absent", key: thing(newFleet(), "one") } as const;
      await expect(requiring(newFleet(), absent)).rejects.toThrow(RangeError);
    });
  });
}
