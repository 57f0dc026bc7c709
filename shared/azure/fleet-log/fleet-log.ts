/**
 * The commits of one process to one fleet: they wait here, share batches, and take turns with those
 * of other processes.
 *
 * F1. One batch at a time: the next is made from what this one left.
 * F2. Who asked for a commit learns what became of it, once. A commit that nobody tried is given up
 *     at its deadline; one that was tried is followed until it is known.
 * F3. A lost race is not the caller's: its commit goes back to the front of those that wait.
 * F4. What fails for one commit does not fail the others that it shared a batch with.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay, setImmediate as nextTick } from "node:timers/promises";
import type { Clock } from "../../effects/clock.ts";
import type { Committed } from "../../effects/store.ts";
import type { Document, FleetId } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import { attempted, type Outcome } from "./attempt.ts";
import { commitGroup } from "./commit-group.ts";
import { nextHead } from "./head.ts";
import type { Items } from "./items.ts";
import { type KnownHead, knownHead, type SeenHead } from "./known-head.ts";
import { type GroupBatch, groupBatch } from "./operations.ts";
import { paceAfter } from "./pace.ts";
import type { PendingCommit } from "./pending-commit.ts";
import { documentsOf, type PlannedCommit } from "./planned-commit.ts";
import { settleFailed, settleSaved } from "./settled-group.ts";
import {
  nextTry,
  noteLost,
  noteSaved,
  readHead,
  type TurnTaking,
  turnTaking,
  untilTurn,
} from "./turn-taking.ts";
import { changedMeanwhile, mustRead } from "./verification.ts";

/** What became of one batch; "lost" is a race for the head. */
export type BatchOutcome = Outcome["kind"];

export interface FleetLogOptions {
  readonly fleet: FleetId;
  readonly items: Items;
  readonly clock: Clock;
  readonly tombstoneSeconds: number;
  /** So long a commit waits at most for its first try. */
  readonly patienceMilliseconds: number;
  /** The ETags of the documents that the store returned. */
  readonly etags: WeakMap<Document, string>;
  readonly onBatch: ((outcome: BatchOutcome, commits: number) => void) | undefined;
}

export interface FleetLog {
  readonly known: KnownHead;
  commit(planned: PlannedCommit): Promise<Committed>;
  isIdle(): boolean;
}

/** So many commits of one process may wait for one fleet. */
const waitingMax = 10_000;

/** So long a precondition waits for reads that lag behind writes. */
const lagMilliseconds = 5_000;
const lagPollMilliseconds = 10;

interface Work extends FleetLogOptions {
  readonly known: KnownHead;
  readonly turns: TurnTaking;
  waiting: readonly PendingCommit[];
  isUnderWay: boolean;
  commits: number;
}

export function fleetLog(options: FleetLogOptions): FleetLog {
  const known = knownHead(options.fleet, options.items);
  // Another one for each log: its commits are counted from 1.
  const turns = turnTaking(randomBytes(9).toString("base64url"), known);
  const work: Work = { ...options, known, turns, waiting: [], isUnderWay: false, commits: 0 };
  return {
    known,
    isIdle: () => !work.isUnderWay,
    commit: async (planned) => await queued(work, planned),
  };
}

async function queued(work: Work, planned: PlannedCommit): Promise<Committed> {
  if (work.waiting.length >= waitingMax) {
    throw unavailable(`Cannot commit to "${work.fleet}": at most ${waitingMax} commits may wait`);
  }
  const since = performance.now();
  const deadline = since + work.patienceMilliseconds;
  const fresh = { planned, etags: new Map(), verifiedAt: undefined, isAlone: false };
  return await new Promise<Committed>((resolve, reject) => {
    work.waiting = [...work.waiting, { ...fresh, since, deadline, resolve, reject }];
    if (work.isUnderWay) return;
    work.isUnderWay = true;
    void commitAll(work);
  });
}

/** Never throws: what goes wrong is told to those who wait for it. */
async function commitAll(work: Work): Promise<void> {
  for (;;) {
    // Callers of one moment share a batch.
    await nextTick();
    work.turns.refills = work.waiting.length > 0;
    if (work.waiting.length === 0) {
      work.isUnderWay = false;
      return;
    }
    try {
      const seen = await untilTurn(work.turns, () => isAnyoneWaiting(work));
      if (seen !== undefined) await commitSome(work, seen);
    } catch (error) {
      const failed = work.waiting;
      work.waiting = [];
      for (const { reject } of failed) reject(error);
    }
  }
}

/** Gives up those that waited too long. */
function isAnyoneWaiting(work: Work): boolean {
  const now = performance.now();
  const overdue = work.waiting.filter(({ deadline }) => deadline < now);
  if (overdue.length > 0) {
    work.waiting = work.waiting.filter(({ deadline }) => deadline >= now);
    const message = `Cannot commit to "${work.fleet}": the database must be less busy`;
    for (const { reject } of overdue) reject(unavailable(message));
  }
  return work.waiting.length > 0;
}

async function commitSome(work: Work, seen: SeenHead): Promise<void> {
  const group = commitGroup(work.waiting);
  work.waiting = work.waiting.filter((pending) => !group.includes(pending));
  try {
    const { head, held } = await verified(work, seen, group);
    for (const { planned, resolve } of held) {
      if (planned.writes.length > 0) continue;
      const documents = documentsOf(planned.commit, new Map());
      resolve({ kind: "saved", revision: head.head.revision, documents });
    }
    const writing = held.filter(({ planned }) => planned.writes.length > 0);
    if (writing.length > 0) await tryGroup(work, head, writing);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

/** Those of a group whose preconditions hold at a head; tells the others. */
async function verified(
  work: Work,
  seen: SeenHead,
  group: readonly PendingCommit[],
): Promise<{ readonly head: SeenHead; readonly held: readonly PendingCommit[] }> {
  const { revision } = seen.head;
  const verifying = { items: work.items, etagOf: (each: Document) => work.etags.get(each) };
  const needsReads = group.some((pending) => mustRead(pending, revision, verifying));
  const head = needsReads ? await readableHead(work, seen) : seen;
  const lost = await Promise.all(
    group.map(async (each) => await changedMeanwhile(each, head.head.revision, verifying)),
  );
  const held = group.filter((pending, at) => {
    const changed = lost[at];
    if (changed !== undefined) pending.resolve(changed);
    return changed === undefined;
  });
  return { head, held };
}

/** A head that reads are at least as new as: this process's own commit may be ahead of them. */
async function readableHead({ turns, known, fleet }: Work, seen: SeenHead): Promise<SeenHead> {
  const deadline = performance.now() + lagMilliseconds;
  let head = seen;
  while (known.readableRevision() < head.head.revision) {
    head = await readHead(turns);
    if (known.readableRevision() >= head.head.revision) break;
    if (performance.now() > deadline) {
      throw unavailable(`Cannot commit to "${fleet}": reads must not lag behind writes`);
    }
    await delay(lagPollMilliseconds);
  }
  return head;
}

async function tryGroup(
  work: Work,
  seen: SeenHead,
  group: readonly PendingCommit[],
): Promise<void> {
  const { fleet, items, known, tombstoneSeconds, turns } = work;
  const since = Math.min(...group.map((pending) => pending.since));
  const again = nextTry(turns, seen.head, { since, hasMore: work.waiting.length > 0 });
  const writer = { id: turns.me, commit: ++work.commits, next: again };
  const next = nextHead(seen.head, { writer, now: work.clock.now(), tombstoneSeconds });
  const writes = group.flatMap(({ planned }) => planned.writes);
  const etags = new Map(group.flatMap((pending) => [...pending.etags]));
  const batch = groupBatch({ next, etag: seen.etag }, { fleet, writes, etags, tombstoneSeconds });
  const outcome = await attempted({
    fleet,
    items,
    known,
    batch,
    etag: seen.etag,
    next,
    onDone: (milliseconds) => {
      turns.pace = paceAfter(turns.pace, "batch", milliseconds);
    },
  });
  work.onBatch?.(outcome.kind, group.length);
  await settle(work, { group, batch, outcome });
}

interface Tried {
  readonly group: readonly PendingCommit[];
  readonly batch: GroupBatch;
  readonly outcome: Outcome;
}

async function settle(work: Work, { group, batch, outcome }: Tried): Promise<void> {
  switch (outcome.kind) {
    case "saved":
      noteSaved(work.turns);
      for (const [at, document] of batch.documents.entries()) {
        const etag = outcome.etags[at];
        if (document !== undefined && etag !== undefined) work.etags.set(document, etag);
      }
      settleSaved(group, batch, outcome.revision);
      break;
    case "lost":
      noteLost(work.turns);
      work.waiting = [...group, ...work.waiting];
      break;
    case "failed":
      work.waiting = [...settleFailed(group, batch, outcome), ...work.waiting];
      break;
    case "refused":
      // Each of several commits has to show that the batch was not refused for it.
      if (group.length === 1) group[0]?.reject(outcome.error);
      else work.waiting = [...group.map((each) => ({ ...each, isAlone: true })), ...work.waiting];
      break;
    case "busy":
      work.waiting = [...group, ...work.waiting];
      await delay(outcome.retryAfterMilliseconds * (1 + Math.random() / 2));
      break;
  }
}

function unavailable(message: string): FleetError {
  return new FleetError("Unavailable", message, { retryAfterSeconds: 2 });
}
