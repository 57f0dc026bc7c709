import type { QueueClient } from "@azure/storage-queue";
import type { Clock } from "../effects/clock.ts";
import type { Wake, Wakes } from "../effects/wakes.ts";
import type { Instant } from "../lib/instant.ts";
import { formatWake } from "./wire/wake.ts";

/** The longest delay that Storage queues take: 7 days. A wake that comes too early is harmless. */
const delaySecondsMax = 7 * 24 * 3600;

/** So many messages of one call are on their way at once. */
const concurrentSendsMax = 32;

/** Wakes as messages of a Storage queue, one message a key, delayed by its visibility. */
export function queueWakes(queue: QueueClient, clock: Clock): Wakes {
  async function send(wake: Wake): Promise<void> {
    await queue.sendMessage(Buffer.from(formatWake(wake)).toString("base64"), {
      visibilityTimeout: delaySeconds(wake.at, clock.now()),
      messageTimeToLive: -1,
    });
  }
  return {
    async wake(wakes) {
      for (let from = 0; from < wakes.length; from += concurrentSendsMax) {
        await Promise.all(wakes.slice(from, from + concurrentSendsMax).map(send));
      }
    },
  };
}

function delaySeconds(at: Instant | undefined, now: Instant): number {
  if (at === undefined) return 0;
  const seconds = Math.ceil((Date.parse(at) - Date.parse(now)) / 1000);
  return Math.min(Math.max(seconds, 0), delaySecondsMax);
}
