/** `UpdateRun.properties`, with the whole tree of its status: stages, groups and members. */
import { listAll } from "../../effects/list-all.ts";
import type { Document, Kind } from "../../lib/document.ts";
import type { Instant } from "../../lib/instant.ts";
import { unreachable } from "../../lib/unreachable.ts";
import { groupConcurrency, stageConcurrency } from "../../updates/concurrency.ts";
import { runRef } from "../../updates/keys.ts";
import {
  type GroupProgress,
  groupKind,
  type MemberProgress,
  type MemberState,
  memberProgressKind,
  type StageSpec,
  type StageStatus,
  type UpdateRun,
} from "../../updates/model.ts";
import { stagesOf } from "../../updates/run-state.ts";
import type { AdminCall, Shown } from "../served-resource.ts";

export async function showRun(document: Document<UpdateRun>, call: AdminCall): Promise<Shown> {
  const { body } = document;
  const [groups, members] = await Promise.all([
    partsOf<GroupProgress>(document, groupKind, call),
    partsOf<MemberProgress>(document, memberProgressKind, call),
  ]);
  const { strategyId, strategy, upgrade, nodeImageSelection, systemData } = body;
  return {
    systemData,
    properties: {
      provisioningState: provisioningStates[body.contents.kind],
      ...(strategyId !== undefined && { updateStrategyId: strategyId }),
      ...(strategy !== undefined && { strategy }),
      managedClusterUpdate: {
        upgrade,
        ...(nodeImageSelection !== undefined && { nodeImageSelection }),
      },
      status: {
        status: statusOf(body.status, errorOf(body)),
        nodeImageSelection: {},
        stages: stagesOf(body).map((spec, stage) =>
          stageOf({
            spec,
            status: body.status.stages[stage] ?? { state: "NotStarted", members: 0 },
            run: body,
            groups: groups.filter((each) => each.stage === stage),
            members: members.filter((each) => each.stage === stage),
          }),
        ),
      },
    },
  };
}

/** A client polls what is not in its final state yet. */
const provisioningStates = {
  filling: "Creating",
  full: "Succeeded",
  clearing: "Updating",
} as const;

async function partsOf<Body>(
  { key }: Document<UpdateRun>,
  kind: Kind<Body>,
  { effects }: AdminCall,
): Promise<readonly Body[]> {
  const query = { fleet: key.fleet, kind, ref: runRef(key.name) };
  return (await listAll(effects.store, query)).map(({ body }) => body);
}

interface Times {
  readonly state: string;
  readonly startedAt?: Instant;
  readonly completedAt?: Instant;
}

const statusOf = ({ state, startedAt, completedAt }: Times, error?: unknown) => ({
  state,
  ...(startedAt !== undefined && { startTime: startedAt }),
  ...(completedAt !== undefined && { completedTime: completedAt }),
  ...(error !== undefined && { error }),
});

function errorOf({ status, counts }: UpdateRun): unknown {
  if (counts.failed === 0 || status.state === "Completed") return undefined;
  const message = `${counts.failed} of the run's members failed to upgrade`;
  return { code: "MemberUpgradeFailed", message };
}

interface StageParts {
  readonly spec: StageSpec;
  readonly status: StageStatus;
  readonly run: UpdateRun;
  readonly groups: readonly GroupProgress[];
  readonly members: readonly MemberProgress[];
}

function stageOf({ spec, status, run, groups, members }: StageParts) {
  return {
    name: spec.name,
    status: statusOf(status),
    maxConcurrency: stageConcurrency(spec, status.members),
    groups: spec.groups.map((group, index) => {
      const progress = groups.find((each) => each.group === index);
      // A group without members has no document: it goes with its stage.
      const isPassed = status.state !== "NotStarted";
      const own = members.filter((each) => each.group === index);
      return {
        name: group.name,
        status: statusOf(progress ?? { state: isPassed ? "Skipped" : "NotStarted" }),
        maxConcurrency: groupConcurrency(group, progress?.total ?? 0),
        ...(own.length > 0 && { members: own.map(memberOf) }),
      };
    }),
    afterStageWaitStatus: {
      status: statusOf(waitOf(status, run)),
      waitDurationInSeconds: spec.afterStageWaitInSeconds ?? 0,
    },
  };
}

function waitOf({ state, waitSince, completedAt }: StageStatus, run: UpdateRun): Times {
  if (state === "Skipped") return { state };
  if (waitSince === undefined) return { state: "NotStarted" };
  const times = { startedAt: waitSince, ...(completedAt !== undefined && { completedAt }) };
  return { state: state === "Completed" ? state : run.status.state, ...times };
}

function memberOf({ member, clusterResourceId, state }: MemberProgress) {
  return { name: member, clusterResourceId, ...memberStatus(state) };
}

function memberStatus(state: MemberState) {
  switch (state.kind) {
    case "waiting":
      return { status: { state: "NotStarted" } };
    case "upgrading": {
      const isPending = !state.begun && state.message !== undefined;
      return {
        status: statusOf({ state: isPending ? "Pending" : "Running", startedAt: state.since }),
        ...(state.message !== undefined && { message: state.message }),
      };
    }
    case "upgraded":
      return {
        status: statusOf({ state: "Completed", startedAt: state.since, completedAt: state.at }),
      };
    case "failed": {
      const times = { state: "Failed", startedAt: state.since, completedAt: state.at };
      const error = { code: "MemberUpgradeFailed", message: state.reason };
      return { status: statusOf(times, error), message: state.reason };
    }
    case "skipped":
      return {
        status: statusOf({ state: "Skipped", completedAt: state.at }),
        message: state.reason,
      };
    default:
      return unreachable(state);
  }
}
