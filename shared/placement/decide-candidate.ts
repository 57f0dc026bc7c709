/**
 * Decides what one changed member means for one placement, without a look at any other member.
 *
 * K1. A member that left, or is another cluster now, keeps its objects: only the binding goes.
 * K2. A member that fits a placement on all clusters is bound at once.
 * K3. A placement that lacks clusters chooses among all of them itself: it is woken.
 * K4. A member that fits no more keeps what it has.
 * K5. Before a placement has scheduled its policy there is nothing to do: it will see this member.
 */
import type { ClusterProfile } from "../fleet/model.ts";
import type { Document, Precondition, Write } from "../lib/document.ts";
import { hasPassed, type Instant } from "../lib/instant.ts";
import type { Plan } from "../reconcile/plan.ts";
import { type BindingChange, bindingWrites } from "../rollout/binding-change.ts";
import { type Binding, bindingKey, type Counts } from "../rollout/model.ts";
import { bound } from "./binding-changes.ts";
import { newestSnapshot, type Placement, placementTypeOf } from "./model.ts";
import { profile as plugins } from "./profile.ts";
import { chosen, whyUnfit } from "./schedule.ts";
import { isPolicyNew, isShortOfClusters } from "./scheduling-due.ts";

export interface CandidateToDecide {
  readonly placement: Document<Placement>;
  readonly counts: Counts["counts"];
  /** Undefined: the member left. */
  readonly profile: Document<ClusterProfile> | undefined;
  readonly binding: Document<Binding> | undefined;
  readonly now: Instant;
}

/** The placement chooses again. */
export interface WakePlacement {
  readonly kind: "wake-placement";
}

const wakePlacement: WakePlacement = { kind: "wake-placement" };

export function decideCandidate(seen: CandidateToDecide): Plan<WakePlacement> {
  const { placement, profile, binding } = seen;
  const { body } = placement;
  const isGone =
    binding !== undefined && binding.body.rollout.clusterId !== profile?.body.clusterId;
  if (isGone) return forget(seen, binding);
  if (body.metadata.deletionTimestamp !== undefined) return nothing("The placement goes");
  if (profile === undefined) return lacking(seen);
  if (binding?.body.spec.state === "Bound") return recheck(seen, binding);
  if (isPolicyNew(body)) return nothing("The placement has yet to schedule its policy");
  return placementTypeOf(body.spec) === "PickAll" ? join(seen, profile.body) : lacking(seen);
}

const nothing = (because: string): Plan<WakePlacement> => ({ writes: [], actions: [], because });

function forget({ placement }: CandidateToDecide, before: Document<Binding>): Plan<WakePlacement> {
  return {
    writes: bindingWrites(placement.key.fleet, [{ key: before.key, before }]),
    actions: [],
    again: true,
    because: "The cluster left the fleet: its objects stay",
  };
}

/** A cluster that is well again is not left waiting for a look that grew late. */
function recheck(
  { profile, now }: CandidateToDecide,
  binding: Document<Binding>,
): Plan<WakePlacement> {
  const { wakeAt, body } = binding;
  const isLate = wakeAt !== undefined && !hasPassed(wakeAt, now);
  const isWell = profile?.body.ineligible === undefined;
  if (body.rollout.unreachable === undefined || !isLate || !isWell) {
    return nothing("The cluster has the placement already");
  }
  const again = { ...body, rollout: { ...body.rollout, attempts: 0 } };
  const write: Write = { kind: "replace", document: binding, body: again, wakeAt: now };
  return { writes: [write], actions: [], because: "The cluster may be reachable again" };
}

/** Follows from the counts, not from who left: a wake that is lost is asked for again. */
function lacking({ placement, counts }: CandidateToDecide): Plan<WakePlacement> {
  return isShortOfClusters(placement.body.spec, counts)
    ? { ...nothing("The placement lacks clusters"), actions: [wakePlacement] }
    : nothing("The placement has its clusters");
}

function join(seen: CandidateToDecide, cluster: ClusterProfile): Plan<WakePlacement> {
  const { placement, binding, now } = seen;
  const { fleet, name } = placement.key;
  const snapshot = newestSnapshot(placement.body)?.name;
  if (snapshot === undefined) return nothing("The placement has no snapshot yet");
  const unfit = whyUnfit(placement.body.spec.policy ?? {}, cluster, plugins);
  if (unfit !== undefined) return nothing(unfit);

  const change: BindingChange = {
    key: bindingKey(fleet, name, cluster.member),
    ...bound({ placement, snapshot, now }, chosen(cluster), binding),
  };
  const stillWanted: Precondition = { kind: "unchanged", document: placement };
  return {
    writes: bindingWrites(fleet, [change]),
    require: [stillWanted],
    actions: [],
    because: `Snapshot "${snapshot}" goes to the cluster`,
  };
}
