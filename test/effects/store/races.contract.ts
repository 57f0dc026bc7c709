import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Store } from "../../../shared/effects/store.ts";
import { keyOf } from "../../../shared/lib/document.ts";
import {
  created,
  newFleet,
  type OpenStore,
  others,
  type StoreSubject,
  saved,
  thing,
  things,
} from "./subject.ts";

const racers = Array.from({ length: 12 }, (_, at) => at);

export function racesContract(name: string, open: OpenStore): void {
  describe(`${name} lets`, () => {
    let subject: StoreSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => await subject.close?.());

    /** Half of the racers run in each process. */
    const storeOf = (racer: number): Store => (racer % 2 === 0 ? subject.store : subject.other);

    test("one of many creators win", async () => {
      const key = thing(newFleet(), "one");
      const { fleet } = key;
      const outcomes = await Promise.all(
        racers.map((racer) =>
          storeOf(racer).commit({
            fleet,
            writes: [
              { kind: "create", key: thing(fleet, `mine-${racer}`), body: {} },
              { kind: "create", key, body: { text: `${racer}` } },
            ],
          }),
        ),
      );
      const winners = racers.filter((racer) => outcomes[racer]?.kind === "saved");
      expect(winners).toHaveLength(1);
      const lost = outcomes.filter(({ kind }) => kind !== "saved");
      expect(lost).toEqual(lost.map(() => ({ kind: "changed-meanwhile", key })));
      expect((await subject.other.read(key))?.body.text).toBe(`${winners[0]}`);
      expect((await subject.other.list({ fleet, kind: things })).documents).toHaveLength(2);
    });

    test("one of many replacements of a version win", async () => {
      const document = await created(subject.store, thing(newFleet(), "one"), {});
      const outcomes = await Promise.all(
        racers.map((racer) =>
          storeOf(racer).commit({
            fleet: document.key.fleet,
            writes: [{ kind: "replace", document, body: { text: `${racer}` } }],
          }),
        ),
      );
      expect(outcomes.filter(({ kind }) => kind === "saved")).toHaveLength(1);
      expect(await subject.store.head(document.key.fleet)).toMatchObject({ revision: 2 });
    });

    test("everybody win who writes something else, and loses no count", async () => {
      const fleet = newFleet();
      const sum = await created(subject.store, thing(fleet, "sum"), { counts: { done: 0 } });
      const outcomes = await Promise.all(
        racers.flatMap((racer) =>
          [0, 1, 2].map((each) =>
            storeOf(racer).commit({
              fleet,
              writes: [
                { kind: "create", key: thing(fleet, `${racer}-${each}`), body: {} },
                { kind: "count", key: sum.key, add: { done: 1, [`by${racer % 6}`]: 1 } },
              ],
            }),
          ),
        ),
      );
      expect(outcomes.filter(({ kind }) => kind !== "saved")).toEqual([]);
      const { counts } = (await subject.other.read(sum.key))?.body ?? {};
      expect(counts).toEqual({ done: 36, by0: 6, by1: 6, by2: 6, by3: 6, by4: 6, by5: 6 });
    });

    test("a failing commit fail alone", async () => {
      const fleet = newFleet();
      const taken = await created(subject.store, thing(fleet, "taken"), {});
      const outcomes = await Promise.all(
        racers.map((racer) =>
          subject.store.commit({
            fleet,
            writes: [
              { kind: "create", key: thing(fleet, `mine-${racer}`), body: {} },
              ...(racer % 3 === 1 ? [{ kind: "create", key: taken.key, body: {} } as const] : []),
            ],
          }),
        ),
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(
        racers.map((racer) => (racer % 3 === 1 ? "changed-meanwhile" : "saved")),
      );
      expect((await subject.other.list({ fleet, kind: things })).documents).toHaveLength(9);
    });

    test("two commits not both hold when each changes what the other requires", async () => {
      for (const other of [subject.store, subject.other]) {
        const fleet = newFleet();
        const a = await created(subject.store, thing(fleet, "a"), {});
        const b = await created(subject.store, thing(fleet, "b"), {});
        const outcomes = await Promise.all([
          subject.store.commit({
            fleet,
            writes: [{ kind: "replace", document: a, body: { text: "on call" } }],
            require: [{ kind: "unchanged", document: b }],
          }),
          other.commit({
            fleet,
            writes: [{ kind: "replace", document: b, body: { text: "on call" } }],
            require: [{ kind: "unchanged", document: a }],
          }),
        ]);
        expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["changed-meanwhile", "saved"]);
      }
    });

    test("one active of a kind exist when each first saw none", async () => {
      const fleet = newFleet();
      const { revision } = await saved(subject.store, {
        fleet,
        writes: [{ kind: "create", key: keyOf(others, fleet, "x"), body: {} }],
      });
      const outcomes = await Promise.all(
        racers.map((racer) =>
          storeOf(racer).commit({
            fleet,
            writes: [{ kind: "create", key: thing(fleet, `run-${racer}`), body: {} }],
            require: [{ kind: "none-changed-since", fleet, documents: things, revision }],
          }),
        ),
      );
      expect(outcomes.filter(({ kind }) => kind === "saved")).toHaveLength(1);
      expect((await subject.store.list({ fleet, kind: things })).documents).toHaveLength(1);
    });

    test("no revision be missing or be given to two processes", async () => {
      const fleet = newFleet();
      const outcomes = await Promise.all(
        racers.map((racer) =>
          saved(storeOf(racer), {
            fleet,
            writes: [{ kind: "create", key: thing(fleet, `${racer}`), body: {} }],
          }),
        ),
      );
      const of = (parity: number) =>
        new Set(racers.filter((racer) => racer % 2 === parity).map((at) => outcomes[at]?.revision));
      const [ones, twos] = [of(0), of(1)];
      const both = [...ones].filter((revision) => twos.has(revision));
      if (subject.store !== subject.other) expect(both).toEqual([]);
      const { revision } = await subject.store.head(fleet);
      const all = [...new Set([...ones, ...twos])].sort((a, b) => Number(a) - Number(b));
      expect(all).toEqual(Array.from({ length: revision }, (_, at) => at + 1));
    });
  });
}
