/** How a workload gets to its clusters: snapshots of what is placed, bindings to where. */
import type { ClusterId, MemberName } from "../fleet/model.ts";
import { type Document, type FleetId, type Key, keyOf, kind } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import type { Condition, JsonObject, KubeBody } from "../lib/kube-object.ts";

/** Names one object of a workload, as placement statuses do. */
export interface ResourceIdentifier {
  /** "" for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A whole Kubernetes object as it is applied: no status, no server-set metadata. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Names the object of a manifest. */
export function identifierOf({
  apiVersion,
  kind: kindName,
  metadata,
}: Manifest): ResourceIdentifier {
  const { name, namespace } = (metadata ?? {}) as { name?: string; namespace?: string };
  const slash = apiVersion.indexOf("/");
  return {
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: kindName,
    ...(namespace !== undefined && { namespace }),
    name: name ?? "",
  };
}

/** Equal for one object, in whatever version it is written. */
export function identifierText(resource: ResourceIdentifier): string {
  const { group, kind: kindName, namespace = "", name } = resource;
  return `${group}/${kindName}/${namespace}/${name}`;
}

/**
 * What a placement places, as it was at one moment. Immutable, and named by its content: two
 * snapshots of equal content are one. A large one continues in parts, each named after the first:
 * "web-3f2a…", "web-3f2a…-1". The first is created last, so whoever reads it can read them all.
 */
export interface Snapshot extends KubeBody {
  readonly spec: { readonly selectedResources: readonly Manifest[] };
  /** Of the first only. */
  readonly content?: {
    /** Counts a placement's snapshots from 0: KubeFleet's `observedResourceIndex`. */
    readonly index: number;
    /** How many documents hold the content. */
    readonly parts: number;
  };
}
export const snapshotKind = kind<Snapshot>(
  "placement.kubernetes-fleet.io/clusterresourcesnapshots",
);

export const snapshotPartName = (snapshot: string, part: number): string =>
  part === 0 ? snapshot : `${snapshot}-${part}`;

/** All documents of one snapshot have this ref. */
export const snapshotRef = (snapshot: string): string => `snapshot:${snapshot}`;

/** Why a cluster was chosen, as KubeFleet's bindings say it. */
export interface ClusterDecision {
  readonly clusterName: string;
  readonly selected: true;
  readonly clusterScore?: { readonly affinityScore: number };
  readonly reason: string;
}

/** Whether an object does its work: "not-trackable" for kinds that cannot tell. */
export type Availability = "available" | "not-yet" | "not-trackable";

/** What became of one object of a work. */
export type ManifestSeen =
  | {
      readonly kind: "applied";
      readonly resource: ResourceIdentifier;
      readonly availability: Availability;
      readonly message: string;
    }
  | {
      readonly kind: "failed";
      readonly resource: ResourceIdentifier;
      /** A KubeFleet reason: "ManifestApplyFailed", "FailedToTakeOver", … */
      readonly reason: string;
      readonly message: string;
    };

/** What a member cluster told of the objects that it should, and should not, hold. */
export type WorkSeen =
  | {
      readonly kind: "seen";
      readonly manifests: readonly ManifestSeen[];
      /** Of what should go: what is still there, for example because of a finalizer. */
      readonly remaining: readonly ResourceIdentifier[];
    }
  /** The API server does not answer, or does not let us in. Says nothing of its objects. */
  | { readonly kind: "unreachable"; readonly reason: string };

/** What became of the snapshot that a binding wants, as far as its cluster told. */
export type Outcome = "pending" | "failed" | "applied" | "available";

/** One placement on one cluster. Its name is the placement's, a dot and the member's. */
export interface Binding extends KubeBody {
  readonly spec: {
    /** "Unscheduled": it goes, and takes its objects with it. */
    readonly state: "Bound" | "Unscheduled";
    readonly targetCluster: MemberName;
    readonly resourceSnapshotName: string;
    readonly clusterDecision: ClusterDecision;
  };
  readonly status: {
    readonly conditions: readonly Condition[];
    readonly failedPlacements?: readonly FailedPlacement[];
  };
  readonly rollout: BindingRollout;
}

export interface FailedPlacement extends ResourceIdentifier {
  readonly condition: Condition;
}

/** How far a binding is. Not shown to clients, who read the conditions that follow from it. */
export interface BindingRollout {
  readonly placement: string;
  readonly clusterId: ClusterId;
  readonly outcome: Outcome;
  /** The last look did not reach the cluster; what was known before stays. */
  readonly unreachable?: string;
  /**
   * Snapshots whose objects may be in the cluster. A name is added before its objects are applied,
   * and dropped once the cluster said that what only it had is gone.
   */
  readonly mayHold: readonly string[];
  /** Looks since the binding was last given something new to do. */
  readonly attempts: number;
  /** Available, but of kinds that cannot tell: the rollout waits until then before it goes on. */
  readonly settlesAt?: Instant;
  /** How long that is: `unavailablePeriodSeconds` of the placement. */
  readonly settleSeconds: number;
}
export const bindingKind = kind<Binding>("placement.kubernetes-fleet.io/clusterresourcebindings");

/**
 * Whether a changed binding must be looked at: it was given something to do. What it did itself
 * asks for its next look itself.
 */
export const hasNewWork = ({ body, wakeAt }: Document<Binding>): boolean =>
  wakeAt !== undefined && body.rollout.attempts === 0;

/** A member's name has no dot, so the last one parts the names. */
export const bindingName = (placement: string, member: string): string => `${placement}.${member}`;

export function splitBindingName(name: string): { readonly placement: string; member: string } {
  const dot = name.lastIndexOf(".");
  return { placement: name.slice(0, dot), member: name.slice(dot + 1) };
}

export const bindingKey = (fleet: FleetId, placement: string, member: string): Key<Binding> =>
  keyOf(bindingKind, fleet, bindingName(placement, member));

/** Bindings, snapshots and counts of a placement have this ref. */
export const placementRef = (placement: string): string => `placement:${placement}`;

/**
 * Sums over a placement's bindings, changed in the commits that change the bindings, so that a
 * placement's conditions cost the same for any number of members. One document sums over all
 * bindings of the placement, and one for each snapshot over those that want it.
 */
export interface Counts {
  readonly placement: string;
  readonly counts: Readonly<Partial<Record<CountName, number>>>;
}
export type CountName =
  /** Of the placement: bound, bound and ready, on their way out. */
  | "bindings"
  | "ready"
  | "leaving"
  /** Of a snapshot: wanted by, answered by, outcomes, and in how many clusters it may be. */
  | "started"
  | "synchronized"
  | "failed"
  | "applied"
  | "available"
  | "unreachable"
  | "held";
export const countsKind = kind<Counts>("hubless/placementcounts");

/** The sums over a placement: "web". Whoever follows a rollout looks at this one. */
export const countsKey = (fleet: FleetId, placement: string): Key<Counts> =>
  keyOf(countsKind, fleet, placement);

/** The sums over a snapshot. No placement's name has a slash. */
export const snapshotCountsName = (snapshot: string): string => `snapshot/${snapshot}`;
export const snapshotCountsKey = (fleet: FleetId, snapshot: string): Key<Counts> =>
  keyOf(countsKind, fleet, snapshotCountsName(snapshot));
