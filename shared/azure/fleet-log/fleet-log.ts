/**
 * The commits of one process to one fleet: they wait here, share batches, and take turns with those
 * of other processes.
 *
 * F1. One batch at a time: the next is made from what this one left.
 * F2. Who asked for a commit learns what became of it, once. A commit that nobody tried is given up
 *     at its deadline; one that was tried is followed until it is known.
 * F3. A lost race is not the caller's: its commit goes back to the front of those that wait.
 */
import { setTimeout as delay, setImmediate as nextTick } from "node:timers/promises";
import type { Clock } from "../../effects/clock.ts";
import type { Committed } from "../../effects/store.ts";
import type { Document, FleetId } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import { attempted } from "./attempt.ts";
import { commitGroup } from "./commit-group.ts";
import { nextHead } from "./head.ts";
import type { BatchAnswer, Items } from "./items.ts";
import { type KnownHead, knownHead, type SeenHead } from "./known-head.ts";
import { groupBatch } from "./operations.ts";
import { type Pace, paceAfter, patience, unknownPace } from "./pace.ts";
import type { PendingCommit } from "./pending-commit.ts";
import type { PlannedCommit } from "./planned-commit.ts";
import { settleFailed, settleSaved } from "./settled-group.ts";
import { expectedCommits, rivalsOf, turnOf } from "./turns.ts";
import { changedMeanwhile, mustRead } from "./verification.ts";

/** What became of one batch; "lost" is a race for the head. */
export type BatchOutcome = "saved" | "lost" | "failed" | "busy";

export interface FleetLogOptions {
  readonly fleet: FleetId;
  readonly items: Items;
  readonly clock: Clock;
  /** Names this process among a fleet's writers. */
  readonly writerId: string;
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

/** A head that is newer than so many expected commits is worth a try. */
const expectedCommitsMax = 0.25;

export function fleetLog(options: FleetLogOptions): FleetLog {
  const { fleet, items, clock, writerId, tombstoneSeconds, etags, onBatch } = options;
  let waiting: PendingCommit[] = [];
  let isWorking = false;
  let pace: Pace = unknownPace;
  let commits = 0;
  let losses = 0;
  let lostAt = Number.NEGATIVE_INFINITY;
  let lostRevision: number | undefined;
  let savedAt = Number.NEGATIVE_INFINITY;
  let chance = Math.random();
  const passedOver = new Map<string, number>();
  const verifying = { items, etagOf: (document: Document) => etags.get(document) };
  const known = knownHead(fleet, items, (ms) => {
    pace = paceAfter(pace, "read", ms);
  });

  async function work(): Promise<void> {
    for (;;) {
      // Callers of one moment share a batch.
      await nextTick();
      if (waiting.length === 0) {
        isWorking = false;
        return;
      }
      try {
        const seen = await untilMyTurn();
        if (seen !== undefined) await commitSome(seen);
      } catch (error) {
        const failed = waiting;
        waiting = [];
        for (const { reject } of failed) reject(error);
      }
    }
  }

  function giveUpOverdue(): void {
    const now = performance.now();
    const overdue = waiting.filter(({ deadline }) => deadline < now);
    if (overdue.length === 0) return;
    waiting = waiting.filter(({ deadline }) => deadline >= now);
    for (const { reject } of overdue) {
      reject(unavailable(`Cannot commit to "${fleet}": the database must be less busy`));
    }
  }

  /** Undefined when nothing waits any more. */
  async function untilMyTurn(): Promise<SeenHead | undefined> {
    let seen = known.latest() ?? (await readHead());
    for (;;) {
      giveUpOverdue();
      if (waiting.length === 0) return undefined;
      const now = performance.now();
      const { head } = seen;
      lostRevision ??= head.revision;
      const situation = { head, me: writerId, passedOver, pace };
      const turn = turnOf({
        ...situation,
        unchangedMilliseconds: now - seen.firstSeenAt,
        losses,
        chance,
        lostMilliseconds: now - lostAt,
        lostCommits: head.revision - lostRevision,
      });
      if (turn.kind === "later") {
        await delay(turn.milliseconds);
        seen = await readHead();
      } else if (expectedCommits(situation, now - seen.confirmedAt) > expectedCommitsMax) {
        seen = await readHead();
      } else {
        for (const { id, revision } of turn.passing) passedOver.set(id, revision);
        return seen;
      }
    }
  }

  async function readHead(): Promise<SeenHead> {
    const before = known.latest();
    const seen = await known.read();
    const moved = seen.head.revision - (before?.head.revision ?? seen.head.revision);
    if (
      before !== undefined &&
      moved > 0 &&
      rivalsOf({ ...seen, me: writerId, passedOver }).length
    ) {
      const measured = (seen.firstSeenAt - before.firstSeenAt) / moved;
      pace = paceAfter(pace, "cycle", Math.max(measured, pace.read));
    }
    return seen;
  }

  async function commitSome(seen: SeenHead): Promise<void> {
    const group = commitGroup(waiting);
    waiting = waiting.filter((pending) => !group.includes(pending));
    try {
      const { head, held } = await verified(seen, group);
      const [writing, reading] = partition(held, ({ planned }) => planned.writes.length > 0);
      for (const { planned, resolve } of reading) {
        const documents = planned.commit.writes.map(() => undefined);
        resolve({ kind: "saved", revision: head.head.revision, documents });
      }
      if (writing.length > 0) await tryGroup(head, writing);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  /** Those of a group whose preconditions hold at a head; tells the others. */
  async function verified(
    seen: SeenHead,
    group: readonly PendingCommit[],
  ): Promise<{ readonly head: SeenHead; readonly held: readonly PendingCommit[] }> {
    const { revision } = seen.head;
    const needsReads = group.some((pending) => mustRead(pending, revision, verifying));
    const isReadable = known.readableRevision() >= revision;
    const head = needsReads && !isReadable ? await readHead() : seen;
    const lost = await Promise.all(
      group.map(async (pending) => await changedMeanwhile(pending, head.head.revision, verifying)),
    );
    const held = group.filter((pending, at) => {
      const changed = lost[at];
      if (changed !== undefined) pending.resolve(changed);
      return changed === undefined;
    });
    return { head, held };
  }

  async function tryGroup(seen: SeenHead, group: readonly PendingCommit[]): Promise<void> {
    commits++;
    const writer = { id: writerId, commit: commits, isEager: isEager(group) };
    const next = nextHead(seen.head, { writer, now: clock.now(), tombstoneSeconds });
    const batch = groupBatch(
      { next, etag: seen.etag },
      {
        fleet,
        writes: group.flatMap(({ planned }) => planned.writes),
        etags: new Map(group.flatMap((pending) => [...pending.etags])),
        tombstoneSeconds,
      },
    );
    const outcome = await attempted({ fleet, items, known, batch, next, onAnswer: measure });
    onBatch?.(outcome.kind, group.length);
    losses = outcome.kind === "lost" ? losses + 1 : 0;
    switch (outcome.kind) {
      case "saved":
        savedAt = performance.now();
        for (const [at, document] of batch.documents.entries()) {
          const etag = outcome.etags[at];
          if (document !== undefined && etag !== undefined) etags.set(document, etag);
        }
        settleSaved(group, batch, outcome.revision);
        break;
      case "lost":
        lostAt = performance.now();
        lostRevision = known.latest()?.head.revision;
        chance = Math.random();
        waiting = [...group, ...waiting];
        break;
      case "failed":
        waiting = [...settleFailed(group, batch, outcome), ...waiting];
        break;
      case "busy":
        waiting = [...group, ...waiting];
        await delay(outcome.retryAfterMilliseconds * (1 + Math.random() / 2));
        break;
    }
  }

  function measure(answer: BatchAnswer["kind"], milliseconds: number): void {
    if (answer === "done") pace = paceAfter(pace, "batch", milliseconds);
  }

  /** More waits already, or what is tried now came right after the last commit. */
  function isEager(group: readonly PendingCommit[]): boolean {
    const first = Math.min(...group.map(({ since }) => since));
    return waiting.length > 0 || losses > 0 || first - savedAt < patience(pace);
  }

  return {
    known,
    isIdle: () => !isWorking,
    async commit(planned) {
      if (waiting.length >= waitingMax) {
        throw unavailable(`Cannot commit to "${fleet}": at most ${waitingMax} commits may wait`);
      }
      const since = performance.now();
      return await new Promise<Committed>((resolve, reject) => {
        const deadline = since + options.patienceMilliseconds;
        const etagsById = new Map<string, string>();
        const verifiedAt = undefined;
        waiting.push({ planned, etags: etagsById, verifiedAt, since, deadline, resolve, reject });
        if (isWorking) return;
        isWorking = true;
        void work();
      });
    },
  };
}

function partition<Each>(
  all: readonly Each[],
  isFirst: (each: Each) => boolean,
): readonly [readonly Each[], readonly Each[]] {
  return [all.filter(isFirst), all.filter((each) => !isFirst(each))];
}

function unavailable(message: string): FleetError {
  return new FleetError("Unavailable", message, { retryAfterSeconds: 2 });
}
