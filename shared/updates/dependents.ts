/** Who looks again when a document of an update run changed, besides whoever an event wakes. */
import type { Document, FleetId, Key } from "../lib/document.ts";
import { groupKey, runKey } from "./keys.ts";
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
import { isSettled, isUnderWay, stagesOf } from "./run-state.ts";

/**
 * A run wakes the groups of its stage; a group that settles wakes its run; a place that gets free
 * in a stage wakes the stage's groups. Members that wait or are done wake nobody, so what follows
 * from one upgrade does not grow with the number of members.
 */
export function dependentsOfUpdate(changed: Document): readonly Key[] {
  if (changed.deletedAt !== undefined) return [];
  const { fleet } = changed.key;
  switch (changed.key.kind) {
    case runKind: {
      const run = changed.body as UpdateRun;
      return [changed.key, ...groupsOf(changed as Document<UpdateRun>, run.status.stage)];
    }
    case groupKind: {
      const { run, state } = changed.body as GroupProgress;
      return isSettled(state) ? [changed.key, runKey(fleet, run)] : [changed.key];
    }
    case stageSlotsKind: {
      const { run, stage, groups } = changed.body as StageSlots;
      return groupKeys(fleet, { run, stage, groups });
    }
    case memberProgressKind:
      return (changed.body as MemberProgress).state.kind === "upgrading" ? [changed.key] : [];
    default:
      return [];
  }
}

function groupsOf({ key, body }: Document<UpdateRun>, stage: number): readonly Key[] {
  if (!isUnderWay(body) && body.status.attempt === 0) return [];
  const groups = stagesOf(body)[stage]?.groups.length ?? 0;
  return groupKeys(key.fleet, { run: key.name, stage, groups });
}

const groupKeys = (
  fleet: FleetId,
  { run, stage, groups }: Pick<StageSlots, "run" | "stage" | "groups">,
): readonly Key[] =>
  Array.from({ length: groups }, (_, group) => groupKey(fleet, { run, stage, group }));
