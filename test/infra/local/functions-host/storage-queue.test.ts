import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  type QueueClient,
  QueueServiceClient,
  StorageSharedKeyCredential,
} from "@azure/storage-queue";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createConnections } from "../../../../infra/local/functions-host/connections.ts";
import type { MessageSeen } from "./fixture/functions/on-message.ts";
import { type Azurite, startAzurite } from "./start-azurite.ts";
import { fixtureOfTest, until } from "./start-fixture.ts";

let azurite: Azurite;
let service: QueueServiceClient;

beforeAll(async () => {
  azurite = await startAzurite();
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
});

afterAll(async () => await azurite.close());

/** A queue of its own and the fixture that listens to it. */
async function openQueue(leaseSeconds = 600) {
  const name = `q-${randomUUID()}`;
  const queue = service.getQueueClient(name);
  const fixture = await fixtureOfTest({
    QUEUES__queueServiceUri: azurite.queueServiceUri,
    QUEUES__accountKey: azurite.accountKey,
    FIXTURE_QUEUE: name,
    FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: String(leaseSeconds),
    FUNCTIONS_HOST_DRAIN_SECONDS: "5",
  });
  return {
    queue,
    poison: service.getQueueClient(`${name}-poison`),
    start: async () => await fixture.start({ entry: "functions/on-message.ts" }),
    seen: () => fixture.seen<MessageSeen>("on-message"),
    done: () => fixture.seen("message-done"),
  };
}

const encode = (message: unknown) => Buffer.from(JSON.stringify(message)).toString("base64");

async function messagesIn(queue: QueueClient) {
  const { approximateMessagesCount = 0 } = await queue.getProperties();
  return approximateMessagesCount;
}

test("a message reaches the function once and is deleted", async () => {
  const { queue, start, seen } = await openQueue();
  await queue.create();
  await queue.sendMessage(encode({ key: "east" }));
  await start();
  await until("the message gone", async () => (await messagesIn(queue)) === 0);
  expect(seen()).toEqual([{ message: { key: "east" }, dequeueCount: 1 }]);
});

test("messages of a batch run side by side", async () => {
  const { queue, start, done } = await openQueue();
  await queue.create();
  const message = encode({ workMilliseconds: 400 });
  await Promise.all(Array.from({ length: 20 }, async () => await queue.sendMessage(message)));
  await start();
  const startedAt = performance.now();
  await until("all done", () => done().length === 20);
  expect(performance.now() - startedAt).toBeLessThan(3000); // One by one it takes 8 s.
});

test("a message that keeps failing moves to the poison queue, unchanged", async () => {
  const { queue, poison, start, seen } = await openQueue();
  await queue.create();
  const text = encode({ fail: true, text: "é" });
  await queue.sendMessage(text);
  await start();
  await until(
    "a poison message",
    async () => (await poison.exists()) && (await messagesIn(poison)) === 1,
  );
  expect(seen().map(({ dequeueCount }) => dequeueCount)).toEqual([1, 2, 3]);
  expect(seen()[2]?.message).toEqual({ fail: true, text: "é" });
  const { peekedMessageItems } = await poison.peekMessages();
  expect(peekedMessageItems[0]?.messageText).toBe(text);
  await until("the message gone", async () => (await messagesIn(queue)) === 0);
});

test("a message that is not base64 moves to the poison queue without a run", async () => {
  const { queue, poison, start, seen } = await openQueue();
  await queue.create();
  await queue.sendMessage("{}");
  await start();
  await until(
    "a poison message",
    async () => (await poison.exists()) && (await messagesIn(poison)) === 1,
  );
  expect(seen()).toEqual([]);
});

test("a queue that is created later is listened to from then on", async () => {
  const { queue, start, seen } = await openQueue();
  await start();
  await sleep(300);
  await queue.create();
  await queue.sendMessage(encode({ key: "late" }));
  await until("the message", () => seen().length === 1);
});

test("a message that takes longer than its lease is renewed and runs once", async () => {
  const { queue, start, seen, done } = await openQueue(2);
  await queue.create();
  await queue.sendMessage(encode({ workMilliseconds: 4500 }));
  await start();
  await until("the work done", () => done().length === 1);
  await until("the message gone", async () => (await messagesIn(queue)) === 0);
  expect(seen()).toHaveLength(1);
});

test("a message of a killed host comes back after its lease", async () => {
  const { queue, start, seen, done } = await openQueue(2);
  await queue.create();
  await queue.sendMessage(encode({ workMilliseconds: 1500 }));
  const host = await start();
  await until("the work begun", () => seen().length === 1);
  await host.kill();
  await queue.sendMessage(encode({ key: "meanwhile" }));
  await start();
  await until("both done", () => done().length === 2);
  expect(seen().map(({ dequeueCount }) => dequeueCount)).toEqual([1, 1, 2]);
  expect(await messagesIn(queue)).toBe(0);
});

test("a stop lets a message finish, so that it does not come again", async () => {
  const { queue, start, seen, done } = await openQueue();
  await queue.create();
  await queue.sendMessage(encode({ workMilliseconds: 700 }));
  const host = await start();
  await until("the work begun", () => seen().length === 1);
  await host.stop();
  expect(done()).toHaveLength(1);
  expect(await messagesIn(queue)).toBe(0);
});

test("a host goes on by itself after an outage of its queues", async () => {
  const own = await startAzurite();
  const fixture = await fixtureOfTest({ QUEUES: own.connectionString, FIXTURE_QUEUE: "jobs" });
  await fixture.start({ entry: "functions/on-message.ts" });
  await own.close();
  await until("a warning", () => /warning on-message: Cannot receive .*"jobs"/.test(fixture.log()));

  const again = await startAzurite(Number(new URL(own.queueServiceUri).port));
  onTestFinished(async () => await again.close());
  const queue = QueueServiceClient.fromConnectionString(again.connectionString).getQueueClient(
    "jobs",
  );
  await queue.create();
  await queue.sendMessage(encode({ key: "after" }));
  await until("the message", () => fixture.seen("message-done").length === 1);
});

const sas = () =>
  new QueueServiceClient(
    azurite.queueServiceUri,
    new StorageSharedKeyCredential(azurite.accountName, azurite.accountKey),
  ).generateAccountSasUrl(
    new Date(Date.now() + 3_600_000),
    AccountSASPermissions.parse("rwdlacup"),
    AccountSASResourceTypes.parse("sco").toString(),
  );

test.each<[name: string, settings: () => Record<string, string>]>([
  ["a connection string", () => ({ QUEUES: azurite.connectionString })],
  [
    "a connection string under its long name",
    () => ({ AzureWebJobsQUEUES: azurite.connectionString }),
  ],
  [
    "an address with an account key",
    () => ({
      QUEUES__queueServiceUri: azurite.queueServiceUri,
      QUEUES__accountKey: azurite.accountKey,
    }),
  ],
  ["an address with a SAS", () => ({ QUEUES__queueServiceUri: sas() })],
])("queues are reached by %s", async (_name, settings) => {
  const client = await createConnections(settings()).queues("QUEUES");
  const queue = client.getQueueClient(`q-${randomUUID()}`);
  await queue.create();
  expect(await messagesIn(queue)).toBe(0);
});
