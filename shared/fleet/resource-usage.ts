/**
 * When a member is asked what its nodes have, and what is remembered of the answer.
 *
 * U1. A member that answers is asked once in `usageSecondsMin`, or when ARM tells another number of
 *     nodes once the cluster rests: neither a look nor an upgrade asks by itself.
 * U2. One that does not answer is asked again sooner, then less and less often; what was seen last
 *     is kept meanwhile.
 */
import { hasPassed, type Instant, kubeTime, plusSeconds } from "../lib/instant.ts";
import type { ClusterSeen, Member, UsageAsked, UsageSeen } from "./model.ts";

/** Counting nodes and pods costs a cluster more than any other look at it. */
export const usageSecondsMin = 3600;

/** After the first question without an answer, the second, …; then after `usageSecondsMin`. */
const retriesAfterSeconds = [300, 600, 1200, 2400] as const;

/** The name that KubeFleet gives to this property of a member. */
const nodeCountProperty = "kubernetes-fleet.io/node-count";

export function isUsageDue({ arm }: Member, cluster: ClusterSeen, now: Instant): boolean {
  const { usageAsked } = arm;
  if (usageAsked === undefined || hasPassed(nextUsageAt(usageAsked), now)) return true;
  if (usageAsked.failures !== undefined) return false;
  const nodeCount = restingNodeCount(cluster);
  return nodeCount !== undefined && nodeCount !== usageAsked.nodeCount;
}

/** Counted from the last question, so that equal sights ask for equal moments. */
export function nextUsageAt({ at, failures = 0 }: UsageAsked): Instant {
  return plusSeconds(at, retriesAfterSeconds[failures - 1] ?? usageSecondsMin);
}

/** The member with what came of a question for its usage. */
export function withUsage(
  member: Member,
  answer: { readonly usage: UsageSeen; readonly cluster: ClusterSeen; readonly now: Instant },
): Member {
  const { usage, cluster, now } = answer;
  const { arm, status } = member;
  if (usage.kind === "unreachable") {
    const failures = Math.min((arm.usageAsked?.failures ?? 0) + 1, retriesAfterSeconds.length + 1);
    return { ...member, arm: { ...arm, usageAsked: { at: now, failures } } };
  }
  const nodeCount = restingNodeCount(cluster);
  const { capacity, allocatable, available } = usage;
  const observationTime = kubeTime(now);
  const counted = { value: String(usage.nodeCount), observationTime };
  return {
    ...member,
    arm: { ...arm, usageAsked: { at: now, ...(nodeCount !== undefined && { nodeCount }) } },
    status: {
      ...status,
      resourceUsage: { capacity, allocatable, available, observationTime },
      properties: { ...status.properties, [nodeCountProperty]: counted },
    },
  };
}

/** Undefined while the cluster changes: its nodes come and go, and it is looked at afterwards. */
function restingNodeCount({ provisioningState, pools }: ClusterSeen): number | undefined {
  const states = [provisioningState, ...pools.map((pool) => pool.provisioningState)];
  if (states.some((state) => state !== "Succeeded")) return undefined;
  return pools.reduce((sum, { nodeCount }) => sum + nodeCount, 0);
}
