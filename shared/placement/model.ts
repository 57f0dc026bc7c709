/** Which objects of the hub go to which clusters. */
import { type Document, type FleetId, type Key, keyOf, kind } from "../lib/document.ts";
import type { Condition, KubeBody } from "../lib/kube-object.ts";
import type { ResourceIdentifier } from "../rollout/model.ts";

/** Kubernetes' `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** Objects of one cluster-scoped kind: one by name, some by labels, or all. */
export interface ResourceSelector {
  /** "" for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name?: string;
  readonly labelSelector?: LabelSelector;
  /** Of a namespace: it alone, or all that lives in it too (the default). */
  readonly selectionScope?: "NamespaceOnly" | "NamespaceWithResources";
}

export interface ClusterSelectorTerm {
  readonly labelSelector?: LabelSelector;
}

export interface PreferredTerm {
  /** -100 to 100. */
  readonly weight: number;
  readonly preference: ClusterSelectorTerm;
}

export interface Toleration {
  /** Left out, with "Exists": any taint. */
  readonly key?: string;
  /** Left out: "Equal". */
  readonly operator?: "Equal" | "Exists";
  readonly value?: string;
  /** Left out: any effect. */
  readonly effect?: "NoSchedule";
}

export interface PlacementPolicy {
  /** Left out: "PickAll". */
  readonly placementType?: "PickAll" | "PickN" | "PickFixed";
  /** Of "PickFixed". */
  readonly clusterNames?: readonly string[];
  /** Of "PickN". */
  readonly numberOfClusters?: number;
  readonly affinity?: {
    readonly clusterAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly clusterSelectorTerms: readonly ClusterSelectorTerm[];
      };
      readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredTerm[];
    };
  };
  readonly tolerations?: readonly Toleration[];
}

export interface RollingUpdate {
  /** 2 or "25%"; of all chosen clusters, rounded up. */
  readonly maxUnavailable?: number | string;
  readonly maxSurge?: number | string;
  readonly unavailablePeriodSeconds?: number;
}

export interface PlacementSpec {
  readonly resourceSelectors: readonly ResourceSelector[];
  readonly policy?: PlacementPolicy;
  readonly strategy?: { readonly type?: "RollingUpdate"; readonly rollingUpdate?: RollingUpdate };
  readonly revisionHistoryLimit?: number;
}

/** `ClusterResourcePlacement`, of all its versions. */
export interface Placement extends KubeBody {
  readonly spec: PlacementSpec;
  readonly status?: PlacementStatus;
  readonly scheduling?: Scheduling;
}

/** What is known of a placement as a whole. What is known per cluster is in its bindings. */
export interface PlacementStatus {
  readonly conditions: readonly Condition[];
  readonly selectedResources: readonly ResourceIdentifier[];
  /** The newest snapshot's index, as text. */
  readonly observedResourceIndex?: string;
}

/** Where scheduling is. Not shown to clients. */
export interface Scheduling {
  /** Equal for policies that choose alike, whatever their number of clusters. Set when done. */
  readonly policyHash?: string;
  /** The snapshots that are kept; the last is what bindings should want. */
  readonly snapshots: readonly KeptSnapshot[];
  /** The index of the next snapshot of new content. */
  readonly nextIndex: number;
  /** Counts changes of several bindings: of two looks that choose clusters, one loses the race. */
  readonly waves: number;
  /** Some of the clusters that were not chosen, and why: KubeFleet shows at most 20. */
  readonly unselected: readonly UnselectedCluster[];
}

export interface KeptSnapshot {
  readonly name: string;
  /** Counts the placement's snapshots from 0. */
  readonly index: number;
}

export interface UnselectedCluster {
  readonly clusterName: string;
  readonly reason: string;
}
export const placementKind = kind<Placement>(
  "placement.kubernetes-fleet.io/clusterresourceplacements",
);

/** A placement goes only after its bindings, snapshots and counts went. */
export const placementFinalizer = "kubernetes-fleet.io/crp-cleanup";

/**
 * A member that may be a cluster for a placement: woken, under the name of what would be their
 * binding, when the member's profile changed. Nothing is saved under the key.
 */
export const candidateKind = kind<never>("hubless/candidates");
export const candidateKey = (fleet: FleetId, placement: string, member: string): Key<never> =>
  keyOf(candidateKind, fleet, `${placement}.${member}`);

/**
 * Whether a changed placement must be looked at: what is wanted of it is newer than what its status
 * speaks of, or it goes. Its own status changes far more often, and asks for no look.
 */
export function isUnseen({ body, generation }: Document<Placement>): boolean {
  const { status, metadata } = body;
  const seen = status?.conditions.find(({ type }) => type === "ClusterResourcePlacementScheduled");
  return metadata.deletionTimestamp !== undefined || seen?.observedGeneration !== generation;
}

export const placementTypeOf = ({ policy }: PlacementSpec): "PickAll" | "PickN" | "PickFixed" =>
  policy?.placementType ?? "PickAll";

/** The snapshot that bindings should want; undefined before the first. */
export const newestSnapshot = ({ scheduling }: Placement): KeptSnapshot | undefined =>
  scheduling?.snapshots.at(-1);
