/**
 * Decides what is remembered of a member after a look at its cluster.
 *
 * M1. A member is `Joined` once its API server has answered, and stays so: unreachable is not gone.
 * M2. What a person set (labels, group) is never overwritten by what follows from the cluster.
 * M3. The profile that schedulers read changes only when a decision may change.
 * M4. A member that leaves loses its profile and its document; its objects stay in the cluster.
 * M5. Deciding again, with nothing new to see, writes nothing.
 * M6. What a member's nodes have is asked for about once an hour (`resource-usage.ts`), and kept
 *     when it does not answer. Schedulers' profiles do not know it.
 * M7. The moment of the last answer is told with what else changes, and nothing is written for it.
 */
import type { Document, Write } from "../lib/document.ts";
import { keyOf } from "../lib/document.ts";
import { isEqual } from "../lib/equal.ts";
import { hasPassed, type Instant, kubeTime, parseInstant, plusSeconds } from "../lib/instant.ts";
import { type Condition, withCondition } from "../lib/kube-object.ts";
import type { Plan } from "../reconcile/plan.ts";
import { groupOfCluster, labelsOfCluster } from "./cluster-labels.ts";
import {
  type ClusterProfile,
  type ClusterSeen,
  clusterIdOf,
  clusterProfileKind,
  type HealthSeen,
  type Member,
  type MemberName,
  type MemberStatus,
  memberRef,
  type UsageSeen,
} from "./model.ts";
import { nextUsageAt, withUsage } from "./resource-usage.ts";

export interface MemberToDecide {
  readonly member: Document<Member>;
  readonly profile: Document<ClusterProfile> | undefined;
  /** Undefined: ARM knows no such cluster; the cluster's own look makes the member leave. */
  readonly cluster: ClusterSeen | undefined;
  /** Undefined when the member leaves: nobody asks its API server any more. */
  readonly health: HealthSeen | undefined;
  /** Undefined: it was not asked for. */
  readonly usage: UsageSeen | undefined;
  readonly now: Instant;
}

/** A cluster that is unhealthy for longer than this gets no new work, as in KubeFleet. */
const unhealthySecondsMax = 300;

/** While a member is not well it is looked at after so many seconds, then less and less often. */
const looksAfterSeconds = [5, 15, 30, 60, 120, unhealthySecondsMax, 600, 1200] as const;

export function decideMember(seen: MemberToDecide): Plan {
  const { member } = seen;
  if (member.body.metadata.deletionTimestamp !== undefined) return leave(seen);

  const body = withLastAnswer(follow(seen), seen);
  const profile = profileOf(member, body, seen.now);
  const wakeAt = nextLook(body, seen.now);
  return {
    writes: [...memberWrite(member, body), ...profileWrite(seen, profile)],
    actions: [],
    ...(wakeAt !== undefined && { wakeAt }),
    because: `Member is ${describe(body.status)}`,
  };
}

function leave({ member, profile }: MemberToDecide): Plan {
  return {
    writes: [
      ...(profile === undefined ? [] : [{ kind: "delete", document: profile } as const]),
      { kind: "delete", document: member },
    ],
    actions: [],
    because: "Member left the fleet: its objects stay in its cluster",
  };
}

function follow(seen: MemberToDecide): Member {
  const { cluster, usage, now } = seen;
  const body = followCluster(seen);
  if (usage === undefined || cluster === undefined) return body;
  return withUsage(body, { usage, cluster, now });
}

/** Hubless has no agent in its members: that a cluster answers is the sign of its life. */
function withLastAnswer(body: Member, { member, health, now }: MemberToDecide): Member {
  const isSilent = health === undefined || health.kind === "unreachable";
  if (isSilent || isEqual(member.body, body)) return body;
  const agent = { type: "MemberAgent", lastReceivedHeartbeat: kubeTime(now) } as const;
  return { ...body, status: { ...body.status, agentStatus: [agent] } };
}

function followCluster({ member, cluster, health, now }: MemberToDecide): Member {
  const { body } = member;
  const status: MemberStatus = {
    ...body.status,
    conditions: conditionsOf(member, health, now),
    ...(cluster !== undefined && {
      cluster: {
        kubernetesVersion: cluster.kubernetesVersion,
        provisioningState: cluster.provisioningState,
        location: cluster.location,
        powerState: cluster.powerState,
      },
    }),
  };
  if (cluster === undefined) return { ...body, status };

  const clusterLabels = labelsOfCluster(cluster, member.key.name);
  const clusterGroup = groupOfCluster(cluster);
  const { clusterGroup: _, kubeletIdentity: __, ...arm } = body.arm;
  const { kubeletIdentity } = cluster;
  return {
    ...body,
    metadata: { ...body.metadata, labels: mergeLabels(body, clusterLabels) },
    arm: {
      ...arm,
      clusterLabels,
      ...(clusterGroup !== undefined && { clusterGroup }),
      ...(kubeletIdentity !== undefined && { kubeletIdentity }),
    },
    status,
  };
}

/** A label that differs from what the cluster said last was set by a person: it stays. */
function mergeLabels(
  { metadata, arm }: Member,
  clusterLabels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const before = arm.clusterLabels ?? {};
  const set = Object.entries(metadata.labels ?? {}).filter(
    ([name, value]) => before[name] !== value,
  );
  return { ...clusterLabels, ...Object.fromEntries(set) };
}

function conditionsOf(
  member: Document<Member>,
  health: HealthSeen | undefined,
  now: Instant,
): readonly Condition[] {
  const { conditions } = member.body.status;
  if (health === undefined) return conditions;
  const wasJoined = conditionOf(member.body.status, "Joined")?.status === "True";
  const answered = health.kind !== "unreachable";
  const next: readonly Omit<Condition, "lastTransitionTime">[] = [
    {
      type: "ReadyToJoin",
      status: "True",
      observedGeneration: member.generation,
      reason: "MemberClusterReadyToJoin",
      message: "The cluster may join the fleet",
    },
    {
      type: "Joined",
      status: wasJoined || answered ? "True" : "Unknown",
      observedGeneration: member.generation,
      reason: wasJoined || answered ? "MemberClusterJoined" : "MemberClusterJoinStateUnknown",
      message:
        wasJoined || answered
          ? "The cluster joined the fleet"
          : "The cluster's API server has not answered yet",
    },
    healthCondition(health),
  ];
  return next.reduce((all, each) => withCondition(all, each, now), conditions);
}

function healthCondition(health: HealthSeen): Omit<Condition, "lastTransitionTime"> {
  return health.kind === "healthy"
    ? {
        type: "Healthy",
        status: "True",
        reason: "MemberClusterHealthy",
        message: "The cluster's API server is ready",
      }
    : {
        type: "Healthy",
        status: "False",
        reason:
          health.kind === "unreachable" ? "MemberClusterUnreachable" : "MemberClusterUnhealthy",
        message: health.reason,
      };
}

function profileOf(member: Document<Member>, body: Member, now: Instant): ClusterProfile {
  const ineligible = ineligibility(body.status, now);
  return {
    member: member.key.name as MemberName,
    clusterId: clusterIdOf(body.arm.clusterResourceId),
    labels: body.metadata.labels ?? {},
    taints: body.spec.taints ?? [],
    ...(ineligible !== undefined && { ineligible }),
  };
}

function ineligibility(status: MemberStatus, now: Instant): string | undefined {
  const notConnected = "cluster is not connected to the fleet";
  if (conditionOf(status, "Joined")?.status !== "True") {
    return `${notConnected}: its API server has not answered yet`;
  }
  const healthy = conditionOf(status, "Healthy");
  if (healthy === undefined || healthy.status === "True") return undefined;
  return hasPassed(plusSeconds(parseInstant(healthy.lastTransitionTime), unhealthySecondsMax), now)
    ? `${notConnected}: unhealthy since ${healthy.lastTransitionTime}`
    : undefined;
}

/** Counted from when the trouble began, so that equal sights ask for equal moments. */
function nextLook({ arm, status }: Member, now: Instant): Instant | undefined {
  const healthy = conditionOf(status, "Healthy");
  if (healthy === undefined) return undefined;
  if (healthy.status === "True") {
    const usageAt = arm.usageAsked && nextUsageAt(arm.usageAsked);
    return usageAt === undefined || hasPassed(usageAt, now) ? undefined : usageAt;
  }
  return looksAfterSeconds
    .map((seconds) => plusSeconds(parseInstant(healthy.lastTransitionTime), seconds))
    .find((at) => !hasPassed(at, now));
}

function memberWrite(document: Document<Member>, body: Member): readonly Write[] {
  return isEqual(document.body, body) ? [] : [{ kind: "replace", document, body }];
}

function profileWrite({ member, profile }: MemberToDecide, body: ClusterProfile): readonly Write[] {
  const { fleet, name } = member.key;
  if (profile === undefined) {
    const key = keyOf(clusterProfileKind, fleet, name);
    return [{ kind: "create", key, body, refs: [memberRef(name)] }];
  }
  return isEqual(profile.body, body) ? [] : [{ kind: "replace", document: profile, body }];
}

const conditionOf = (status: MemberStatus, type: string): Condition | undefined =>
  status.conditions.find((each) => each.type === type);

const describe = (status: MemberStatus): string =>
  ["Joined", "Healthy"].map((type) => conditionOf(status, type)?.reason ?? "unknown").join(", ");
