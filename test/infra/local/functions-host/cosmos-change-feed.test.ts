import { setTimeout as sleep } from "node:timers/promises";
import { CosmosClient } from "@azure/cosmos";
import { expect, onTestFinished, test } from "vitest";
import type { Fault } from "../../../../infra/local/cosmos/faults.ts";
import { startCosmosEndpoint } from "../../../../infra/local/cosmos/start-cosmos-endpoint.ts";
import type { ChangesSeen } from "./fixture/functions/on-change.ts";
import { fixtureOfTest, until } from "./start-fixture.ts";

const container = (id: string, path: string) => ({
  id,
  partitionKey: { paths: [path] as [string], version: 2 as const },
});

const databases = { fleet: [container("documents", "/fleet"), container("leases", "/id")] };

async function open(environment: Readonly<Record<string, string>> = {}) {
  const cosmos = await startCosmosEndpoint({ databases });
  onTestFinished(async () => await cosmos.close());
  const client = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
  onTestFinished(() => client.dispose());
  const database = client.database(environment["FIXTURE_DATABASE"] ?? "fleet");
  const documents = database.container("documents");
  const fixture = await fixtureOfTest({
    COSMOS__accountEndpoint: cosmos.url,
    COSMOS__accountKey: cosmos.key,
    FIXTURE_DATABASE: "fleet",
    ...environment,
  });
  const seen = () => fixture.seen<ChangesSeen>("on-change");
  return {
    cosmos,
    client,
    fixture,
    start: async () => await fixture.start({ entry: "functions/on-change.ts" }),
    write: async (...ids: string[]) => {
      for (const id of ids) await documents.items.upsert({ id, fleet: "one", at: Date.now() });
    },
    seen,
    ids: () => seen().flatMap((each) => each.ids),
  };
}

test("changes reach the function, in order and no more than a page at a time", async () => {
  const { write, start, seen, ids } = await open();
  const all = Array.from({ length: 25 }, (_, index) => `d${index}`);
  await write(...all);
  await start();
  await until("all changes", () => ids().length >= 25);
  expect(ids()).toEqual(all);
  expect(Math.max(...seen().map((each) => each.ids.length))).toBe(10);
  await write("d3", "later");
  await until("later changes", () => ids().includes("later"));
  expect(ids().slice(25)).toEqual(["d3", "later"]);
});

test("a page is tried again until it succeeds, under a policy without end", async () => {
  const { write, start, seen } = await open({ FIXTURE_CHANGE_FAILURES: "3" });
  await write("a");
  await start();
  await until("four tries", () => seen().length === 4);
  expect(seen().map(({ retryCount }) => retryCount)).toEqual([0, 1, 2, 3]);
  await write("b");
  await until("the next page", () => seen().length === 5);
  expect(seen()[4]).toEqual({ ids: ["b"], retryCount: 0 });
});

test("a killed host's successor goes on where it was, and misses nothing", async () => {
  const { write, start, ids } = await open({ FIXTURE_CHANGE_FAILURES: "1000" });
  await write("a");
  const host = await start();
  await until("tries", () => ids().length >= 2);
  await host.kill();
  await write("b");

  const before = ids().length;
  await start();
  await until("tries of the successor", () => ids().length >= before + 2);
  expect(ids().slice(before, before + 2)).toEqual(["a", "b"]);
});

test("a restarted host does not repeat what was done", async () => {
  const { write, start, ids } = await open();
  await write("a");
  const host = await start();
  await until("the change", () => ids().length === 1);
  await host.stop();
  await write("b");
  await start();
  await until("the next change", () => ids().length >= 2);
  expect(ids()).toEqual(["a", "b"]);
});

test("an idle trigger costs one request per look and nothing else", async () => {
  const { cosmos, start, write, ids } = await open();
  await write("a");
  await start();
  await until("the change", () => ids().length === 1);
  await sleep(300);
  const since = performance.now();
  await cosmos.resetStatistics();
  await until("many looks", async () => (await cosmos.statistics()).requests > 10);
  const { requests, byKind, byStatus } = await cosmos.statistics();
  expect(Object.keys(byKind)).toEqual(["change-feed"]);
  expect(Object.keys(byStatus)).toEqual(["304"]);
  const lookMilliseconds = 100;
  expect(requests).toBeLessThanOrEqual(1 + (performance.now() - since) / lookMilliseconds);
});

const ofTheFeed = ["change-feed" as const];

test.each<[name: string, fault: Fault]>([
  [
    "its reads are refused",
    { kinds: ofTheFeed, times: 2, effect: { kind: "answer", status: 503 } },
  ],
  [
    "its reads are throttled",
    { kinds: ofTheFeed, times: 15, effect: { kind: "answer", status: 429, retryAfterMs: 5 } },
  ],
  [
    "its reads break off",
    { kinds: ofTheFeed, times: 3, effect: { kind: "drop", moment: "before-commit" } },
  ],
  [
    "a checkpoint's answer is lost",
    {
      container: "leases",
      kinds: ["replace"],
      times: 1,
      effect: { kind: "drop", moment: "after-commit" },
    },
  ],
])("the feed misses nothing when %s", async (_name, fault) => {
  const { cosmos, start, write, ids } = await open();
  await write("a");
  await start();
  await until("the first change", () => ids().length >= 1);
  await sleep(200);
  await cosmos.addFault(fault);
  await write("b");
  await sleep(300);
  await write("c");
  await until("the last change", () => ids().includes("c"), 15_000);
  expect([...new Set(ids())]).toEqual(["a", "b", "c"]);
});

test("a trigger waits for its containers, and starts when they are there", async () => {
  const { fixture, start, client, write, ids } = await open({ FIXTURE_DATABASE: "later" });
  await start();
  await until("a warning", () => /on-change: Cannot follow the change feed/.test(fixture.log()));
  const { database } = await client.databases.create({ id: "later" });
  await database.containers.create(container("documents", "/fleet"));
  await database.containers.create(container("leases", "/id"));
  await write("a");
  await until("the change", () => ids().length === 1);
});
