import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Call } from "../../../../infra/local/functions-host/attempt.ts";
import type { Queue, QueueMessage } from "../../../../infra/local/functions-host/queue.ts";
import {
  createQueueTrigger,
  type QueueSettings,
} from "../../../../infra/local/functions-host/queue-trigger.ts";
import { fakeInvoker, keptLog, registered } from "./fake-invoker.ts";
import { until } from "./start-fixture.ts";

/** A queue in memory with the rules of Azure Storage, whose next requests a test can make fail. */
function memoryQueue(name: string) {
  const messages: (QueueMessage & { visibleAt: number })[] = [];
  const failures: Partial<Record<keyof Queue, number>> = {};
  const counts = { receive: 0, hide: 0 };
  let receipts = 0;

  function failWhenTold(operation: keyof Queue) {
    const left = failures[operation] ?? 0;
    failures[operation] = left - 1;
    if (left > 0) throw new Error(`${operation} is out of order`);
  }
  function held({ id, popReceipt }: QueueMessage) {
    const found = messages.findIndex((each) => each.id === id && each.popReceipt === popReceipt);
    if (found < 0) throw new Error("PopReceiptMismatch");
    return found;
  }

  const queue: Queue = {
    name,
    createIfAbsent: async () => await Promise.resolve(),
    send: async (text) => {
      failWhenTold("send");
      const now = new Date();
      messages.push({
        id: `m${messages.length}`,
        popReceipt: "",
        text,
        dequeueCount: 0,
        insertedOn: now,
        expiresOn: now,
        nextVisibleOn: now,
        visibleAt: 0,
      });
      await Promise.resolve();
    },
    receive: async (messagesMax, visibilitySeconds) => {
      counts.receive++;
      failWhenTold("receive");
      const now = Date.now();
      const visible = messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, messagesMax);
      return await Promise.resolve(
        visible.map((message) => {
          const next = {
            ...message,
            popReceipt: `r${receipts++}`,
            dequeueCount: message.dequeueCount + 1,
            visibleAt: now + visibilitySeconds * 1000,
          };
          messages[messages.indexOf(message)] = next;
          return next;
        }),
      );
    },
    hide: async (message, visibilitySeconds) => {
      counts.hide++;
      failWhenTold("hide");
      const at = held(message);
      const popReceipt = `r${receipts++}`;
      const visibleAt = Date.now() + visibilitySeconds * 1000;
      messages[at] = { ...(messages[at] ?? { ...message, visibleAt }), popReceipt, visibleAt };
      return await Promise.resolve(popReceipt);
    },
    delete: async (message) => {
      failWhenTold("delete");
      messages.splice(held(message), 1);
      await Promise.resolve();
    },
  };
  return { queue, messages, failures, counts };
}

interface Options {
  readonly work?: (call: Call) => Promise<void>;
  readonly settings?: Partial<QueueSettings>;
  readonly leaseSeconds?: number;
}

function open({ work, settings, leaseSeconds = 0.1 }: Options = {}) {
  const main = memoryQueue("jobs");
  const poison = memoryQueue("jobs-poison");
  const { invoker, calls } = fakeInvoker(work);
  const { log, entries } = keptLog();
  const trigger = createQueueTrigger({
    fn: registered("queueTrigger"),
    queue: main.queue,
    poisonQueue: poison.queue,
    settings: {
      batchSize: 16,
      newBatchThreshold: 8,
      maxDequeueCount: 3,
      visibilitySeconds: 0,
      pollMillisecondsMax: 5,
      encoding: "none",
      ...settings,
    },
    leaseSeconds,
    backoff: { next: () => 2 },
    invoker,
    log,
  });
  onTestFinished(async () => await trigger.stop());
  const texts = () => calls.map(({ input }) => input.string);
  return { trigger, main, poison, calls, entries, texts };
}

test("no more than a batch and its threshold run at a time", async () => {
  let running = 0;
  let runningMax = 0;
  const atMost = 6;
  const full = Promise.withResolvers<void>();
  // These end, so that the rest of their batch is few enough for another one; it waits till then.
  const early = new Set(["0", "1"]);
  const { trigger, main, calls } = open({
    settings: { batchSize: 4, newBatchThreshold: 2 },
    leaseSeconds: 60,
    work: async ({ input }) => {
      runningMax = Math.max(runningMax, ++running);
      if (running === atMost) full.resolve();
      if (!early.has(input.string ?? "")) await full.promise;
      await sleep(10 + Math.random() * 10);
      running--;
    },
  });
  for (let index = 0; index < 40; index++) await main.queue.send(String(index));
  trigger.start();
  await until("all deleted", () => main.messages.length === 0);
  expect(calls).toHaveLength(40);
  expect(runningMax).toBe(atMost);
});

test("a message whose deletion is lost comes again: at least once", async () => {
  const { trigger, main, texts, entries } = open();
  await main.queue.send("a");
  main.failures.delete = 1;
  trigger.start();
  await until("the message gone", () => main.messages.length === 0);
  expect(texts()).toEqual(["a", "a"]);
  expect(entries[0]?.message).toMatch(/Cannot settle message "m0": delete is out of order/);
});

test("a message that failed too often elsewhere is poison without a run", async () => {
  const { trigger, main, poison, calls } = open();
  await main.queue.send("a");
  const [sent] = main.messages;
  if (sent !== undefined) main.messages[0] = { ...sent, dequeueCount: 3 };
  trigger.start();
  await until("the message poison", () => poison.messages.length === 1);
  expect(calls).toEqual([]);
});

test("a poison message is not lost when it cannot be moved at first", async () => {
  const { trigger, main, poison } = open({
    work: async () => await Promise.reject(new Error("boom")),
  });
  await main.queue.send("a");
  poison.failures.send = 2;
  trigger.start();
  await until("the message poison", () => main.messages.length === 0);
  expect(poison.messages.map(({ text }) => text)).toEqual(["a"]);
});

test("a failed message stays hidden for the time that host.json says", async () => {
  const moments: number[] = [];
  const { trigger, main } = open({
    settings: { visibilitySeconds: 0.15, maxDequeueCount: 2 },
    work: async () => {
      moments.push(performance.now());
      await Promise.reject(new Error("boom"));
    },
  });
  await main.queue.send("a");
  trigger.start();
  await until("two tries", () => moments.length === 2);
  expect((moments[1] ?? 0) - (moments[0] ?? 0)).toBeGreaterThanOrEqual(145);
});

test("a lease that cannot be renewed once is renewed the next time", async () => {
  const { trigger, main, texts, entries } = open({
    leaseSeconds: 0.4,
    work: async () => await sleep(900),
  });
  await main.queue.send("a");
  main.failures.hide = 1;
  trigger.start();
  await until("a renewal missed", () => entries.length === 1);
  expect(entries[0]?.message).toMatch(/Cannot renew message "m0"/);
  await until("the message gone", () => main.messages.length === 0);
  expect(main.counts.hide).toBeGreaterThan(1);
  expect(texts().length).toBeGreaterThanOrEqual(1);
});

test("a listener goes on after the queue refused it", async () => {
  const { trigger, main, texts, entries } = open();
  main.failures.receive = 3;
  await main.queue.send("a");
  trigger.start();
  await until("the message gone", () => main.messages.length === 0);
  expect(texts()).toEqual(["a"]);
  expect(entries).toHaveLength(3);
});

test("a stopped listener takes no more messages and waits for those it has", async () => {
  let isDone = false;
  const { trigger, main } = open({
    leaseSeconds: 60,
    work: async () => {
      await sleep(100);
      isDone = true;
    },
  });
  await main.queue.send("a");
  trigger.start();
  await until("a message taken", () => main.messages[0]?.dequeueCount === 1);
  await trigger.stop();
  expect(isDone).toBe(true);
  const looks = main.counts.receive;
  await main.queue.send("b");
  await sleep(20);
  expect([main.counts.receive, main.messages.length]).toEqual([looks, 1]);
});
