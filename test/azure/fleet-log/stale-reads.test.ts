/** Reads that lag behind writes, as of a replica that has not caught up. */
import { expect, test } from "vitest";
import { created, newFleet, replaced, thing } from "../../effects/store/subject.ts";
import { testCosmos } from "./local-cosmos.ts";

test("reads after a revision is reached are as new as it", async () => {
  const { endpoint, store: open } = await testCosmos();
  const [store, other] = [open(), open()];
  const first = await created(store, thing(newFleet(), "one"), { text: "1" });
  const { fleet } = first.key;
  await other.reached(fleet, first.revision);
  await endpoint.setManners({ staleReads: { behindMs: 150 } });
  const second = await replaced(store, first, { text: "2" });
  expect(await other.read(first.key)).toEqual(first);
  for (const each of [other, store]) {
    await each.reached(fleet, second.revision);
    expect(await each.read(first.key)).toEqual(second);
  }
});

test("reads that never catch up are said to be unavailable", async () => {
  const { endpoint, store: open } = await testCosmos();
  const store = open({ lagSeconds: 0.1 });
  const document = await created(store, thing(newFleet(), "one"), {});
  await endpoint.setManners({ staleReads: {} });
  const { revision } = await replaced(store, document, { text: "2" });
  await expect(store.reached(document.key.fleet, revision)).rejects.toMatchObject({
    code: "Unavailable",
  });
});

test("no commit is made on what a stale read says", async () => {
  const { endpoint, store: open } = await testCosmos();
  const [store, other] = [open(), open()];
  const document = await created(store, thing(newFleet(), "one"), { text: "1" });
  const { fleet } = document.key;
  await endpoint.setManners({ staleReads: { behindMs: 100 } });
  await replaced(store, document, { text: "2" });

  const stale = await other.read(document.key);
  expect(stale).toEqual(document);
  const writes = [{ kind: "create", key: thing(fleet, "two"), body: {} }] as const;
  for (const each of [store, other]) {
    for (const unchanged of [document, { ...document }]) {
      const require = [{ kind: "unchanged", document: unchanged }] as const;
      const lost = { kind: "changed-meanwhile", key: document.key };
      expect(await each.commit({ fleet, writes, require })).toEqual(lost);
      const replacing = { kind: "replace", document: unchanged, body: { text: "3" } } as const;
      expect(await each.commit({ fleet, writes: [replacing] })).toEqual(lost);
    }
  }
});

test("a lost race is not taken for a lost answer while reads lag", async () => {
  const { endpoint, store: open } = await testCosmos();
  const [store, other] = [open(), open()];
  const sum = await created(store, thing(newFleet(), "sum"), { counts: { done: 0 } });
  const { fleet } = sum.key;
  const count = { fleet, writes: [{ kind: "count", key: sum.key, add: { done: 1 } }] } as const;
  await other.commit(count);
  await endpoint.setManners({ staleReads: { behindMs: 60 } });
  for (let each = 0; each < 5; each++) {
    await endpoint.addFault({
      kinds: ["batch"],
      times: 1,
      effect: { kind: "drop", moment: each % 2 === 0 ? "after-commit" : "before-commit" },
    });
    await Promise.all([store.commit(count), other.commit(count)]);
  }
  await store.reached(fleet, 12);
  expect((await store.read(sum.key))?.body.counts).toEqual({ done: 11 });
});
