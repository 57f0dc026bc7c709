import { type RelayLog, textOf } from "./log.ts";
import type { Snapshots } from "./snapshots.ts";
import type { Speaker, Topic } from "./topic.ts";

/** Each event carries a token, and Event Grid takes 1 MB a request. */
const eventsPerRequestMax = 20;

/** A topic that does not answer is asked again after so long, at first and at most. */
const retryMillisecondsMin = 500;
const retryMillisecondsMax = 60_000;

export interface PublishOptions {
  readonly topic: Topic;
  readonly speaker: Speaker;
  readonly snapshots: Snapshots;
  /** The names of all exports there are. */
  readonly listing: () => readonly string[];
  readonly repeatSeconds: number;
  readonly log: RelayLog;
}

export interface Publisher {
  /** Something changed: looks which snapshots are due. */
  look(): void;
  stop(): Promise<void>;
}

/**
 * Tells the topic what is due, one request at a time. A topic that is away costs nothing but time:
 * of each export only the newest snapshot waits. All is told again every few minutes, so that an
 * event that was lost, or refused, is made good.
 */
export function publish(options: PublishOptions): Publisher {
  const { topic, speaker, snapshots, listing, repeatSeconds, log } = options;
  let isListingOwed = true;
  let isStopped = false;
  let retryMilliseconds = 0;
  let notBefore = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const repeating = setInterval(() => {
    isListingOwed = true;
    snapshots.repeat();
    look();
  }, repeatSeconds * 1000);

  async function tellDue(): Promise<void> {
    const due = snapshots.due(performance.now(), eventsPerRequestMax);
    if (due.length > 0) {
      await topic.tellSnapshots(due, speaker);
      snapshots.told(due, performance.now());
    }
    if (isListingOwed) {
      await topic.tellListing(listing(), speaker);
      isListingOwed = false;
    }
    retryMilliseconds = 0;
  }

  function run(): void {
    timer = undefined;
    running ??= tellDue()
      .catch((error: unknown) => {
        retryMilliseconds = Math.min(
          Math.max(retryMilliseconds * 2, retryMillisecondsMin),
          retryMillisecondsMax,
        );
        notBefore = performance.now() + retryMilliseconds * (0.5 + Math.random() / 2);
        log.warn(`Cannot publish: ${textOf(error)}`, { retryMilliseconds });
      })
      .finally(() => {
        running = undefined;
        look();
      });
  }

  /** One timer, for the earliest of what is owed; none while a request is on its way. */
  function look(): void {
    if (isStopped || running !== undefined) return;
    const due = isListingOwed ? 0 : snapshots.nextDue();
    clearTimeout(timer);
    if (due === undefined) return;
    const wait = Math.max(due, notBefore) - performance.now();
    timer = setTimeout(run, Math.max(wait, 0));
  }

  look();
  return {
    look,
    async stop() {
      isStopped = true;
      clearInterval(repeating);
      clearTimeout(timer);
      await running;
    },
  };
}
