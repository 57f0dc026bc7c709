/**
 * Decides the next step of one group of an update run: whose turn comes.
 *
 * While the group's stage is open, members begin in the order of their ordinals, those that are
 * tried again first. A member that is at the target already, is stopped, or left the fleet, is
 * skipped. A group is over when each member is upgraded or skipped. While the run halts no member
 * begins, and the group settles once nothing is in flight.
 *
 * Invariants, held by test/updates/*.property.test.ts:
 *   G1. A group never has more than `maxConcurrency` members in flight, nor a stage.
 *   G2. No member begins while an earlier stage is not over, or after the run halts: what begins is
 *       saved only if the run's document did not change meanwhile.
 *   G3. Deciding again, with nothing new to see, saves nothing and asks for nothing.
 */
import type { ClusterSeen, Member } from "../fleet/model.ts";
import type { Document, Precondition, Write } from "../lib/document.ts";
import { type Instant, plusSeconds } from "../lib/instant.ts";
import type { Plan } from "../reconcile/plan.ts";
import { groupConcurrency, stageConcurrency } from "./concurrency.ts";
import { hasLeft, nextLook, secondsToBegin, startAction } from "./decide-member.ts";
import { judgeCluster } from "./judge-cluster.ts";
import { refsOfProgress } from "./keys.ts";
import type {
  GroupCounts,
  GroupProgress,
  MemberProgress,
  MemberState,
  StageSlots,
  StartUpgrade,
  UpdateRun,
  UpdateState,
} from "./model.ts";
import { isHalted, isOpen, isOver, isUnderWay, stagesOf, upgradeOf } from "./run-state.ts";

/** Each candidate costs a look at its cluster, so a look at the group takes a few. */
const candidatesMax = 10;

/** A member whose turn may come, and its cluster as it is now. */
export interface Candidate {
  readonly progress: Document<MemberProgress>;
  /** Undefined when it left the fleet. */
  readonly member: Document<Member> | undefined;
  readonly cluster: ClusterSeen | undefined;
}

export interface GroupSeen {
  readonly group: Document<GroupProgress>;
  readonly run: Document<UpdateRun>;
  /** Left out where the groups of the stage cannot meet its limit. */
  readonly slots: Document<StageSlots> | undefined;
  /** In the order of their turns: as many as `turnsFree` says. */
  readonly candidates: readonly Candidate[];
  /** Failed before the run was started again: as many as one commit takes. */
  readonly retries: readonly Document<MemberProgress>[];
  readonly now: Instant;
}

type GroupPlan = Plan<StartUpgrade>;
type GroupTurn = Pick<GroupSeen, "group" | "run" | "slots">;

/** What failed in an earlier attempt has to wait again first. */
export const owesRetry = ({ group: { body }, run }: Pick<GroupTurn, "group" | "run">): boolean =>
  isOpen(run.body, body.stage) && body.counts.failed > 0 && body.attempt < run.body.status.attempt;

/** How many members may begin now. */
export function turnsFree({ group: { body }, run, slots }: GroupTurn): number {
  if (!isOpen(run.body, body.stage) || isOver(body.state)) return 0;
  const stage = stagesOf(run.body)[body.stage];
  const spec = stage?.groups[body.group];
  if (stage === undefined || spec === undefined) return 0;
  const members = run.body.status.stages[body.stage]?.members ?? 0;
  const ofStage = stageConcurrency(stage, members);
  const limit = Math.min(groupConcurrency(spec, body.total), ofStage);
  const free = Math.min(
    limit - body.counts.upgrading,
    ofStage - (slots?.body.counts.upgrading ?? 0),
    body.counts.retry + body.total - body.next,
  );
  return Math.min(Math.max(free, 0), candidatesMax);
}

export function decideGroup(seen: GroupSeen): GroupPlan {
  const { body } = seen.group;
  const run = seen.run.body;
  if (isOver(body.state)) return nothing(`Group is ${body.state}`);
  if (!isUnderWay(run) && body.state === "NotStarted") return nothing("Run is not under way");
  if (run.status.stage !== body.stage) return nothing("Another stage runs");
  if (isHalted(run)) return halted(seen);
  if (owesRetry(seen)) return retried(seen);
  return open(seen);
}

/** What is in flight ends first. A group that never began stays so. */
function halted({ group, run, now }: GroupSeen): GroupPlan {
  const { state, counts } = group.body;
  if (state === "NotStarted") return nothing("Run halts before the group began");
  if (isDone(group.body, counts)) return over(group, counts, now);
  const settled: UpdateState = counts.failed > 0 ? "Failed" : "Stopped";
  const next = counts.upgrading > 0 ? "Stopping" : settled;
  if (state === next) return nothing(`Group is ${state}`);
  const because = run.body.counts.failed > 0 ? "A member failed" : "The run was stopped";
  return replaced(group, { ...group.body, state: next }, because);
}

/** One commit: whoever failed waits again, and the attempt is noted. */
function retried({ group, run, retries }: GroupSeen): GroupPlan {
  const { counts } = group.body;
  const again = retries.map(
    ({ body }): MemberProgress => ({ ...body, state: { kind: "waiting" } }),
  );
  const failed = counts.failed - retries.length;
  const body: GroupProgress = {
    ...group.body,
    counts: { ...counts, failed, retry: counts.retry + retries.length },
    attempt: failed > 0 ? group.body.attempt : run.body.status.attempt,
  };
  return {
    writes: [
      { kind: "replace", document: group, body },
      ...retries.map((document, index): Write => {
        const next = again[index] ?? document.body;
        return { kind: "replace", document, body: next, refs: refsOfProgress(next, true) };
      }),
    ],
    actions: [],
    again: true,
    because: `${retries.length} members that failed are tried again`,
  };
}

function open(seen: GroupSeen): GroupPlan {
  const { group, run, now } = seen;
  const turns = seen.candidates.map((candidate) => turnOf(candidate, run.body, now));
  const firstFailed = turns.findIndex(({ state }) => state.kind === "failed");
  const taken = firstFailed < 0 ? turns : turns.slice(0, firstFailed + 1);
  const counts = countsAfter(group.body.counts, taken);
  if (isDone(group.body, counts)) {
    const plan = over(group, counts, now);
    return { ...plan, writes: [...plan.writes, ...taken.map(turnWrite)], require: ifOpen(seen) };
  }
  const body: GroupProgress = {
    ...group.body,
    counts,
    next: group.body.next + taken.filter(({ isRetry }) => !isRetry).length,
    state: "Running",
    attempt: run.body.status.attempt,
    startedAt: group.body.startedAt ?? now,
  };
  if (taken.length === 0 && isSameGroup(group.body, body)) return nothing("Group runs");
  const begun = taken.filter(({ state }) => state.kind === "upgrading");
  return {
    writes: [
      { kind: "replace", document: group, body },
      ...taken.map(turnWrite),
      ...slotWrites(seen, begun.length),
      ...failureWrites(seen, firstFailed >= 0),
    ],
    require: ifOpen(seen),
    actions: begun.flatMap(({ document, mustStart }) =>
      mustStart ? [startAction(document, run.body)] : [],
    ),
    again: taken.length > begun.length || taken.length === candidatesMax,
    because: taken.map(({ document, state }) => `${document.body.member} ${state.kind}`).join(", "),
  };
}

interface Turn {
  readonly document: Document<MemberProgress>;
  readonly isRetry: boolean;
  readonly state: MemberState;
  readonly mustStart: boolean;
}

function turnOf({ progress, member, cluster }: Candidate, run: UpdateRun, now: Instant): Turn {
  const turn = { document: progress, isRetry: isRetry(progress), mustStart: false };
  const skipped = (reason: string): Turn => ({
    ...turn,
    state: { kind: "skipped", at: now, reason },
  });
  if (hasLeft(member)) return skipped("it left the fleet");
  if (cluster === undefined) {
    const reason = "its cluster was not found";
    return { ...turn, state: { kind: "failed", since: now, at: now, reason } };
  }
  const judged = judgeCluster(upgradeOf(run), cluster);
  if (judged.kind === "reached") return skipped("its cluster is at or ahead of the target already");
  if (judged.kind === "stopped") return skipped("its cluster is stopped");
  const isMoving = judged.kind === "moving";
  return {
    ...turn,
    mustStart: !isMoving,
    state: {
      kind: "upgrading",
      since: now,
      attempts: isMoving ? 0 : 1,
      startBy: isMoving ? now : plusSeconds(now, secondsToBegin),
      etag: cluster.etag,
      begun: isMoving && judged.isOurs,
      ...(isMoving && !judged.isOurs && { message: `waits for its cluster: ${judged.reason}` }),
    },
  };
}

const isRetry = ({ body, refs }: Document<MemberProgress>) =>
  refs.some((ref) => ref.startsWith("retry:")) && body.state.kind === "waiting";

function turnWrite({ document, state }: Turn): Write {
  const body: MemberProgress = { ...document.body, state };
  const refs = refsOfProgress(body);
  if (state.kind !== "upgrading") return { kind: "replace", document, body, refs };
  const wakeAt = state.attempts > 0 ? state.startBy : nextLook(state.since, state.since);
  return { kind: "replace", document, body, refs, wakeAt };
}

function countsAfter(counts: GroupCounts, turns: readonly Turn[]): GroupCounts {
  const after = { ...counts };
  for (const { state, isRetry: again } of turns) {
    if (state.kind !== "waiting") after[state.kind] += 1;
    if (again) after.retry -= 1;
  }
  return after;
}

const isDone = ({ total }: GroupProgress, { upgraded, skipped }: GroupCounts) =>
  upgraded + skipped === total;

function over(group: Document<GroupProgress>, counts: GroupCounts, now: Instant): GroupPlan {
  const { body } = group;
  const state: UpdateState = counts.upgraded > 0 ? "Completed" : "Skipped";
  const startedAt = body.startedAt ?? now;
  const next: GroupProgress = {
    ...body,
    counts,
    next: body.total,
    state,
    startedAt,
    completedAt: now,
  };
  return replaced(group, next, `Group is ${state}`);
}

/** The stage's places are taken by compare-and-swap, as the group's own are. */
const slotWrites = ({ slots }: GroupSeen, begun: number): Write[] =>
  slots === undefined || begun === 0
    ? []
    : [
        {
          kind: "replace",
          document: slots,
          body: { ...slots.body, counts: { upgrading: slots.body.counts.upgrading + begun } },
        },
      ];

const failureWrites = ({ run }: GroupSeen, hasFailed: boolean): Write[] =>
  hasFailed ? [{ kind: "count", key: run.key, add: { failed: 1 } }] : [];

const ifOpen = ({ run }: GroupSeen): Precondition[] => [{ kind: "unchanged", document: run }];

const isSameGroup = (one: GroupProgress, other: GroupProgress) =>
  one.state === other.state && one.attempt === other.attempt && one.startedAt === other.startedAt;

const nothing = (because: string): GroupPlan => ({ writes: [], actions: [], because });

const replaced = (
  document: Document<GroupProgress>,
  body: GroupProgress,
  because: string,
): GroupPlan => ({ writes: [{ kind: "replace", document, body }], actions: [], because });
