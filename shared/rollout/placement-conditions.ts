/**
 * What a placement's conditions say of all its clusters together, from counts alone. KubeFleet's
 * types, order and reasons: "Unknown" in one cluster beats "False" in another, and the first that
 * does not hold is the last that is there. Only a policy that got too few clusters is followed by
 * what became of those that it got.
 */
import type { Instant } from "../lib/instant.ts";
import { type Condition, withCondition } from "../lib/kube-object.ts";
import type { Counts } from "./model.ts";

type Told = Pick<Condition, "status" | "reason" | "message"> & { readonly type: string };

/** `placementCondition("Scheduled")`: "ClusterResourcePlacementScheduled". */
const fullType = (type: string): string => `ClusterResourcePlacement${type}`;

export interface PlacementProgress {
  /** What scheduling said. */
  readonly scheduled: Omit<Told, "type">;
  /** How many clusters the placement is bound to. */
  readonly bindings: number;
  /** The counts of the newest snapshot; undefined before the first. */
  readonly snapshot: Counts["counts"] | undefined;
  readonly generation: number;
  readonly now: Instant;
}

export function placementConditions(
  before: readonly Condition[],
  progress: PlacementProgress,
): readonly Condition[] {
  const { scheduled, generation, now } = progress;
  const { status, reason, message } = scheduled;
  const told = [{ type: "Scheduled", status, reason, message }, ...rolloutOf(progress)];
  return told.map(({ type, ...rest }) => {
    const next = { ...rest, type: fullType(type), observedGeneration: generation };
    return withCondition(
      before.filter((each) => each.type === next.type),
      next,
      now,
    )[0] as Condition;
  });
}

export const scheduledCondition = (conditions: readonly Condition[]): Condition | undefined =>
  conditions.find(({ type }) => type === fullType("Scheduled"));

function rolloutOf({ scheduled, bindings, snapshot }: PlacementProgress): readonly Told[] {
  const isScheduling =
    scheduled.status === "Unknown" || scheduled.reason === "InvalidResourceSelectors";
  if (isScheduling || bindings === 0 || snapshot === undefined) return [];
  const all = [started, overridden, synchronized, applied, available].map((condition) =>
    condition(snapshot, bindings),
  );
  const end = all.findIndex(({ status }) => status !== "True");
  return end < 0 ? all : all.slice(0, end + 1);
}

type Aggregate = (counts: Counts["counts"], all: number) => Told;

const started: Aggregate = ({ started: done = 0 }, all) =>
  done >= all
    ? yes(
        "RolloutStarted",
        "RolloutStarted",
        `All ${all} cluster(s) start rolling out the latest resource`,
      )
    : {
        type: "RolloutStarted",
        status: "False",
        reason: "RolloutNotStartedYet",
        message: `The latest resources wait for ${all - done} of ${all} cluster(s)`,
      };

const overridden: Aggregate = () =>
  yes(
    "Overridden",
    "NoOverrideSpecified",
    "No override rules are configured for the selected resources",
  );

const synchronized: Aggregate = ({ synchronized: done = 0, unreachable = 0 }, all) => {
  const type = "WorkSynchronized";
  if (done >= all) return yes(type, type, `All ${all} cluster(s) have the work`);
  const waiting = all - done - unreachable;
  return waiting > 0
    ? {
        type,
        status: "Unknown",
        reason: "WorkSynchronizedUnknown",
        message: `${waiting} of ${all} cluster(s) have not answered yet`,
      }
    : {
        type,
        status: "False",
        reason: "WorkNotSynchronizedYet",
        message: `${unreachable} of ${all} cluster(s) are not reachable`,
      };
};

const applied: Aggregate = ({ applied: done = 0, failed = 0 }, all) =>
  done >= all
    ? yes("Applied", "ApplySucceeded", `The selected resources are applied to ${all} cluster(s)`)
    : {
        type: "Applied",
        status: "False",
        reason: "ApplyFailed",
        message: `Failed to apply the selected resources to ${failed} of ${all} cluster(s)`,
      };

const available: Aggregate = ({ available: done = 0 }, all) =>
  done >= all
    ? yes(
        "Available",
        "ResourceAvailable",
        `The selected resources are available in ${all} cluster(s)`,
      )
    : {
        type: "Available",
        status: "False",
        reason: "ResourceNotAvailableYet",
        message: `The resources are not available yet in ${all - done} of ${all} cluster(s)`,
      };

const yes = (type: string, reason: string, message: string): Told => ({
  type,
  status: "True",
  reason,
  message,
});
