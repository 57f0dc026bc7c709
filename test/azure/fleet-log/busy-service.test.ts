/** A busy or broken service: asked again for a while, then "Unavailable". */
import { expect, test } from "vitest";
import { created, newFleet, saved, thing, things } from "../../effects/store/subject.ts";
import { testCosmos } from "./local-cosmos.ts";

const throttled = { kind: "answer", status: 429, retryAfterMs: 5 } as const;

test("commits and reads wait as long as a busy service asks them to", async () => {
  const { endpoint, store: open } = await testCosmos();
  const store = open();
  const key = thing(newFleet(), "one");
  await endpoint.addFault({
    kinds: ["batch"],
    times: 3,
    effect: { kind: "answer", status: 429, retryAfterMs: 40 },
  });
  await endpoint.addFault({ kinds: ["read", "query"], every: 2, effect: throttled });
  const startedAt = performance.now();
  const document = await created(store, key, {});
  expect(performance.now() - startedAt).toBeGreaterThan(120);
  expect(await store.read(key)).toEqual(document);
  const page = await store.list({ fleet: key.fleet, kind: things });
  expect(page.documents).toEqual([document]);
});

test("all writers get through a storm of 429", async () => {
  const { endpoint, store: open } = await testCosmos();
  const stores = [open(), open(), open(), open()];
  const fleet = newFleet();
  await endpoint.addFault({ probability: 0.5, effect: throttled });
  const writes = stores.flatMap((store, writer) =>
    [0, 1, 2, 3, 4].map(async (at) => {
      const key = thing(fleet, `${writer}-${at}`);
      await saved(store, { fleet, writes: [{ kind: "create", key, body: {} }] });
    }),
  );
  await Promise.all(writes);
  await endpoint.clearFaults();
  const [store] = stores;
  expect((await store?.list({ fleet, kind: things }))?.documents).toHaveLength(20);
});

test("a service that stays busy is given up, and nothing was written", async () => {
  const { endpoint, store: open } = await testCosmos();
  const store = open({ patienceSeconds: 0.3 });
  const key = thing(newFleet(), "one");
  const retryAfterSeconds: unknown = expect.any(Number);
  const refusal = { code: "Unavailable", retryAfterSeconds };
  await endpoint.addFault({ effect: throttled });
  const writes = [{ kind: "create", key, body: {} }] as const;
  await expect(store.commit({ fleet: key.fleet, writes })).rejects.toMatchObject(refusal);
  await expect(store.read(key)).rejects.toMatchObject(refusal);
  await expect(store.list({ fleet: key.fleet, kind: things })).rejects.toMatchObject(refusal);
  await endpoint.clearFaults();
  expect(await store.read(key)).toBeUndefined();
  await created(store, key, {});
});

test("reads are asked again after a service that broke or moved", async () => {
  const { endpoint, store: open } = await testCosmos();
  const store = open();
  const document = await created(store, thing(newFleet(), "one"), {});
  for (const status of [500, 503, 410, 408]) {
    await endpoint.addFault({
      kinds: ["read", "query"],
      times: 2,
      effect: { kind: "answer", status },
    });
    expect(await store.read(document.key)).toEqual(document);
    expect(await store.find(things, "none")).toEqual([]);
  }
});

test("a commit that the service refuses fails alone", async () => {
  const { endpoint, store: open } = await testCosmos();
  const store = open();
  const fleet = newFleet();
  await created(store, thing(fleet, "zero"), {});
  const create = async (name: string) =>
    await store.commit({ fleet, writes: [{ kind: "create", key: thing(fleet, name), body: {} }] });
  // The shared batch is refused, then one of the two that are tried alone.
  const refused = { kind: "answer", status: 400 } as const;
  await endpoint.addFault({ kinds: ["batch"], times: 2, effect: refused });
  const outcomes = await Promise.allSettled(["a", "b"].map(create));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect((await store.list({ fleet, kind: things })).documents).toHaveLength(2);
});

test("a container that is missing is said, not taken for an empty one", async () => {
  const { store: open, container } = await testCosmos();
  const missing = container().database.container("missing");
  const store = open({ container: missing });
  const key = thing(newFleet(), "one");
  await expect(store.read(key)).rejects.toThrow(/container must exist/);
  const writes = [{ kind: "create", key, body: {} }] as const;
  await expect(store.commit({ fleet: key.fleet, writes })).rejects.toThrow();
});
