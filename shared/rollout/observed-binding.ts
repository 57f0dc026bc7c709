/**
 * What a binding becomes when its cluster answered.
 *
 * O1. A cluster that does not answer says nothing: what was known stays.
 * O2. What may be in the cluster is forgotten only when the cluster said that it is gone.
 * O3. While something is owed the next look is known, and comes later each time.
 */
import type { Document } from "../lib/document.ts";
import { type Instant, kubeTime, plusSeconds } from "../lib/instant.ts";
import type { Condition } from "../lib/kube-object.ts";
import type { BindingChange } from "./binding-change.ts";
import { bindingConditions, type ProgressSeen } from "./binding-conditions.ts";
import type {
  Binding,
  BindingRollout,
  FailedPlacement,
  ManifestSeen,
  Outcome,
  ResourceIdentifier,
  WorkSeen,
} from "./model.ts";

/** KubeFleet lists as many. */
const failedPlacementsMax = 100;
const secondsBetweenLooksMin = 2;
const secondsBetweenLooksMax = 300;

/** Doubles with each look: 2 s, 4 s, … 5 min. */
export function secondsUntilLook(attempts: number): number {
  return Math.min(secondsBetweenLooksMax, secondsBetweenLooksMin * 2 ** Math.max(0, attempts - 1));
}

export function observedBinding(
  before: Document<Binding>,
  seen: WorkSeen,
  now: Instant,
): BindingChange {
  const { spec } = before.body;
  if (seen.kind === "unreachable") return unreached(before, seen.reason, now);
  return spec.state === "Unscheduled" ? removed(before, seen, now) : told(before, seen, now);
}

function unreached(before: Document<Binding>, reason: string, now: Instant): BindingChange {
  const { body } = before;
  const rollout = { ...oneMoreLook(body.rollout), unreachable: reason };
  const seen: ProgressSeen = { ...knownOf(body), unreachable: reason };
  return {
    key: before.key,
    before,
    after: { ...body, rollout, status: { ...body.status, conditions: tell(before, seen, now) } },
    wakeAt: plusSeconds(now, secondsUntilLook(rollout.attempts)),
  };
}

function removed(
  before: Document<Binding>,
  { remaining }: WorkSeen & { kind: "seen" },
  now: Instant,
): BindingChange {
  const { key, body } = before;
  if (remaining.length === 0) return { key, before };
  const { unreachable: _, ...rollout } = oneMoreLook(body.rollout);
  const wakeAt = plusSeconds(now, secondsUntilLook(rollout.attempts));
  return { key, before, after: { ...body, rollout }, wakeAt };
}

function told(
  before: Document<Binding>,
  seen: WorkSeen & { kind: "seen" },
  now: Instant,
): BindingChange {
  const { key, body } = before;
  const progress = progressOf(seen);
  const { unreachable: _, settlesAt: __, ...known } = oneMoreLook(body.rollout);
  const isClean = seen.remaining.length === 0;
  const mayHold = isClean ? [body.spec.resourceSnapshotName] : known.mayHold;
  const settlesAt =
    progress.isUntrackable === true ? plusSeconds(now, known.settleSeconds) : undefined;
  const rollout: BindingRollout = {
    ...known,
    outcome: progress.outcome,
    mayHold,
    ...(settlesAt !== undefined && { settlesAt }),
  };
  const isDone = progress.outcome === "available" && isClean;
  const wakeAt = isDone ? settlesAt : plusSeconds(now, secondsUntilLook(rollout.attempts));
  return {
    key,
    before,
    after: { ...body, status: statusOf(before, seen, now), rollout },
    ...(wakeAt !== undefined && { wakeAt }),
  };
}

function statusOf(
  before: Document<Binding>,
  seen: WorkSeen & { kind: "seen" },
  now: Instant,
): Binding["status"] {
  const failedPlacements = failedOf(before, seen.manifests, now);
  return {
    conditions: tell(before, progressOf(seen), now),
    ...(failedPlacements.length > 0 && { failedPlacements }),
  };
}

const oneMoreLook = (rollout: BindingRollout): BindingRollout => ({
  ...rollout,
  attempts: rollout.attempts + 1,
});

function progressOf({ manifests }: WorkSeen & { kind: "seen" }): ProgressSeen {
  const failed = manifests.filter(({ kind }) => kind === "failed");
  if (failed.length > 0) return { outcome: "failed", message: summaryOf("failed", failed) };
  const waiting = manifests.filter(is("not-yet"));
  if (waiting.length > 0) return { outcome: "applied", message: summaryOf("waited for", waiting) };
  const silent = manifests.filter(is("not-trackable"));
  return silent.length === 0
    ? { outcome: "available" }
    : {
        outcome: "available",
        isUntrackable: true,
        message: summaryOf("of a kind that cannot tell", silent),
      };
}

const is = (availability: string) => (seen: ManifestSeen) =>
  seen.kind === "applied" && seen.availability === availability;

/** `2 objects failed, first apps/Deployment demo/web: image is missing` */
function summaryOf(what: string, manifests: readonly ManifestSeen[]): string {
  const [first] = manifests;
  if (first === undefined) return "";
  const count = manifests.length === 1 ? "1 object is" : `${manifests.length} objects are`;
  return `${count} ${what}, first ${resourceText(first.resource)}: ${first.message}`.slice(0, 1024);
}

function resourceText({ group, kind, namespace, name }: ResourceIdentifier): string {
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  return `${group === "" ? "" : `${group}/`}${kind} ${prefix}${name}`;
}

function knownOf({ rollout, status }: Binding): ProgressSeen {
  const last = (type: string) => status.conditions.find((each) => each.type === type);
  const types: Record<Outcome, string> = {
    pending: "WorkSynchronized",
    failed: "Applied",
    applied: "Available",
    available: "Available",
  };
  const condition = last(types[rollout.outcome]);
  return {
    outcome: rollout.outcome,
    ...(condition !== undefined && { message: condition.message }),
    ...(condition?.reason === "NotAllWorkAreAvailabilityTrackable" && { isUntrackable: true }),
  };
}

function tell(before: Document<Binding>, seen: ProgressSeen, now: Instant): readonly Condition[] {
  const { body, generation } = before;
  return bindingConditions({ before: body.status.conditions, generation, seen, now });
}

function failedOf(
  { body, generation }: Document<Binding>,
  manifests: readonly ManifestSeen[],
  now: Instant,
): readonly FailedPlacement[] {
  const before = body.status.failedPlacements ?? [];
  return manifests
    .flatMap((seen) => {
      const told = failureOf(seen);
      if (told === undefined) return [];
      const known = before.find((each) => isSame(each, seen.resource))?.condition;
      const isKnown = known?.type === told.type && known.status === told.status;
      const lastTransitionTime = isKnown ? known.lastTransitionTime : kubeTime(now);
      const condition = { ...told, observedGeneration: generation, lastTransitionTime };
      return [{ ...seen.resource, condition }];
    })
    .slice(0, failedPlacementsMax);
}

function failureOf(
  seen: ManifestSeen,
): Omit<Condition, "lastTransitionTime" | "observedGeneration"> | undefined {
  const { message } = seen;
  if (seen.kind === "failed") {
    return { type: "Applied", status: "False", reason: seen.reason, message };
  }
  return seen.availability === "not-yet"
    ? { type: "Available", status: "False", reason: "ManifestNotAvailableYet", message }
    : undefined;
}

function isSame(left: ResourceIdentifier, right: ResourceIdentifier): boolean {
  return (
    left.group === right.group &&
    left.kind === right.kind &&
    left.name === right.name &&
    left.namespace === right.namespace
  );
}
