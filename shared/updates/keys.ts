/** Names of an update run's documents. They follow from the run: the next one is a point read. */
import { clusterRef } from "../fleet/model.ts";
import { type FleetId, type Key, keyOf } from "../lib/document.ts";
import {
  type GroupProgress,
  groupKind,
  type MemberProgress,
  memberProgressKind,
  runKind,
  type StageSlots,
  stageSlotsKind,
  type UpdateRun,
} from "./model.ts";
import { isActive } from "./run-state.ts";

/** Run names hold no dot, so no two of these names meet. */
interface GroupPlace {
  readonly run: string;
  readonly stage: number;
  readonly group: number;
}

const groupName = ({ run, stage, group }: GroupPlace) => `${run}.${stage}.${group}`;

export const runKey = (fleet: FleetId, run: string): Key<UpdateRun> => keyOf(runKind, fleet, run);

export const groupKey = (fleet: FleetId, place: GroupPlace): Key<GroupProgress> =>
  keyOf(groupKind, fleet, groupName(place));

export const stageSlotsKey = (
  fleet: FleetId,
  { run, stage }: Omit<GroupPlace, "group">,
): Key<StageSlots> => keyOf(stageSlotsKind, fleet, `${run}.${stage}`);

/** Ordinals have the same width, so the order of names is the order of turns. */
export const progressKey = (
  fleet: FleetId,
  place: GroupPlace & { readonly ordinal: number },
): Key<MemberProgress> =>
  keyOf(memberProgressKind, fleet, `${groupName(place)}.${String(place.ordinal).padStart(6, "0")}`);

/** Every document of a run but its own has this ref. */
export const runRef = (run: string): string => `run:${run}`;
export const stageRef = (run: string, stage: number): string => `stage:${run}.${stage}`;
/** Runs that may touch members. */
export const activeRunRef = "active-update-run";
export const failedRef = (place: GroupPlace): string => `failed:${groupName(place)}`;
export const retryRef = (place: GroupPlace): string => `retry:${groupName(place)}`;

export const refsOfRun = (run: UpdateRun): readonly string[] =>
  isActive(run) ? [activeRunRef] : [];

export const refsOfGroup = ({ run, stage }: GroupPlace): readonly string[] => [
  runRef(run),
  stageRef(run, stage),
];

/** An event about a cluster finds the member only while its upgrade is in flight. */
export function refsOfProgress(progress: MemberProgress, isRetry = false): readonly string[] {
  const own = runRef(progress.run);
  switch (progress.state.kind) {
    case "upgrading":
      return [own, clusterRef(progress.clusterId)];
    case "failed":
      return [own, failedRef(progress)];
    case "waiting":
      return isRetry ? [own, retryRef(progress)] : [own];
    case "upgraded":
    case "skipped":
      return [own];
  }
}
