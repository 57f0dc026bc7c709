/** The changes that a binding goes through, each with the counts that it moves. */
import type { ClusterProfile } from "../fleet/model.ts";
import { memberRef } from "../fleet/model.ts";
import type { Document, FleetId, Key, Write } from "../lib/document.ts";
import { isEqual } from "../lib/equal.ts";
import type { Instant } from "../lib/instant.ts";
import { bindingConditions } from "./binding-conditions.ts";
import { countChange, countWrites, isReady } from "./counting.ts";
import { type Binding, type ClusterDecision, placementRef } from "./model.ts";

/** So many bindings change in one commit, which also has room for counts and the placement. */
export const bindingsPerCommitMax = 80;

/** One binding as it should be; without `after` it goes. */
export interface BindingChange {
  readonly key: Key<Binding>;
  /** As it was read; undefined when there was none. */
  readonly before: Document<Binding> | undefined;
  readonly after?: Binding;
  /** When the binding looks next; left out: nothing is owed. */
  readonly wakeAt?: Instant;
}

/** What a binding is made of. */
export interface ToBind {
  readonly placement: string;
  readonly cluster: ClusterProfile;
  readonly decision: ClusterDecision;
  readonly snapshot: string;
  readonly settleSeconds: number;
  readonly now: Instant;
}

/**
 * A binding that is new, or that was on its way out and is wanted again; then it remembers what
 * its cluster may hold, unless a member of the same name is another cluster now.
 */
export function bind(toBind: ToBind, before?: Document<Binding>): Binding {
  const { placement, cluster, decision, snapshot, settleSeconds, now } = toBind;
  const known = before?.body;
  const isSameCluster = known?.rollout.clusterId === cluster.clusterId;
  return {
    metadata: known?.metadata ?? { labels: { "kubernetes-fleet.io/parent-CRP": placement } },
    spec: {
      state: "Bound",
      targetCluster: cluster.member,
      resourceSnapshotName: snapshot,
      clusterDecision: decision,
    },
    status: pendingStatus(before, now),
    rollout: {
      placement,
      clusterId: cluster.clusterId,
      outcome: "pending",
      mayHold: isSameCluster ? withName(known.rollout.mayHold, snapshot) : [snapshot],
      attempts: 0,
      settleSeconds,
    },
  };
}

/** Wants another snapshot from now on. What the cluster may hold is written before it is asked. */
export function moveTo(snapshot: string, before: Document<Binding>, now: Instant): Binding {
  const { body } = before;
  const { unreachable: _, settlesAt: __, ...rollout } = body.rollout;
  return {
    ...body,
    spec: { ...body.spec, resourceSnapshotName: snapshot },
    status: pendingStatus(before, now),
    rollout: {
      ...rollout,
      outcome: "pending",
      mayHold: withName(rollout.mayHold, snapshot),
      attempts: 0,
    },
  };
}

/** On its way out: its objects go from its cluster first. */
export function unschedule({ body }: Document<Binding>): Binding {
  const { unreachable: _, settlesAt: __, ...rollout } = body.rollout;
  return {
    ...body,
    spec: { ...body.spec, state: "Unscheduled" },
    rollout: { ...rollout, attempts: 0 },
  };
}

/** All writes of the changes: the bindings, and the counts that they move. */
export function bindingWrites(fleet: FleetId, changes: readonly BindingChange[]): readonly Write[] {
  return [
    ...changes.flatMap(bindingWrite),
    ...countWrites(
      fleet,
      changes.map(({ before, after }) => countChange(before?.body, after)),
    ),
  ];
}

function bindingWrite({ key, before, after, wakeAt }: BindingChange): readonly Write[] {
  if (after === undefined)
    return before === undefined ? [] : [{ kind: "delete", document: before }];
  const refs = refsOf(after);
  if (before === undefined) {
    return [{ kind: "create", key, body: after, refs, ...(wakeAt !== undefined && { wakeAt }) }];
  }
  const isWantedOtherwise = !isEqual(before.body.spec, after.spec);
  const generation = before.generation + (isWantedOtherwise ? 1 : 0);
  return [
    { kind: "replace", document: before, body: after, generation, refs, wakeAt: wakeAt ?? null },
  ];
}

/** Bindings that want a snapshot are found by it, those that are not ready apart from the rest. */
export const wantingRef = (snapshot: string, of: "ready" | "unready"): string =>
  `wants:${snapshot}:${of}`;

function refsOf(binding: Binding): readonly string[] {
  const { spec, rollout } = binding;
  return [
    placementRef(rollout.placement),
    memberRef(spec.targetCluster),
    ...(spec.state === "Bound"
      ? [wantingRef(spec.resourceSnapshotName, isReady(binding) ? "ready" : "unready")]
      : []),
  ];
}

const withName = (names: readonly string[], name: string): readonly string[] => [
  ...names.filter((each) => each !== name),
  name,
];

function pendingStatus(before: Document<Binding> | undefined, now: Instant): Binding["status"] {
  return {
    conditions: bindingConditions({
      before: before?.body.status.conditions ?? [],
      generation: (before?.generation ?? 0) + 1,
      seen: { outcome: "pending" },
      now,
    }),
  };
}
