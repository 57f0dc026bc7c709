/**
 * Decides the next step of an update run: which stage is open, and how the run ends. Members are
 * its groups' business.
 *
 * Stages open one after another. A stage without members is skipped. When each of its groups is
 * over, the stage waits `afterStageWaitInSeconds`; a stage in which every member was skipped does
 * not wait. A failed member or a person's stop halts the run: it is "Stopping" until nothing is in
 * flight, then "Failed" or "Stopped". A start resumes at the same stage.
 *
 * Invariants, held by test/updates/*.property.test.ts:
 *   R1. No stage opens before the one before it is over, its wait included.
 *   R2. Deciding again, with nothing new to see, saves nothing.
 *   R3. A run that is started ends, when each upgrade does.
 */
import type { Document, Write } from "../lib/document.ts";
import { hasPassed, type Instant, plusSeconds } from "../lib/instant.ts";
import { unreachable } from "../lib/unreachable.ts";
import type { Plan } from "../reconcile/plan.ts";
import { emptyStatus, type FillSeen, fillStep } from "./fill.ts";
import { refsOfRun } from "./keys.ts";
import type { GroupProgress, RunStatus, StageStatus, UpdateRun, UpdateState } from "./model.ts";
import { isHalted, isOver, isStartOwed, isUnderWay, stagesOf } from "./run-state.ts";

/** At most so many documents of a run are removed by one commit: a deletion takes two places. */
export const clearWritesMax = 48;

export type RunSight =
  | { readonly kind: "filling"; readonly run: Document<UpdateRun>; readonly seen: FillSeen }
  | {
      readonly kind: "clearing";
      readonly run: Document<UpdateRun>;
      readonly next: "fill" | "delete";
      /** What is left of its groups and members: at most `clearWritesMax`. */
      readonly contents: readonly Document[];
    }
  | ({ readonly kind: "full" } & RunSeen);

export interface RunSeen {
  readonly run: Document<UpdateRun>;
  /** Of the current stage: all that have members. */
  readonly groups: readonly Document<GroupProgress>[];
  readonly now: Instant;
}

type RunPlan = Plan;

export function decideRun(sight: RunSight): RunPlan {
  switch (sight.kind) {
    case "filling":
      return filling(sight.run, sight.seen);
    case "clearing":
      return clearing(sight);
    case "full":
      return decideFull(sight);
    default:
      return unreachable(sight);
  }
}

function filling(run: Document<UpdateRun>, seen: FillSeen): RunPlan {
  const filled = fillStep(seen);
  const plan = saved(run, filled.run, `${filled.writes.length} documents of the run written`);
  return { ...plan, writes: [...plan.writes, ...filled.writes], again: true };
}

/** The run's own document goes last: until then, whoever looks again goes on. */
function clearing({ run, next, contents }: RunSight & { readonly kind: "clearing" }): RunPlan {
  if (contents.length > 0) {
    const writes = contents.map((document): Write => ({ kind: "delete", document }));
    return { writes, actions: [], again: true, because: `${writes.length} documents removed` };
  }
  if (next === "delete") {
    return { writes: [{ kind: "delete", document: run }], actions: [], because: "Run is removed" };
  }
  const { body } = run;
  const empty: UpdateRun = { ...body, contents: { kind: "filling" }, status: emptyStatus(body) };
  return { ...saved(run, empty, "Run is empty"), again: true };
}

function decideFull(seen: RunSeen): RunPlan {
  const { run } = seen;
  if (!isUnderWay(run.body)) {
    return isStartOwed(run.body) ? started(seen) : nothing(`Run is ${run.body.status.state}`);
  }
  return isHalted(run.body) ? halting(seen) : running(seen);
}

/** Begins, or goes on where it halted; what failed before counts no more. */
function started({ run, now }: RunSeen): RunPlan {
  const { body } = run;
  const { completedAt: _ended, ...status } = body.status;
  const next: UpdateRun = {
    ...body,
    counts: { failed: 0 },
    status: {
      ...status,
      state: "Running",
      attempt: body.starts,
      startedAt: status.startedAt ?? now,
    },
  };
  const because = `Run starts, attempt ${body.starts}`;
  // The stage may be over already: it was halted while it waited.
  return { ...saved(run, opened(next, status.stage, now), because), again: true };
}

/** No group begins a member now, so what is in flight only gets less. */
function halting({ run, groups, now }: RunSeen): RunPlan {
  const { body } = run;
  const hasFailed = body.counts.failed > 0;
  const isInFlight = groups.some(({ body: group }) => group.counts.upgrading > 0);
  const state: UpdateState = isInFlight ? "Stopping" : hasFailed ? "Failed" : "Stopped";
  if (state === body.status.state) return nothing("Run halts: upgrades are in flight");
  const next = withStage(body.status, { state });
  return saved(
    run,
    { ...body, status: { ...next, state, ...(state === "Failed" && { completedAt: now }) } },
    hasFailed ? `Run is ${state}: ${body.counts.failed} failed` : `Run is ${state}: asked to stop`,
  );
}

function running({ run, groups, now }: RunSeen): RunPlan {
  const { status } = run.body;
  const stage = status.stages[status.stage];
  const spec = stagesOf(run.body)[status.stage];
  if (stage === undefined || spec === undefined) return nothing("Run has no such stage");
  if (!groups.every(({ body }) => isOver(body.state))) return nothing("Stage runs");
  if (groups.every(({ body }) => body.state === "Skipped")) {
    return closed(run, "Skipped", now);
  }
  const waitSince = stage.waitSince ?? now;
  const until = plusSeconds(waitSince, spec.afterStageWaitInSeconds ?? 0);
  if (hasPassed(until, now)) return closed(run, "Completed", now, waitSince);
  const because = `Stage "${spec.name}" waits until ${until}`;
  if (stage.waitSince !== undefined) return { ...nothing(because), wakeAt: until };
  const next = { ...run.body, status: withStage(status, { waitSince }) };
  return { ...saved(run, next, because), wakeAt: until };
}

/** The current stage is over: the next one that has members opens, or the run ends. */
function closed(
  run: Document<UpdateRun>,
  state: UpdateState,
  now: Instant,
  waitSince?: Instant,
): RunPlan {
  const { body } = run;
  const waited = waitSince === undefined ? {} : { waitSince };
  const status = withStage(body.status, { ...waited, state, completedAt: now });
  const next = opened({ ...body, status }, status.stage + 1, now);
  return saved(run, next, `Stage ${body.status.stage} is ${state}`);
}

/** Opens the stage, or the next that has members; without any more the run is over. */
function opened(run: UpdateRun, from: number, now: Instant): UpdateRun {
  const { stages } = run.status;
  const index = stages.findIndex(({ members }, at) => at >= from && members > 0);
  const end = index < 0 ? stages.length : index;
  const after = stages.map((stage, at): StageStatus => {
    if (at === index) return { ...stage, state: "Running", startedAt: stage.startedAt ?? now };
    return at >= from && at < end ? { ...stage, state: "Skipped", completedAt: now } : stage;
  });
  if (index >= 0) return { ...run, status: { ...run.status, stage: index, stages: after } };
  const state = after.every((each) => each.state === "Skipped") ? "Skipped" : "Completed";
  return { ...run, status: { ...run.status, stages: after, state, completedAt: now } };
}

function withStage(status: RunStatus, change: Partial<StageStatus>): RunStatus {
  const stages = status.stages.map((stage, at) =>
    at === status.stage ? { ...stage, ...change } : stage,
  );
  return { ...status, stages };
}

const nothing = (because: string): RunPlan => ({ writes: [], actions: [], because });

const saved = (document: Document<UpdateRun>, body: UpdateRun, because: string): RunPlan => ({
  writes: [{ kind: "replace", document, body, refs: refsOfRun(body) }],
  actions: [],
  because,
});
