/**
 * What a binding's conditions say, in KubeFleet's types, order and reasons. The first that does
 * not hold is the last that is there.
 *
 * @see https://kubefleet.dev/docs/concepts/crp/
 */
import type { Instant } from "../lib/instant.ts";
import { type Condition, withCondition } from "../lib/kube-object.ts";
import type { Outcome } from "./model.ts";

export interface ProgressSeen {
  readonly outcome: Outcome;
  /** Why the last look did not reach the cluster. */
  readonly unreachable?: string;
  /** Available, but some of it is of kinds that cannot tell. */
  readonly isUntrackable?: true;
  /** What went wrong, or what is waited for. */
  readonly message?: string;
}

interface ToTell {
  readonly before: readonly Condition[];
  /** Of the binding, as it is saved. */
  readonly generation: number;
  readonly seen: ProgressSeen;
  readonly now: Instant;
}

type Told = Pick<Condition, "type" | "status" | "reason" | "message">;

export function bindingConditions({ before, generation, seen, now }: ToTell): Condition[] {
  return chain(seen).map((told) => {
    const next = { ...told, observedGeneration: generation };
    const same = before.filter(({ type }) => type === told.type);
    return withCondition(same, next, now)[0] as Condition;
  });
}

function chain(seen: ProgressSeen): readonly Told[] {
  const all = [...always, synchronized(seen), applied(seen), available(seen)];
  const end = all.findIndex(({ status }) => status !== "True");
  const told = end < 0 ? all : all.slice(0, end + 1);
  return seen.unreachable === undefined ? told : [...told, unreachable(seen.unreachable)];
}

const always: readonly Told[] = [
  {
    type: "RolloutStarted",
    status: "True",
    reason: "RolloutStarted",
    message: "Detected the new changes on the resources and started the rollout process",
  },
  {
    type: "Overridden",
    status: "True",
    reason: "NoOverrideSpecified",
    message: "No override rules are configured for the selected resources",
  },
];

function synchronized({ outcome, unreachable: reason }: ProgressSeen): Told {
  const type = "WorkSynchronized";
  if (outcome !== "pending") {
    return { type, status: "True", reason: "AllWorkSynced", message: "The cluster has the work" };
  }
  return reason === undefined
    ? { type, status: "Unknown", reason: "WorkSynchronizedUnknown", message: "Not yet answered" }
    : { type, status: "False", reason: "SyncWorkFailed", message: reason };
}

function applied({ outcome, message = "" }: ProgressSeen): Told {
  const type = "Applied";
  return outcome === "failed"
    ? { type, status: "False", reason: "NotAllWorkHaveBeenApplied", message }
    : {
        type,
        status: "True",
        reason: "AllWorkHaveBeenApplied",
        message: "All objects are applied",
      };
}

function available({ outcome, isUntrackable, message = "" }: ProgressSeen): Told {
  const type = "Available";
  if (outcome !== "available") {
    return { type, status: "False", reason: "NotAllWorkAreAvailable", message };
  }
  return isUntrackable === true
    ? { type, status: "True", reason: "NotAllWorkAreAvailabilityTrackable", message }
    : { type, status: "True", reason: "AllWorkAreAvailable", message: "All objects are available" };
}

/** Not one of KubeFleet's: what was known of an unreachable cluster stays beside it. */
const unreachable = (reason: string): Told => ({
  type: "Reachable",
  status: "False",
  reason: "ClusterUnreachable",
  message: reason,
});
