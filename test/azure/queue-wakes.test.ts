import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type QueueClient, QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../infra/local/azurite/azurite.ts";
import { queueWakes } from "../../shared/azure/queue-wakes.ts";
import { formatWake, parseWake } from "../../shared/azure/wire/wake.ts";
import { keyOf, kind } from "../../shared/lib/document.ts";
import { plusSeconds } from "../../shared/lib/instant.ts";
import { fleetId, noon } from "../builders.ts";
import { trustedAuthority } from "./trusted-authority.ts";

let authority: Awaited<ReturnType<typeof trustedAuthority>>;
let azurite: Azurite;
let queue: QueueClient;
const clock = { now: () => noon };
const key = keyOf(kind("configmaps"), fleetId, "greeting/ü", "demo");

beforeAll(async () => {
  authority = await trustedAuthority();
  const folder = await mkdtemp(join(tmpdir(), "wakes-"));
  const logFile = join(folder, "azurite.log");
  azurite = await startAzurite({ tls: authority.tls, folder, logFile });
  queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient("wakes");
  await queue.createIfNotExists();
});
beforeEach(async () => void (await queue.clearMessages()));
afterAll(async () => {
  await azurite.close();
  await authority.remove();
});

async function received() {
  const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
  return receivedMessageItems.map(({ messageText }) =>
    parseWake(Buffer.from(messageText, "base64").toString()),
  );
}

test("a wake arrives as its key and how new a reader's sight must be", async () => {
  await queueWakes(queue, clock).wake([{ key, atLeast: 7 }]);
  expect(await received()).toEqual([{ key, atLeast: 7 }]);
});

test("a wake for later is hidden until then, and one for a past moment is not", async () => {
  await queueWakes(queue, clock).wake([
    { key, at: plusSeconds(noon, 3600) },
    { key, atLeast: 1, at: plusSeconds(noon, -5) },
  ]);
  expect(await received()).toEqual([{ key, atLeast: 1 }]);
});

test("a wake for next month comes after seven days, which is the longest that queues take", async () => {
  await queueWakes(queue, clock).wake([{ key, at: plusSeconds(noon, 31 * 24 * 3600) }]);
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
});

test("many wakes all arrive", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `m-${index}`);
  await queueWakes(queue, clock).wake(names.map((name) => ({ key: { ...key, name } })));
  expect((await queue.getProperties()).approximateMessagesCount).toBe(100);
});

test.each([
  ["{", /JSON/],
  ["{}", /fleet/],
  [JSON.stringify({ fleet: "f", kind: "", name: "x" }), /kind/],
  [JSON.stringify({ fleet: "f", kind: "k", name: "x", atLeast: -1 }), /atLeast/],
])("what is no wake is refused: %s", (text, why) => {
  expect(() => parseWake(text)).toThrow(why);
});

test("a wake reads as it was written", () => {
  expect(parseWake(formatWake({ key, atLeast: 3, at: noon }))).toEqual({ key, atLeast: 3 });
});
