import { expect, test } from "vitest";
import { type Committing, memoryStore } from "../../../../infra/local/memory-store/memory-store.ts";
import {
  created,
  deleted,
  newFleet,
  testClock,
  thing,
  things,
} from "../../../effects/store/subject.ts";
import { storeContract } from "../../../effects/store.contract.ts";

storeContract("memoryStore", async () => {
  const clock = testClock();
  const store = memoryStore({ clock, tombstoneSeconds: 3_600 });
  return { store, other: store, clock, tombstoneSeconds: 3_600 };
});

test("a memory store tells listeners of each commit that changes something", async () => {
  const store = memoryStore({ clock: testClock() });
  const seen: Committing[] = [];
  const end = store.onCommit((committing) => seen.push(committing));
  const fleet = newFleet();
  const document = await created(store, thing(fleet, "a"), { text: "1" });
  await store.commit({ fleet, writes: [{ kind: "replace", document, body: { text: "1" } }] });
  await deleted(store, document);
  end();
  await created(store, thing(fleet, "b"), {});
  const deletedAt: unknown = expect.any(String);
  expect(seen).toEqual([
    { fleet, revision: 1, documents: [document] },
    { fleet, revision: 2, documents: [{ ...document, revision: 2, deletedAt }] },
  ]);
});

test("a memory store stays right when its log of changes is rewritten", async () => {
  const store = memoryStore({ clock: testClock() });
  const fleet = newFleet();
  await created(store, thing(fleet, "first"), {});
  let document = await created(store, thing(fleet, "busy"), { text: "" });
  for (let at = 0; at < 3_000; at++) {
    const writes = [{ kind: "replace", document, body: { text: `${at}` } }] as const;
    const committed = await store.commit({ fleet, writes });
    if (committed.kind === "saved") document = committed.documents[0] as typeof document;
  }
  expect(await store.changes(fleet, 0)).toMatchObject({
    documents: [{ key: { name: "first" } }, { key: { name: "busy" }, revision: 3_002 }],
    upTo: 3_002,
  });
  expect((await store.list({ fleet, kind: things })).documents).toHaveLength(2);
});

test("a memory store forgets tombstones when their time is over", async () => {
  const clock = testClock();
  const store = memoryStore({ clock, tombstoneSeconds: 60 });
  const fleet = newFleet();
  await deleted(store, await created(store, thing(fleet, "a"), {}));
  const { horizon } = await store.head(fleet);
  expect((await store.changes(fleet, horizon)).kind).toBe("changes");
  clock.pass(61);
  await created(store, thing(fleet, "b"), {});
  const changes = await store.changes(fleet, 2);
  expect(changes).toMatchObject({ documents: [{ key: { name: "b" } }] });
});
