import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Store } from "../../../shared/effects/store.ts";
import type { Document, FleetId, Revision } from "../../../shared/lib/document.ts";
import {
  created,
  deleted,
  namesOf,
  newFleet,
  type OpenStore,
  replaced,
  type StoreSubject,
  saved,
  thing,
} from "./subject.ts";

const anInstant: unknown = expect.any(String);

async function changesAfter(store: Store, fleet: FleetId, after: Revision) {
  const changes = await store.changes(fleet, after);
  if (changes.kind === "expired") throw new Error(`Cannot read: expired at ${changes.horizon}`);
  return changes;
}

export function changesContract(name: string, open: OpenStore): void {
  describe(`${name} gives changes`, () => {
    let subject: StoreSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => await subject.close?.());

    test("in the order of commits, the newest state of each document", async () => {
      const { store, other } = subject;
      const fleet = newFleet();
      const a = await created(store, thing(fleet, "a"), { text: "1" });
      const b = await created(store, thing(fleet, "b"), {});
      const changed = await replaced(store, a, { text: "2" });
      expect(await changesAfter(other, fleet, 0)).toEqual({
        kind: "changes",
        documents: [b, changed],
        upTo: 3,
        more: false,
      });
      expect((await changesAfter(other, fleet, 2)).documents).toEqual([changed]);
      const none = { kind: "changes", documents: [], upTo: 3, more: false };
      expect(await changesAfter(other, fleet, 3)).toEqual(none);
      expect(await changesAfter(other, newFleet(), 0)).toEqual({ ...none, upTo: 0 });
    });

    test("of deletions, also of an object that came again", async () => {
      const { store, other } = subject;
      const key = thing(newFleet(), "one");
      const { fleet } = key;
      const first = await created(store, key, { text: "1" }, { refs: ["r"] });
      await deleted(store, first);
      const second = await created(store, key, { text: "2" });
      await deleted(store, second);
      const third = await created(store, key, { text: "3" });
      const { documents } = await changesAfter(other, fleet, 0);
      expect(documents).toEqual([
        { ...first, revision: 2, deletedAt: anInstant },
        { ...second, revision: 4, deletedAt: anInstant },
        third,
      ]);
      const late = await store.commit({
        fleet,
        writes: [{ kind: "replace", document: documents[0] as Document, body: {} }],
      });
      expect(late).toEqual({ kind: "changed-meanwhile", key });
    });

    test("of counts", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const sum = await created(store, thing(fleet, "sum"), { counts: { done: 0 } });
      await saved(store, { fleet, writes: [{ kind: "count", key: sum.key, add: { done: 3 } }] });
      const { documents } = await changesAfter(store, fleet, 1);
      expect(documents).toEqual([{ ...sum, revision: 2, body: { counts: { done: 3 } } }]);
    });

    test("in pages that never split a commit", async () => {
      const { store } = subject;
      const fleet = newFleet();
      const sizes = [90, 90, 1, 90, 98, 60, 2];
      for (const [at, size] of sizes.entries()) {
        await saved(store, {
          fleet,
          writes: Array.from({ length: size }, (_, each) => ({
            kind: "create",
            key: thing(fleet, `${at}-${each}`),
            body: {},
          })),
        });
      }
      const seen: Document[] = [];
      let after = 0;
      let pages = 0;
      for (let more = true; more; pages++) {
        const page = await changesAfter(store, fleet, after);
        expect(page.documents.length).toBeLessThan(300);
        expect(page.documents.at(-1)?.revision).toBe(page.upTo);
        expect(page.documents.every(({ revision }) => revision > after)).toBe(true);
        seen.push(...page.documents);
        ({ more, upTo: after } = page);
      }
      expect(pages).toBeGreaterThan(1);
      expect(after).toBe(sizes.length);
      expect(seen).toHaveLength(sizes.reduce((sum, size) => sum + size));
      expect(new Set(namesOf(seen)).size).toBe(seen.length);
      const revisions = seen.map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    });

    test("until tombstones may be gone, then says that they expired", async () => {
      const { store, other, clock, tombstoneSeconds } = subject;
      const fleet = newFleet();
      const a = await created(store, thing(fleet, "a"), {});
      await deleted(store, a);
      clock.pass(tombstoneSeconds / 4);
      await created(store, thing(fleet, "b"), {});
      expect(await store.head(fleet)).toEqual({ revision: 3, horizon: 0 });
      expect((await changesAfter(other, fleet, 0)).documents).toHaveLength(2);

      clock.pass((tombstoneSeconds * 5) / 16);
      const { horizon } = await other.head(fleet);
      expect(horizon).toBe(2);
      expect(await other.changes(fleet, 0)).toEqual({ kind: "expired", horizon });
      expect(namesOf((await changesAfter(other, fleet, horizon)).documents)).toEqual(["b"]);

      clock.pass(tombstoneSeconds);
      await created(store, thing(fleet, "c"), {});
      expect(await store.head(fleet)).toEqual({ revision: 4, horizon: 3 });
      expect(await store.changes(fleet, 2)).toEqual({ kind: "expired", horizon: 3 });
      expect(namesOf((await changesAfter(store, fleet, 3)).documents)).toEqual(["c"]);
    });
  });
}
