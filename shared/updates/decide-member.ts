/**
 * Decides what became of one member of an update run, once its turn has come.
 *
 * Only what the cluster shows ends an upgrade. A start that the cluster does not show in time is
 * asked for again; a cluster that is busy with something else is waited for, and given back to its
 * group when the run halts meanwhile.
 *
 * Invariants, held by test/updates/*.property.test.ts:
 *   M1. A start is asked of a cluster only while it is at rest, not stopped and not at the target.
 *   M2. Deciding again, with nothing new to see, saves nothing and asks for nothing.
 *   M3. Whatever ends the member's turn gives its place back, once and in the same commit.
 *   M4. Each turn ends: AKS ends what it accepted, and nothing is asked for without end.
 */
import type { ClusterSeen, Member } from "../fleet/model.ts";
import type { Document, Write } from "../lib/document.ts";
import { hasPassed, type Instant, plusSeconds } from "../lib/instant.ts";
import { unreachable } from "../lib/unreachable.ts";
import type { Plan } from "../reconcile/plan.ts";
import { sharesSlots } from "./concurrency.ts";
import { type Judgement, judgeCluster } from "./judge-cluster.ts";
import { groupKey, refsOfProgress, runKey, stageSlotsKey } from "./keys.ts";
import type {
  GroupCounts,
  MemberProgress,
  MemberState,
  StartAnswer,
  StartUpgrade,
  UpdateRun,
  Upgrading,
} from "./model.ts";
import { isHalted, stagesOf, upgradeOf } from "./run-state.ts";

/** A start that the cluster does not show for so long was lost. Doubles with each attempt. */
export const secondsToBegin = 30;
const secondsToBeginMax = 600;

/** So often a start is asked for: about an hour. */
const attemptsMax = 10;

/** So often a start that met a changed cluster (412) is asked for again at once. */
const quickAttemptsMax = 3;

/** What no event told is looked for so often while an upgrade runs. */
const secondsBetweenLooks = 300;

export interface MemberProgressSeen {
  readonly progress: Document<MemberProgress>;
  readonly run: UpdateRun;
  /** Undefined when it left the fleet. */
  readonly member: Document<Member> | undefined;
  readonly cluster: ClusterSeen | undefined;
  readonly now: Instant;
}

type MemberPlan = Plan<StartUpgrade>;

export function decideMember(seen: MemberProgressSeen): MemberPlan {
  const { state } = seen.progress.body;
  if (state.kind !== "upgrading") return nothing(`Member is ${state.kind}`);
  return decideUpgrading(seen, state);
}

function decideUpgrading(seen: MemberProgressSeen, state: Upgrading): MemberPlan {
  const { cluster, run, now } = seen;
  if (cluster === undefined) {
    return hasLeft(seen.member)
      ? ended(seen, { kind: "skipped", at: now, reason: "it left the fleet" })
      : ended(seen, failed(state, "its cluster was not found", now));
  }
  const upgrade = upgradeOf(run);
  const judged = judgeCluster(upgrade, cluster);
  switch (judged.kind) {
    case "reached":
      return ended(seen, { kind: "upgraded", since: state.since, at: now });
    case "moving":
      return moving(seen, state, judged);
    case "failed": {
      const isOurs = state.begun || (judged.isOurs && cluster.etag !== state.etag);
      return isOurs ? ended(seen, failed(state, judged.reason, now)) : owed(seen, state, cluster);
    }
    case "stopped":
      return state.begun
        ? ended(seen, failed(state, "its cluster was stopped during the upgrade", now))
        : ended(seen, { kind: "skipped", at: now, reason: "its cluster is stopped" });
    case "behind":
      return upgrade.kind === "node-image" && state.begun
        ? ended(seen, { kind: "upgraded", since: state.since, at: now })
        : owed(seen, state, cluster);
    default:
      return unreachable(judged);
  }
}

function moving(
  seen: MemberProgressSeen,
  state: Upgrading,
  { isOurs, reason }: Judgement & { readonly kind: "moving" },
): MemberPlan {
  const begun = state.begun || isOurs;
  if (!begun && isHalted(seen.run)) return givenBack(seen);
  const wakeAt = nextLook(state.since, seen.now);
  if (begun) return kept(seen, { ...withoutMessage(state), begun }, wakeAt);
  return kept(seen, { ...state, message: `waits for its cluster: ${reason}` }, wakeAt);
}

/** The cluster does not show the upgrade, and could take it. */
function owed(seen: MemberProgressSeen, state: Upgrading, cluster: ClusterSeen): MemberPlan {
  const { run, member, now } = seen;
  if (state.refusal !== undefined) return ended(seen, failed(state, state.refusal, now));
  if (hasLeft(member)) {
    return ended(seen, { kind: "skipped", at: now, reason: "it left the fleet" });
  }
  if (!hasPassed(state.startBy, now)) return kept(seen, state, state.startBy);
  if (!state.begun && isHalted(run)) return givenBack(seen);
  if (state.attempts >= attemptsMax) {
    const why = state.message ?? "AKS did not begin the upgrade";
    return ended(seen, failed(state, `${why}; it was asked ${attemptsMax} times`, now));
  }
  const attempts = state.attempts + 1;
  const startBy = plusSeconds(now, secondsUntilLost(attempts));
  const next = { ...withoutMessage(state), attempts, startBy, etag: cluster.etag };
  const action = startAction(seen.progress, run);
  return { ...kept(seen, next, startBy), actions: [action], because: "Asks for the start again" };
}

export const hasLeft = (member: Document<Member> | undefined): boolean =>
  member === undefined || member.body.metadata.deletionTimestamp !== undefined;

export const startAction = (progress: Document<MemberProgress>, run: UpdateRun): StartUpgrade => ({
  kind: "start-upgrade",
  progress: progress.key.name,
  upgrade: upgradeOf(run),
});

/** What ARM said to a start, noted down: the next look decides what follows. */
export function afterAnswer(state: Upgrading, answer: StartAnswer, now: Instant): Upgrading {
  switch (answer.kind) {
    case "accepted":
      return state.begun ? state : { ...withoutMessage(state), begun: true };
    case "busy":
      return { ...state, message: `waits for its cluster: ${answer.reason}` };
    case "refused":
      return { ...state, refusal: answer.reason };
    case "changed-meanwhile":
      return state.attempts > quickAttemptsMax ? state : { ...state, startBy: now };
  }
}

/** 30 s, 60 s, 120 s, … 600 s */
export const secondsUntilLost = (attempts: number): number =>
  Math.min(secondsToBegin * 2 ** Math.max(0, attempts - 1), secondsToBeginMax);

/** Every five minutes after the turn began: the same moment for each look between two of them. */
export function nextLook(since: Instant, now: Instant): Instant {
  const seconds = (Date.parse(now) - Date.parse(since)) / 1000;
  const looks = Math.floor(Math.max(0, seconds) / secondsBetweenLooks) + 1;
  return plusSeconds(since, looks * secondsBetweenLooks);
}

function withoutMessage({ message: _message, ...state }: Upgrading): Upgrading {
  return state;
}

const failed = ({ since }: Upgrading, reason: string, at: Instant): MemberState => ({
  kind: "failed",
  since,
  at,
  reason,
});

const nothing = (because: string): MemberPlan => ({ writes: [], actions: [], because });

/** Its turn goes on. */
function kept({ progress }: MemberProgressSeen, state: Upgrading, wakeAt: Instant): MemberPlan {
  const before = progress.body.state;
  const isSame = before.kind === "upgrading" && sameUpgrading(before, state);
  const body = { ...progress.body, state };
  return {
    writes: isSame ? [] : [{ kind: "replace", document: progress, body }],
    actions: [],
    wakeAt,
    because: state.message ?? (state.begun ? "Member upgrades" : "Member is about to upgrade"),
  };
}

/** `since` and `refusal` never change here. */
const sameUpgrading = (one: Upgrading, other: Upgrading) =>
  one.attempts === other.attempts &&
  one.startBy === other.startBy &&
  one.etag === other.etag &&
  one.begun === other.begun &&
  one.message === other.message;

function ended(seen: MemberProgressSeen, state: MemberState): MemberPlan {
  const { progress, run } = seen;
  const { fleet } = progress.key;
  const body: MemberProgress = { ...progress.body, state };
  const ending = state.kind as "upgraded" | "failed" | "skipped";
  const writes: Write[] = [
    { kind: "replace", document: progress, body, refs: refsOfProgress(body) },
    ...placeGivenBack(seen, ending),
  ];
  if (ending === "failed") {
    writes.push({ kind: "count", key: runKey(fleet, body.run), add: { failed: 1 } });
  }
  const why = "reason" in state ? `: ${state.reason}` : "";
  const to = run.upgrade.type;
  return { writes, actions: [], because: `${to} of member "${body.member}" ${ending}${why}` };
}

/** Nothing was begun: it waits again, before those whose turn never came. */
function givenBack(seen: MemberProgressSeen): MemberPlan {
  const { progress } = seen;
  const body: MemberProgress = { ...progress.body, state: { kind: "waiting" } };
  return {
    writes: [
      { kind: "replace", document: progress, body, refs: refsOfProgress(body, true) },
      ...placeGivenBack(seen, "retry"),
    ],
    actions: [],
    because: `Member "${body.member}" waits again: the run halts`,
  };
}

/** Counts hold for any version, so members that end at the same time do not race. */
function placeGivenBack({ progress, run }: MemberProgressSeen, to: keyof GroupCounts): Write[] {
  const { key, body } = progress;
  const add = { upgrading: -1, [to]: 1 };
  const writes: Write[] = [{ kind: "count", key: groupKey(key.fleet, body), add }];
  const spec = stagesOf(run)[body.stage];
  if (spec !== undefined && sharesSlots(spec)) {
    const slots = stageSlotsKey(key.fleet, body);
    writes.push({ kind: "count", key: slots, add: { upgrading: -1 } });
  }
  return writes;
}
