/**
 * Writes a run's members down: a document for each member and for each group that has any, a few
 * at a time. A member that joins behind the place that is reached, or has another group later, is
 * not in the run.
 *
 * Invariants, held by test/updates/fill.test.ts:
 *   F1. No step writes more than one commit takes.
 *   F2. Each member whose group the strategy names is in the run once, at a gapless ordinal.
 */
import { clusterIdOf, type Member, type MemberName } from "../fleet/model.ts";
import type { Document, FleetId, Write } from "../lib/document.ts";
import { sharesSlots } from "./concurrency.ts";
import {
  groupKey,
  progressKey,
  refsOfGroup,
  refsOfProgress,
  runRef,
  stageRef,
  stageSlotsKey,
} from "./keys.ts";
import {
  type GroupProgress,
  type MemberProgress,
  noCounts,
  type RunStatus,
  type StageSlots,
  type UpdateRun,
} from "./model.ts";
import { stagesOf } from "./run-state.ts";

/** At most so many writes of one step, beside that of the run; a commit takes 98. */
const fillWritesMax = 96;

export interface FillSeen {
  readonly fleet: FleetId;
  readonly name: string;
  readonly run: UpdateRun;
  /** The members that `run.contents` points at, in the order of their names. */
  readonly page: readonly Document<Member>[];
  /** Where the page after it begins; left out when there is none. */
  readonly next?: string;
  /** The run's groups that are written already, by `placeText`. */
  readonly groups: ReadonlyMap<string, Document<GroupProgress>>;
}

export interface Filled {
  readonly run: UpdateRun;
  readonly writes: readonly Write[];
}

interface Place {
  readonly stage: number;
  readonly group: number;
}

export const placeText = ({ stage, group }: Place): string => `${stage}.${group}`;

/** A run that nothing happened to yet, with nobody in it. */
export function emptyStatus(run: Pick<UpdateRun, "strategy">): RunStatus {
  const stages = stagesOf(run).map(() => ({ state: "NotStarted" as const, members: 0 }));
  return { state: "NotStarted", attempt: 0, stage: 0, stages };
}

/** Which of the page's members can be in the run at all: what `observe` reads groups for. */
export function placesOf(run: UpdateRun, page: readonly Document<Member>[]): readonly Place[] {
  return page.flatMap((member) => placeOf(run, member) ?? []);
}

/** Fills in as many of the page's members as one commit takes. */
export function fillStep(seen: FillSeen): Filled {
  const { run, page } = seen;
  if (run.contents.kind !== "filling") return { run, writes: [] };
  const { upTo } = run.contents;
  const left = page.filter(({ key }) => upTo === undefined || key.name > upTo);
  const step: Step = { progress: [], groups: new Map(), stages: new Set() };
  for (const [index, member] of left.entries()) {
    if (writesOf(step) > fillWritesMax - 3) return filled(seen, step, left[index - 1]);
    add(seen, step, member);
  }
  return filled(seen, step, undefined);
}

interface Step {
  readonly progress: Write[];
  readonly groups: Map<string, GroupProgress>;
  readonly stages: Set<number>;
}

const writesOf = ({ progress, groups, stages }: Step) =>
  progress.length + groups.size + stages.size;

function add({ fleet, name, run, groups }: FillSeen, step: Step, member: Document<Member>): void {
  const place = placeOf(run, member);
  if (place === undefined) return;
  const id = placeText(place);
  const group = step.groups.get(id) ?? groups.get(id)?.body ?? newGroup(name, place);
  const { clusterResourceId } = member.body.arm;
  const body: MemberProgress = {
    run: name,
    ...place,
    ordinal: group.total,
    member: member.key.name as MemberName,
    clusterId: clusterIdOf(clusterResourceId),
    clusterResourceId,
    state: { kind: "waiting" },
  };
  const key = progressKey(fleet, body);
  step.progress.push({ kind: "create", key, body, refs: refsOfProgress(body) });
  step.groups.set(id, { ...group, total: group.total + 1 });
  step.stages.add(place.stage);
}

const newGroup = (run: string, place: Place): GroupProgress => ({
  run,
  ...place,
  total: 0,
  next: 0,
  counts: noCounts,
  state: "NotStarted",
  attempt: 0,
});

/** `last`: the last member that is in, when the page has more; else the page is done. */
function filled(seen: FillSeen, step: Step, last: Document<Member> | undefined): Filled {
  const { run, next } = seen;
  const { contents } = run;
  const added = [...step.groups.values()].map((group) => ({
    stage: group.stage,
    members: group.total - (seen.groups.get(placeText(group))?.body.total ?? 0),
  }));
  const stages = run.status.stages.map((status, stage) => ({
    ...status,
    members: added
      .filter((each) => each.stage === stage)
      .reduce((sum, { members }) => sum + members, status.members),
  }));
  return {
    run: {
      ...run,
      contents:
        last !== undefined
          ? { ...contents, kind: "filling", upTo: last.key.name }
          : next !== undefined
            ? { kind: "filling", page: next }
            : { kind: "full" },
      status: { ...run.status, stages },
    },
    writes: [...groupWrites(seen, step), ...stageWrites(seen, stages), ...step.progress],
  };
}

function groupWrites({ fleet, groups }: FillSeen, step: Step): Write[] {
  return [...step.groups].map(([id, body]) => {
    const document = groups.get(id);
    return document === undefined
      ? { kind: "create", key: groupKey(fleet, body), body, refs: refsOfGroup(body) }
      : { kind: "replace", document, body };
  });
}

/** A stage's places are written with its first member. */
function stageWrites(
  { fleet, name, run }: FillSeen,
  after: readonly { readonly members: number }[],
): Write[] {
  return stagesOf(run).flatMap((spec, stage): Write[] => {
    const isFirst = run.status.stages[stage]?.members === 0 && after[stage]?.members !== 0;
    if (!isFirst || !sharesSlots(spec)) return [];
    const groups = spec.groups.length;
    const body: StageSlots = { run: name, stage, groups, counts: { upgrading: 0 } };
    const refs = [runRef(name), stageRef(name, stage)];
    return [{ kind: "create", key: stageSlotsKey(fleet, body), body, refs }];
  });
}

/** Where the member's group is in the strategy; without one, all members are in one group. */
function placeOf(run: UpdateRun, { body }: Document<Member>): Place | undefined {
  if (body.metadata.deletionTimestamp !== undefined) return undefined;
  if (run.strategy === undefined) return { stage: 0, group: 0 };
  const wanted = body.arm.group ?? body.arm.clusterGroup;
  for (const [stage, { groups }] of run.strategy.stages.entries()) {
    const group = groups.findIndex(({ name }) => name === wanted);
    if (group >= 0) return { stage, group };
  }
  return undefined;
}
