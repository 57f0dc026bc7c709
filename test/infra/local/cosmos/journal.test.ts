import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChangeFeedStartFrom, type Container } from "@azure/cosmos";
import { expect, onTestFinished, test } from "vitest";
import { sqliteJournal } from "../../../../infra/local/cosmos/journal.ts";
import {
  type ChildOptions,
  spawnCosmosEndpoint,
} from "../../../../infra/local/cosmos/spawn-cosmos-endpoint.ts";
import {
  type CosmosEndpointOptions,
  startCosmosEndpoint,
} from "../../../../infra/local/cosmos/start-cosmos-endpoint.ts";
import { openStore } from "../../../../infra/local/cosmos/store.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";
import { clientOf, document, documents, errorOf } from "./open-endpoint.ts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cosmos-journal-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

async function spawnEndpoint(options: ChildOptions) {
  const endpoint = await spawnCosmosEndpoint(options);
  onTestFinished(async () => await endpoint.kill());
  return endpoint;
}

function containerOf(endpoint: { readonly url: string; readonly key: string }): Container {
  const connectionPolicy = { retryOptions: { maxRetryAttemptCount: 0 } as object as never };
  return clientOf(endpoint, { connectionPolicy }).database("fleets").container("documents");
}

async function feedIds(container: Container, from: ChangeFeedStartFrom) {
  const iterator = container.items.getChangeFeedIterator({ changeFeedStartFrom: from });
  const ids: string[] = [];
  for (;;) {
    const page = await iterator.readNext();
    if (page.statusCode === 304) return { ids, token: page.continuationToken };
    ids.push(...page.result.map((each: { id: string }) => each.id));
  }
}

interface Acknowledged {
  readonly ids: string[];
  /** Batches whose answer never came: each happened as a whole, or not at all. */
  readonly unsure: string[][];
}

test("kill -9 under writers loses no acknowledged write and tears no batch", async () => {
  const file = join(await temporaryFolder(), "cosmos.db");
  const options: ChildOptions = { file, databases: { fleets: [documents] } };
  const first = await spawnEndpoint(options);
  await containerOf(first).items.create(document("first"));
  const before = await feedIds(containerOf(first), ChangeFeedStartFrom.Beginning());

  const writers = fork(new URL("writers.ts", import.meta.url), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  onTestFinished(() => void writers.kill("SIGKILL"));
  writers.send({ url: first.url, key: first.key });
  await once(writers, "message"); // Many are acknowledged; the writers go on.
  const reported = once(writers, "message") as Promise<[Acknowledged]>;
  await first.kill();
  const [{ ids, unsure }] = await reported;

  const second = await spawnEndpoint({ ...options, key: first.key });
  const container = containerOf(second);
  const query = container.items.query("SELECT VALUE c.id FROM c", { partitionKey: "f" });
  const found = new Set((await query.fetchAll()).resources as string[]);
  expect(ids.length).toBeGreaterThan(100);
  expect(ids.filter((id) => !found.has(id))).toEqual([]);
  for (const batch of unsure) {
    expect([0, batch.length]).toContain(batch.filter((id) => found.has(id)).length);
  }
  // A position in the feed from before the crash misses nothing either.
  const after = await feedIds(container, ChangeFeedStartFrom.Continuation(before.token));
  const fed = new Set(after.ids);
  expect(ids.filter((id) => !fed.has(id))).toEqual([]);
}, 60_000);

test("a restart keeps items, definitions, sequence numbers and times to live", async () => {
  let nowMs = 1_700_000_000_000;
  const file = join(await temporaryFolder(), "cosmos.db");
  const options: CosmosEndpointOptions = {
    file,
    nowMs: () => nowMs,
    databases: { fleets: [documents] },
  };
  const first = await startCosmosEndpoint(options);
  const container = containerOf(first);
  const kept = await container.items.create(document("kept", { text: "ż\u2028" }));
  await container.items.create(document("brief", { ttl: 100 }));
  await container.items.create(document("gone"));
  await container.item("gone", "f").delete();
  await container.items.create(document("anew"));
  await container.items.batch(
    [
      { operationType: "Delete", id: "anew" },
      { operationType: "Create", resourceBody: document("anew", { revision: 2 }) },
    ],
    "f",
  );
  const definition = (await container.read()).resource;
  const { token } = await feedIds(container, ChangeFeedStartFrom.Beginning());
  await first.close();

  nowMs += 99_000;
  const second = await startCosmosEndpoint({ ...options, key: first.key });
  onTestFinished(async () => await second.close());
  const again = containerOf(second);
  expect((await again.read()).resource).toEqual(definition);
  expect((await again.item("kept", "f").read()).resource).toEqual(kept.resource);
  expect((await again.item("gone", "f").read()).statusCode).toBe(404);
  expect((await again.item("brief", "f").read()).statusCode).toBe(200);
  const all = await feedIds(again, ChangeFeedStartFrom.Beginning());
  expect(all.ids).toEqual(["kept", "brief", "anew"]);
  await again.items.create(document("new"));
  const news = await feedIds(again, ChangeFeedStartFrom.Continuation(token));
  expect(news.ids).toEqual(["new"]);
  nowMs += 1_000;
  expect((await again.item("brief", "f").read()).statusCode).toBe(404);
});

test("an answer never leaves once the journal cannot be written", async () => {
  const file = join(await temporaryFolder(), "cosmos.db");
  const journal = sqliteJournal(file);
  const store = openStore(journal, Date.now);
  store.createDatabase({ id: "fleets" });
  store.createContainer("fleets", documents);
  const container = store.container("fleets", "documents");
  if (container === undefined) throw new Error("Cannot find the container");
  const create = (id: string) =>
    store.transact(container, '["f"]', [{ kind: "create", id, body: { id, fleet: "f" } }]);
  create("a");
  await expect(journal.settled()).resolves.toBeUndefined();
  expect(journal.settled()).toBeUndefined();
  // A closed file is one that cannot be written.
  journal.close();
  create("b");
  await expect(journal.settled()).rejects.toThrow(`Cannot write journal "${file}"`);
  create("c");
  await expect(journal.settled()).rejects.toThrow("Cannot write journal");
});

test("an endpoint in a child process ends with the process that started it", async () => {
  const parent = fork(new URL("endpoint-parent.ts", import.meta.url), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [{ url }] = (await once(parent, "message")) as [{ url: string }];
  expect((await fetch(url)).status).toBe(401);
  parent.kill("SIGKILL");
  await expect
    .poll(
      async () =>
        await fetch(url).then(
          () => "up",
          () => "down",
        ),
      { timeout: 5_000 },
    )
    .toBe("down");
});

test("a file serves one endpoint at a time", async () => {
  const file = join(await temporaryFolder(), "cosmos.db");
  const first = await startCosmosEndpoint({ file });
  await expect(startCosmosEndpoint({ file })).rejects.toThrow(
    `Cannot open journal "${file}": database is locked`,
  );
  await expect(spawnCosmosEndpoint({ file })).rejects.toThrow("Cannot start Cosmos DB endpoint");
  await first.close();
  const second = await startCosmosEndpoint({ file });
  await second.close();
});

test("a child process is controlled over TLS like an endpoint in this one", async () => {
  const tls = await localAuthority(join(await temporaryFolder(), "tls"));
  const child = await spawnEndpoint({ tls, databases: { fleets: [documents] } });
  const response = fetch(`${child.url}_hubless/control`);
  // Nothing here trusts the laptop's authority, apart from the control.
  await expect(response).rejects.toThrow();

  await child.setManners({ requestUnitsPerSecond: 10_000 });
  await child.addFault({ effect: { kind: "delay", delayMs: 1 } });
  await expect(child.addFault({ effect: { kind: "answer", status: 1 } })).rejects.toThrow(
    "Cannot add fault",
  );
  await child.clearFaults();
  expect((await child.statistics()).requests).toBe(0);
  await child.resetStatistics();
  await child.close();
});

test("the admin route is closed to who has only the account's key", async () => {
  const child = await spawnEndpoint({});
  for (const authorization of ["", `Bearer ${child.key}`, "Bearer "]) {
    const answer = await fetch(`${child.url}_hubless/control`, {
      method: "POST",
      headers: { authorization },
      body: JSON.stringify({ action: "clear-faults" }),
    });
    expect(answer.status).toBe(401);
  }
});

test("an endpoint in memory forgets", async () => {
  const first = await startCosmosEndpoint({ databases: { fleets: [documents] } });
  await containerOf(first).items.create(document("a"));
  await first.close();
  const second = await startCosmosEndpoint({});
  onTestFinished(async () => await second.close());
  expect((await errorOf(containerOf(second).read())).code).toBe(404);
});
