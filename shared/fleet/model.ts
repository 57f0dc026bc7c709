/** What a fleet, its members and their clusters are. */
import type { Brand } from "../lib/brand.ts";
import { type FleetId, type Key, keyOf, kind } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import type { Condition, KubeBody } from "../lib/kube-object.ts";

/** "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", at most 50 characters. */
export type MemberName = Brand<string, "MemberName">;
/** The lower-cased ARM id of an AKS cluster. */
export type ClusterId = Brand<string, "ClusterId">;
/** "1.34.1" */
export type KubernetesVersion = Brand<string, "KubernetesVersion">;

/** Who changed an ARM resource, and when: its `systemData`. */
export interface SystemData {
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly createdByType: string;
  readonly lastModifiedAt: Instant;
  readonly lastModifiedBy: string;
  readonly lastModifiedByType: string;
}

/** A fleet, as ARM has it. Its key's name is the fleet's, in the case of its creation. */
export interface Fleet {
  /** The ARM id in the case of its creation. */
  readonly armId: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly systemData: SystemData;
}
export const fleetKind = kind<Fleet>("microsoft.containerservice/fleets");

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule";
}

/** A cluster that joined a fleet: ARM's `members/{name}` and Kubernetes' `MemberCluster`. */
export interface Member extends KubeBody {
  /** `MemberCluster.spec`. */
  readonly spec: {
    readonly identity?: {
      readonly kind: string;
      readonly name: string;
      readonly apiGroup?: string;
      readonly namespace?: string;
    };
    readonly heartbeatPeriodSeconds?: number;
    readonly taints?: readonly Taint[];
  };
  /** What ARM's member has and `MemberCluster` has not. */
  readonly arm: {
    /** In the case of its creation. */
    readonly clusterResourceId: string;
    /** The update group that a person set; without one, the cluster's tags say. */
    readonly group?: string;
    /** The update group that followed from the cluster when it was last seen. */
    readonly clusterGroup?: string;
    /** Entra's object id of the identity that AKS made for the cluster's nodes. */
    readonly kubeletIdentity?: string;
    /** Labels that a person set, above those that follow from the cluster. */
    readonly labels?: Readonly<Record<string, string>>;
    /** The labels that followed from the cluster when it was last seen. */
    readonly clusterLabels?: Readonly<Record<string, string>>;
    /** The last question for what its nodes have and its pods ask for. */
    readonly usageAsked?: UsageAsked;
    /** Joined by the cluster's tag: it leaves when the tag is gone. */
    readonly joinedBy: "tag" | "api";
    readonly systemData: SystemData;
  };
  readonly status: MemberStatus;
}

export interface UsageAsked {
  readonly at: Instant;
  /** What ARM told then of a cluster at rest; left out while the cluster changes. */
  readonly nodeCount?: number;
  /** So many questions in a row got no answer; left out for none. */
  readonly failures?: number;
}

export interface MemberStatus {
  readonly conditions: readonly Condition[];
  /** What ARM last said of the cluster; left out before the first look. */
  readonly cluster?: {
    readonly kubernetesVersion: string;
    readonly provisioningState: string;
    readonly location: string;
    readonly powerState: string;
  };
  /** Times are Kubernetes' own, in whole seconds. */
  readonly properties?: Readonly<
    Record<string, { readonly value: string; readonly observationTime: string }>
  >;
  /** Left out before the cluster was first asked. */
  readonly resourceUsage?: ResourceUsage & { readonly observationTime: string };
  /** When the cluster was last asked and answered, of the answers that changed something. */
  readonly agentStatus?: readonly [
    { readonly type: "MemberAgent"; readonly lastReceivedHeartbeat: string },
  ];
}

/** Kubernetes quantities: `{ cpu: "4196m", memory: "17827580Ki" }`. */
export interface ResourceAmounts {
  readonly cpu: string;
  readonly memory: string;
}

/** What the nodes of a cluster have, together. */
export interface ResourceUsage {
  readonly capacity: ResourceAmounts;
  /** What of the capacity is for pods. */
  readonly allocatable: ResourceAmounts;
  /** What of the allocatable no pod on a node asks for. Never below 0. */
  readonly available: ResourceAmounts;
}
export const memberKind = kind<Member>("cluster.kubernetes-fleet.io/memberclusters");

/**
 * What schedulers read of a member, apart from the rest so that it changes only when a decision
 * may change: a look at its health or an upgrade of it wakes no placement. Named like the member.
 */
export interface ClusterProfile {
  readonly member: MemberName;
  readonly clusterId: ClusterId;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Said where it is not: "cluster has left the fleet". */
  readonly ineligible?: string;
}
export const clusterProfileKind = kind<ClusterProfile>("hubless/clusterprofiles");

/**
 * A cluster that is not ours (yet): a wake names it by its lower-cased ARM id; nothing is saved
 * under the key.
 */
export const clusterKind = kind<never>("microsoft.containerservice/managedclusters");

/** Clusters belong to no fleet: their wakes carry an empty one. */
export const clusterKey = (cluster: ClusterId): Key<never> =>
  keyOf(clusterKind, "" as FleetId, cluster);

/** Every document about a cluster has this ref: an event of the cluster finds them by it. */
export const clusterRef = (cluster: ClusterId): string => `cluster:${cluster}`;
export const memberRef = (member: string): string => `member:${member}`;

/** Reads "/subscriptions/…/managedClusters/AKS-1" in any case. */
export function clusterIdOf(armId: string): ClusterId {
  return armId.toLowerCase() as ClusterId;
}

export interface AgentPoolSeen {
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly nodeImageVersion: string;
  readonly provisioningState: string;
  /** So many nodes are wanted; 0 where ARM tells none. */
  readonly nodeCount: number;
}

/** An AKS cluster, as ARM tells it in one GET. */
export interface ClusterSeen {
  /** In the case of its creation. */
  readonly armId: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly etag: string;
  /** "Succeeded", "Upgrading", "Failed", … ARM adds words: compare, never switch. */
  readonly provisioningState: string;
  /** "Running" or "Stopped". */
  readonly powerState: string;
  /** What runs: AKS's `currentKubernetesVersion`. */
  readonly kubernetesVersion: string;
  /** What was asked for: AKS's `kubernetesVersion`. */
  readonly wantedVersion: string;
  readonly pools: readonly AgentPoolSeen[];
  readonly nodeResourceGroup: string;
  /** The object id of `identityProfile.kubeletidentity`. */
  readonly kubeletIdentity?: string;
  /** What went wrong, when the provisioning state is "Failed". */
  readonly provisioningError?: string;
}

/** What a member's API server says of itself. */
export type HealthSeen =
  | { readonly kind: "healthy"; readonly kubernetesVersion: string }
  | { readonly kind: "unhealthy"; readonly reason: string }
  /** No answer, or none for us. It says nothing of the cluster's objects. */
  | { readonly kind: "unreachable"; readonly reason: string };

/** What a member's API server says of its nodes, and of the pods on them that are not finished. */
export type UsageSeen =
  | ({ readonly kind: "seen"; readonly nodeCount: number } & ResourceUsage)
  | { readonly kind: "unreachable"; readonly reason: string };

/** What an update run asks of one cluster. */
export type ClusterUpgrade =
  | { readonly kind: "full"; readonly to: KubernetesVersion }
  | { readonly kind: "control-plane"; readonly to: KubernetesVersion }
  | { readonly kind: "node-image" };

/** The update group of a member: what a person set, else what its cluster's tags say. */
export const groupOf = ({ arm }: Member): string | undefined => arm.group ?? arm.clusterGroup;

/**
 * Whose word about the member is believed: the identity that a person registered, else the one that
 * AKS made for the cluster's nodes, which a relay without an identity of its own runs as.
 */
export const relayIdentityOf = ({ spec, arm }: Member): string | undefined =>
  spec.identity?.name ?? arm.kubeletIdentity;

/** A fleet is found by its name, from a cluster's tag. */
export const fleetNameRef = (name: string): string => `fleet-name:${name.toLowerCase()}`;
