/** What commits and reads cost: requests, batches, request units. */
import { expect, test } from "vitest";
import { documentsIndexingPolicy } from "../../../shared/azure/fleet-log/containers.ts";
import { created, newFleet, replaced, saved, thing, things } from "../../effects/store/subject.ts";
import { testCosmos } from "./local-cosmos.ts";

test("commits of one moment share a batch, with one count for all", async () => {
  const { endpoint, store: open } = await testCosmos();
  const batches: [string, number][] = [];
  const store = open({ onBatch: (outcome, commits) => batches.push([outcome, commits]) });
  const fleet = newFleet();
  const sum = await created(store, thing(fleet, "sum"), { counts: { done: 0 } });
  await endpoint.resetStatistics();
  batches.length = 0;
  const committed = await Promise.all(
    Array.from({ length: 60 }, async (_, at) => {
      return await saved(store, {
        fleet,
        writes: [
          { kind: "create", key: thing(fleet, `${at}`), body: {} },
          { kind: "count", key: sum.key, add: { done: 1 } },
        ],
      });
    }),
  );
  expect(batches).toEqual([
    ["saved", 49],
    ["saved", 11],
  ]);
  expect(new Set(committed.map(({ revision }) => revision))).toEqual(new Set([2, 3]));
  expect((await endpoint.statistics()).byKind).toMatchObject({ batch: { requests: 2 } });
  expect((await store.read(sum.key))?.body.counts).toEqual({ done: 60 });
});

test("commits that write one document do not share a batch, nor do large ones", async () => {
  const { store: open } = await testCosmos();
  const batches: number[] = [];
  const store = open({ onBatch: (_outcome, commits) => batches.push(commits) });
  const fleet = newFleet();
  const document = await created(store, thing(fleet, "one"), {});
  batches.length = 0;
  const replacing = { kind: "replace", document, body: { text: "2" } } as const;
  const outcomes = await Promise.all([
    store.commit({ fleet, writes: [replacing] }),
    store.commit({ fleet, writes: [{ kind: "delete", document }] }),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["saved", "changed-meanwhile"]);
  expect(batches.slice(0, 1)).toEqual([1]);

  batches.length = 0;
  const large = { text: "x".repeat(1_000_000) };
  await Promise.all(
    ["a", "b"].map(async (each) => await created(store, thing(fleet, each), large)),
  );
  expect(batches).toEqual([1, 1]);
});

test("a single writer pays one request a commit, and none for what changes nothing", async () => {
  const { endpoint, store: open } = await testCosmos();
  const store = open();
  let document = await created(store, thing(newFleet(), "one"), { text: "0" });
  await endpoint.resetStatistics();
  for (let at = 1; at <= 5; at++) document = await replaced(store, document, { text: `${at}` });
  expect(await endpoint.statistics()).toMatchObject({
    requests: 5,
    byKind: { batch: { requests: 5 } },
  });
  await endpoint.resetStatistics();
  const { fleet } = document.key;
  const same = { kind: "replace", document, body: { text: "5" } } as const;
  expect(await store.commit({ fleet, writes: [same] })).toMatchObject({ revision: 6 });
  expect(await open().commit({ fleet, writes: [same] })).toMatchObject({ revision: 6 });
  expect(await endpoint.statistics()).toMatchObject({ requests: 0 });
});

test("a commit costs the same in a large fleet as in a small one", async () => {
  const { store: open } = await testCosmos();
  let spent = 0;
  const store = open({
    onCharge: (charge) => {
      spent += charge;
    },
  });
  const fleet = newFleet();
  let document = await created(store, thing(fleet, "one"), { text: "0" });
  const costOfOne = async () => {
    spent = 0;
    document = await replaced(store, document, { text: `${document.revision}` });
    return spent;
  };
  const small = await costOfOne();
  for (let batch = 0; batch < 10; batch++) {
    await saved(store, {
      fleet,
      writes: Array.from({ length: 98 }, (_, at) => ({
        kind: "create",
        key: thing(fleet, `${batch}-${at}`),
        body: {},
      })),
    });
  }
  const large = await costOfOne();
  expect(small).toBeGreaterThan(15);
  expect(large).toBeLessThan(small * 1.05);
});

test("charges add up to what the service says that it charged", async () => {
  const { endpoint, store: open } = await testCosmos();
  const charges = { read: 0, query: 0, batch: 0 };
  const store = open({
    onCharge: (charge, operation) => {
      charges[operation] += charge;
    },
  });
  const fleet = newFleet();
  await endpoint.resetStatistics();
  const document = await created(store, thing(fleet, "one"), {});
  await store.read(document.key);
  await store.list({ fleet, kind: things });
  await store.commit({ fleet, writes: [{ kind: "create", key: document.key, body: {} }] });
  const { byKind } = await endpoint.statistics();
  for (const operation of ["read", "query", "batch"] as const) {
    expect(charges[operation]).toBeGreaterThan(0);
    expect(charges[operation]).toBeCloseTo(byKind[operation]?.requestUnits ?? 0, 1);
  }
});

test("only what is asked for is indexed", () => {
  expect(documentsIndexingPolicy.excludedPaths).toEqual([{ path: "/*" }]);
  const paths = documentsIndexingPolicy.includedPaths.map(({ path }) => path);
  expect(paths).not.toContain("/body/*");
});
