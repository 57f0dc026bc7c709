import type { Commit, Replica } from "./replica.ts";

/** Beyond this many commits the replica catches up, whatever lag is asked for. */
const waitingCommitsMax = 100_000;

/**
 * How far reads lag behind writes. A commit becomes visible to reads as soon as either limit lets
 * it: it is older than `behindMs`, or more than `behindCommits` newer or equal ones wait. With
 * neither, reads stand still at the moment when the lag was asked for.
 */
export interface Lag {
  readonly behindMs?: number | undefined;
  readonly behindCommits?: number | undefined;
}

/**
 * What reads of a container see: the newest state, or a replica that lags behind it. The replica
 * never goes back, so a reader sees an old state but never an older one after a newer one.
 */
export interface ReadView {
  at(nowMs: number): Replica;
  /** Takes note of a commit that the newest state already holds. */
  note(commit: Commit): void;
  setLag(lag: Lag | undefined): void;
}

export function readView(newest: Replica): ReadView {
  let lagging: { readonly replica: Replica; lag: Lag } | undefined;
  let waiting: Commit[] = [];

  return {
    at(nowMs) {
      if (lagging === undefined) return newest;
      const { replica, lag } = lagging;
      const due = waiting.findIndex((commit, at) => !isDue(commit, waiting.length - at, lag));
      const visible = waiting.splice(0, due === -1 ? waiting.length : due);
      for (const commit of visible) replica.apply(commit);
      replica.removeExpired(Math.floor(nowMs / 1000));
      return replica;

      function isDue(commit: Commit, newerOrEqual: number, { behindMs, behindCommits }: Lag) {
        if (newerOrEqual > (behindCommits ?? Number.POSITIVE_INFINITY)) return true;
        return nowMs - commit.atMs >= (behindMs ?? Number.POSITIVE_INFINITY);
      }
    },

    note(commit) {
      if (lagging === undefined) return;
      waiting.push(commit);
      const oldest = waiting.length > waitingCommitsMax ? waiting.shift() : undefined;
      if (oldest !== undefined) lagging.replica.apply(oldest);
    },

    setLag(lag) {
      if (lag === undefined) {
        lagging = undefined;
        waiting = [];
      } else if (lagging === undefined) lagging = { replica: newest.copy(), lag };
      else lagging.lag = lag;
    },
  };
}
