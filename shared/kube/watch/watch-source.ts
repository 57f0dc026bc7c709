import type { Changes, Store } from "../../effects/store.ts";
import type { FleetId, Revision } from "../../lib/document.ts";

/** Told of changes in commit order; "expired" and "failed" end the subscription. */
export type ChangeListener = (changes: Changes | { readonly kind: "failed" }) => void;

/**
 * What changes in fleets, for any number of watches: one look at the store per fleet and poll,
 * and none while nobody watches the fleet.
 */
export interface WatchSource {
  /**
   * Calls the listener with all changes after the revision: those that are there at once, those
   * that come as they come. Returns how to stop.
   */
  readonly follow: (fleet: FleetId, after: Revision, listener: ChangeListener) => () => void;
  /** This process has written to the fleet: whoever watches need not wait for the next poll. */
  readonly nudge: (fleet: FleetId) => void;
}

export interface WatchSourceOptions {
  /** How long until changes of other processes are seen. */
  readonly pollMilliseconds?: number;
}

const pollMillisecondsDefault = 1_000;
/** A store that is away is asked less and less often, up to this. */
const backoffMillisecondsMax = 10_000;
/** After so many failures in a row, watches end: their clients list again elsewhere or later. */
const failuresMax = 10;

export function watchSource(store: Store, options: WatchSourceOptions = {}): WatchSource {
  const pollMilliseconds = options.pollMilliseconds ?? pollMillisecondsDefault;
  const pollers = new Map<FleetId, Poller>();
  return {
    follow: (fleet, after, listener) => {
      const poller = pollers.get(fleet) ?? startPoller(store, fleet, pollMilliseconds);
      pollers.set(fleet, poller);
      const stop = poller.follow(after, listener);
      return () => {
        stop();
        if (poller.isIdle() && pollers.get(fleet) === poller) {
          pollers.delete(fleet);
          poller.stop();
        }
      };
    },
    nudge: (fleet) => pollers.get(fleet)?.nudge(),
  };
}

interface Poller {
  readonly follow: (after: Revision, listener: ChangeListener) => () => void;
  readonly isIdle: () => boolean;
  readonly nudge: () => void;
  readonly stop: () => void;
}

interface Follower {
  /** All changes up to here were told. */
  at: Revision;
  readonly listener: ChangeListener;
}

function startPoller(store: Store, fleet: FleetId, pollMilliseconds: number): Poller {
  const followers = new Set<Follower>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isNudged = false;
  let isStopped = false;
  let failures = 0;

  /** Everyone moves on together; who is behind (a new watch) is served from its own revision. */
  const look = async (): Promise<void> => {
    for (const behind of new Set([...followers].map(({ at }) => at))) {
      let changes: Changes;
      let from = behind;
      do {
        changes = await store.changes(fleet, from);
        tell(changes, from);
        if (changes.kind === "changes") from = changes.upTo;
      } while (changes.kind === "changes" && changes.more && !isStopped);
    }
  };
  const tell = (changes: Changes, from: Revision): void => {
    for (const follower of followers) {
      if (follower.at !== from) continue;
      if (changes.kind === "changes") follower.at = changes.upTo;
      else followers.delete(follower);
      follower.listener(changes);
    }
  };
  const fail = (): void => {
    for (const follower of followers) {
      followers.delete(follower);
      follower.listener({ kind: "failed" });
    }
  };
  const run = async (): Promise<void> => {
    isLooking = true;
    isNudged = false;
    try {
      await look();
      failures = 0;
    } catch {
      // The store is busy or away: try again later, for a while.
      failures += 1;
      if (failures >= failuresMax) fail();
    }
    isLooking = false;
    schedule();
  };
  const schedule = (): void => {
    if (isStopped || isLooking) return;
    clearTimeout(timer);
    const backoff = Math.min(pollMilliseconds * 2 ** failures, backoffMillisecondsMax);
    timer = setTimeout(() => void run(), isNudged && failures === 0 ? 0 : backoff);
  };
  const nudge = (): void => {
    isNudged = true;
    schedule();
  };
  return {
    follow: (after, listener) => {
      const follower = { at: after, listener };
      followers.add(follower);
      nudge();
      return () => followers.delete(follower);
    },
    isIdle: () => followers.size === 0,
    nudge,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
