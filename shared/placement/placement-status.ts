import type { Instant } from "../lib/instant.ts";
import { type Counts, identifierOf, type Manifest } from "../rollout/model.ts";
import { placementConditions } from "../rollout/placement-conditions.ts";
import { newestSnapshot, type Placement, type PlacementStatus } from "./model.ts";

/** What scheduling came to. */
export type Scheduled =
  | { readonly kind: "invalid"; readonly reason: string }
  | { readonly kind: "pending" }
  | { readonly kind: "done"; readonly isFulfilled: boolean; readonly objects: number };

export interface StatusToTell {
  /** With the scheduling that is being saved. */
  readonly placement: Placement;
  readonly generation: number;
  readonly scheduled: Scheduled;
  /** Left out when the selection is not valid: what was selected stays told. */
  readonly manifests?: readonly Manifest[];
  /** As they are with what is being saved. */
  readonly counts: Counts["counts"];
  readonly snapshot: Counts["counts"] | undefined;
  readonly now: Instant;
}

export function placementStatus(toTell: StatusToTell): PlacementStatus {
  const { placement, generation, scheduled, counts, snapshot, now } = toTell;
  const { bindings = 0 } = counts;
  const before = placement.status;
  const newest = newestSnapshot(placement);
  return {
    conditions: placementConditions(before?.conditions ?? [], {
      scheduled: scheduledCondition(scheduled, bindings),
      bindings,
      snapshot,
      generation,
      now,
    }),
    selectedResources: toTell.manifests?.map(identifierOf) ?? before?.selectedResources ?? [],
    ...(newest !== undefined && { observedResourceIndex: String(newest.index) }),
  };
}

function scheduledCondition(scheduled: Scheduled, bindings: number) {
  switch (scheduled.kind) {
    case "invalid":
      return {
        status: "False",
        reason: "InvalidResourceSelectors",
        message: `The resource selectors are invalid: ${scheduled.reason}`,
      } as const;
    case "pending":
      return {
        status: "Unknown",
        reason: "SchedulePending",
        message: "Scheduling has not completed",
      } as const;
    case "done": {
      const nothing = scheduled.objects === 0 ? "; no object of the hub is selected" : "";
      return scheduled.isFulfilled
        ? ({
            status: "True",
            reason: "SchedulingPolicyFulfilled",
            message: `found all the clusters that the scheduling policy asks for${nothing}`,
          } as const)
        : ({
            status: "False",
            reason: "SchedulingPolicyUnfulfilled",
            message:
              "could not find all the clusters that the scheduling policy asks for, " +
              `found ${bindings} cluster(s)${nothing}`,
          } as const);
    }
  }
}
