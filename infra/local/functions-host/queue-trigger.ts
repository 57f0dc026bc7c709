import type { RegisteredFunction } from "./core-module.ts";
import type { RpcValue } from "./functions-core.ts";
import type { Invoker } from "./invoke.ts";
import { errorLine, type Log } from "./log.ts";
import { pause } from "./pause.ts";
import type { PollingBackoff } from "./polling-backoff.ts";
import type { Queue, QueueMessage } from "./queue.ts";
import type { TriggerRunner } from "./trigger-runner.ts";

/** What host.json says of queues, with the runtime's defaults filled in. */
export interface QueueSettings {
  /** Messages per look, 1 to 32. */
  readonly batchSize: number;
  /** Looks again once no more than this many run. */
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  /** How long a failed message stays hidden. */
  readonly visibilitySeconds: number;
  readonly pollMillisecondsMax: number;
  readonly encoding: "base64" | "none";
}

export interface QueueTriggerOptions {
  readonly fn: RegisteredFunction;
  readonly queue: Queue;
  readonly poisonQueue: Queue;
  readonly settings: QueueSettings;
  /**
   * How long a message stays hidden while it is worked on, unless renewed, which happens at half
   * of it. A killed host's messages come back after this; the runtime's figure is 600.
   */
  readonly leaseSeconds: number;
  readonly backoff: PollingBackoff;
  readonly invoker: Invoker;
  readonly log: Log;
}

/**
 * Runs a function for each message of a queue, by the rules of the storage extension. Success
 * deletes the message; failure hides it for a while; a message that has failed `maxDequeueCount`
 * times, or cannot be decoded, moves to `<queue>-poison`, which is created for it. The queue itself
 * is not created: until someone does, there is nothing to do.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger
 */
export function createQueueTrigger(options: QueueTriggerOptions): TriggerRunner {
  const { fn, queue, settings, backoff, log } = options;
  const active = new Set<Promise<void>>();
  const stop = new AbortController();
  let hadWork = false;
  let loop: Promise<void> = Promise.resolve();

  async function follow(): Promise<void> {
    while (!stop.signal.aborted) {
      if (active.size > settings.newBatchThreshold) {
        await Promise.race(active);
        continue;
      }
      const messages = await receive();
      for (const message of messages) begin(message);
      if (messages.length > 0) {
        hadWork = true;
        continue;
      }
      await pause(backoff.next(hadWork), stop.signal);
      hadWork = false;
    }
  }

  async function receive(): Promise<readonly QueueMessage[]> {
    try {
      const received = await queue.receive(settings.batchSize, options.leaseSeconds);
      return received === "absent" ? [] : received;
    } catch (error) {
      const message = `Cannot receive from queue "${queue.name}": ${errorLine(error)}`;
      log({ level: "warning", functionName: fn.name, message });
      return [];
    }
  }

  function begin(message: QueueMessage) {
    const work = workOn(options, message)
      .catch((error: unknown) => {
        // It becomes visible again by itself and is worked on once more.
        const text = `Cannot settle message "${message.id}": ${errorLine(error)}`;
        log({ level: "warning", functionName: fn.name, message: text });
      })
      .finally(() => active.delete(work));
    active.add(work);
  }

  return {
    start: () => {
      loop = follow();
    },
    stop: async () => {
      stop.abort();
      await loop;
      await Promise.all(active);
    },
  };
}

/** One message from its receipt to its end: deleted, hidden for another try, or poison. */
async function workOn(options: QueueTriggerOptions, received: QueueMessage): Promise<void> {
  const { fn, queue, settings, invoker } = options;
  const text = decode(received.text, settings.encoding);
  if (text === undefined || received.dequeueCount > settings.maxDequeueCount) {
    return await moveToPoison(options, received);
  }
  const lease = keepHidden(options, received);
  const hasSucceeded = await invoker.run({ fn, ...queueCall(text, received) }).then(
    () => true,
    () => false, // The invoker has logged it.
  );
  const message = await lease.end();
  if (hasSucceeded) {
    await queue.delete(message);
  } else if (message.dequeueCount >= settings.maxDequeueCount) {
    await moveToPoison(options, message);
  } else {
    await queue.hide(message, settings.visibilitySeconds);
  }
}

async function moveToPoison(options: QueueTriggerOptions, message: QueueMessage): Promise<void> {
  const { fn, queue, poisonQueue, log } = options;
  const text = `Message "${message.id}" moves to queue "${poisonQueue.name}"`;
  log({ level: "warning", functionName: fn.name, message: text });
  await poisonQueue.createIfAbsent();
  await poisonQueue.send(message.text);
  await queue.delete(message);
}

/** Renews a message's lease while it is worked on; each renewal changes its pop receipt. */
function keepHidden(
  { fn, queue, leaseSeconds, log }: QueueTriggerOptions,
  received: QueueMessage,
): { end(): Promise<QueueMessage> } {
  let message = received;
  let renewal: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewal = queue.hide(message, leaseSeconds).then(
      (popReceipt) => {
        message = { ...message, popReceipt };
      },
      (error: unknown) => {
        const text = `Cannot renew message "${message.id}": ${errorLine(error)}`;
        log({ level: "warning", functionName: fn.name, message: text });
      },
    );
  }, leaseSeconds * 500);
  return {
    end: async () => {
      clearInterval(timer);
      await renewal;
      return message;
    },
  };
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Undefined when the text is not base64 where it must be. */
function decode(text: string, encoding: QueueSettings["encoding"]): string | undefined {
  if (encoding === "none") return text;
  return base64.test(text) ? Buffer.from(text, "base64").toString("utf8") : undefined;
}

/** What an invocation gets of a message: its text and, in the runtime's words, what it is. */
export function queueCall(text: string, message?: QueueMessage) {
  const metadata: Record<string, RpcValue> = { QueueTrigger: { string: text } };
  if (message !== undefined) {
    metadata["DequeueCount"] = { int: message.dequeueCount };
    metadata["Id"] = { string: message.id };
    metadata["PopReceipt"] = { string: message.popReceipt };
    metadata["InsertionTime"] = { string: message.insertedOn.toISOString() };
    metadata["ExpirationTime"] = { string: message.expiresOn.toISOString() };
    metadata["NextVisibleTime"] = { string: message.nextVisibleOn.toISOString() };
  }
  return { input: { string: text }, triggerMetadata: metadata };
}
