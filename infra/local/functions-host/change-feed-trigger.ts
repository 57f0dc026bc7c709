import type {
  ChangeCursor,
  ChangeFeed,
  ChangeFeedStart,
  FeedRange,
  Lease,
  LeaseStore,
} from "./change-feed.ts";
import type { RegisteredFunction } from "./core-module.ts";
import type { Invoker } from "./invoke.ts";
import { errorLine, type Log } from "./log.ts";
import { pause } from "./pause.ts";
import type { TriggerRunner } from "./trigger-runner.ts";

export interface ChangeFeedTriggerOptions {
  readonly fn: RegisteredFunction;
  readonly feed: ChangeFeed;
  readonly leases: LeaseStore;
  /** Tells the leases of this trigger from others in the same lease container. */
  readonly leasePrefix: string;
  /** Where to start while there are no leases. */
  readonly start: ChangeFeedStart;
  /** Between two looks that found nothing. */
  readonly pollMilliseconds: number;
  readonly invoker: Invoker;
  readonly log: Log;
}

/** After an error of the service, at least. */
const retryMillisecondsMin = 1000;

/**
 * Runs a function for each page of changes of a container, at least once, in order within each
 * range; ranges run side by side.
 *
 * How far a range has come is a document in the lease container, saved after each page, so a host
 * that is killed begins with the page that it had not finished. As in the runtime's extension, a
 * function that fails does not stop the feed: without a retry policy that holds the page, the page
 * is lost. While the host stops, a failed page is not passed over.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-cosmosdb-v2-trigger
 */
export function createChangeFeedTrigger(options: ChangeFeedTriggerOptions): TriggerRunner {
  const stop = new AbortController();
  let loop: Promise<unknown> = Promise.resolve();

  async function follow(): Promise<void> {
    const begun = await untilItWorks(options, stop.signal, async () => await begin(options));
    if (begun === undefined) return;
    await Promise.all(
      begun.ranges.map(async (range) => {
        const leaseId = `${begun.prefix}..${range.minInclusive}-${range.maxExclusive}`;
        const follower = createRangeFollower(options, range, leaseId);
        while (!stop.signal.aborted) {
          await untilItWorks(options, stop.signal, async () => await follower(stop.signal));
        }
      }),
    );
  }

  return {
    start: () => {
      loop = follow();
    },
    stop: async () => {
      stop.abort();
      await loop;
    },
  };
}

/** The ranges are those of the first start; a range that splits later is followed as one. */
async function begin({ feed, leases, leasePrefix }: ChangeFeedTriggerOptions) {
  const prefix = `${leasePrefix}${await feed.resourceId()}`;
  const known = await leases.read(`${prefix}..ranges`);
  if (known?.body.ranges !== undefined) return { prefix, ranges: known.body.ranges };
  const ranges = await feed.ranges();
  const saved = await leases.save(`${prefix}..ranges`, { ranges }, known);
  if (saved.kind === "saved") return { prefix, ranges };
  throw new Error("Another host has just begun the same leases");
}

async function untilItWorks<Result>(
  { fn, log, pollMilliseconds }: ChangeFeedTriggerOptions,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      const message = `Cannot follow the change feed: ${errorLine(error)}`;
      log({ level: "warning", functionName: fn.name, message });
      await pause(Math.max(retryMillisecondsMin, pollMilliseconds), signal);
    }
  }
  return undefined;
}

/**
 * Follows one range until something fails or the host stops, and again from its lease when called
 * again. One cursor lives as long as all goes well: a new one costs the service a request more.
 */
function createRangeFollower(
  options: ChangeFeedTriggerOptions,
  range: FeedRange,
  leaseId: string,
): (signal: AbortSignal) => Promise<void> {
  const { feed, leases, fn, invoker } = options;

  async function checkpoint(continuation: string, read: Lease | undefined): Promise<Lease> {
    const saved = await leases.save(leaseId, { continuation }, read);
    if (saved.kind === "saved") return saved.lease;
    throw new Error(`Lease "${leaseId}" was changed by another host`);
  }

  async function followCursor(cursor: ChangeCursor, read: Lease | undefined, signal: AbortSignal) {
    let lease = read;
    while (!signal.aborted) {
      const { documents, continuation } = await cursor.next();
      if (documents.length === 0) {
        // Without a lease "now" would be another moment after a crash.
        lease ??= await checkpoint(continuation, lease);
        await pause(options.pollMilliseconds, signal);
        continue;
      }
      const hasSucceeded = await invoker.run({ fn, ...changesCall(documents) }).then(
        () => true,
        () => false, // The invoker has logged it.
      );
      if (!hasSucceeded && isAborted(signal)) return;
      lease = await checkpoint(continuation, lease);
    }
  }

  return async (signal) => {
    const lease = await leases.read(leaseId);
    const continuation = lease?.body.continuation;
    const start: ChangeFeedStart =
      continuation === undefined ? options.start : { kind: "continuation", continuation };
    await followCursor(await feed.open(range, start), lease, signal);
  };
}

/** Asked anew: a signal may be aborted while a call runs. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** What an invocation gets: the changed documents, as one array. */
export function changesCall(documents: readonly unknown[]) {
  return { input: { json: JSON.stringify(documents) } };
}
