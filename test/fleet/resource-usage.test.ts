/** When a member is asked for its usage, and what is kept of the answer. */
import { expect, test } from "vitest";
import { decideMember, type MemberToDecide } from "../../shared/fleet/decide.ts";
import type { ClusterSeen, HealthSeen, Member, UsageAsked } from "../../shared/fleet/model.ts";
import { isUsageDue, nextUsageAt, usageSecondsMin } from "../../shared/fleet/resource-usage.ts";
import { type Instant, kubeTime, plusSeconds } from "../../shared/lib/instant.ts";
import { clusterSeen, memberDocument, noon } from "../builders.ts";
import { usageSeen, usageUnreachable } from "./usage-seen.ts";

const healthy: HealthSeen = { kind: "healthy", kubernetesVersion: "1.33.1" };
const silent: HealthSeen = { kind: "unreachable", reason: "connect ECONNREFUSED" };

const asked = (usageAsked?: UsageAsked): Member =>
  memberDocument("aks-1", (body) => ({
    ...body,
    arm: { ...body.arm, ...(usageAsked !== undefined && { usageAsked }) },
  })).body;

/** A cluster whose pools have so many nodes. */
function cluster(nodeCounts: readonly number[], state = "Succeeded", poolState = "Succeeded") {
  const [pool] = clusterSeen("aks-1").pools;
  const pools = nodeCounts.map((nodeCount) => ({
    ...(pool as ClusterSeen["pools"][number]),
    provisioningState: poolState,
    nodeCount,
  }));
  return clusterSeen("aks-1", { provisioningState: state, pools });
}

const three = cluster([2, 1]);
const four = cluster([2, 2]);

test.each<
  [name: string, before: UsageAsked | undefined, seen: ClusterSeen, after: number, boolean]
>([
  ["that was never asked", undefined, three, 0, true],
  ["that is being made", undefined, cluster([3], "Creating"), 0, true],
  ["that was asked lately", { at: noon, nodeCount: 3 }, three, 3_599, false],
  ["that was asked an hour ago", { at: noon, nodeCount: 3 }, three, 3_600, true],
  ["with another number of nodes", { at: noon, nodeCount: 3 }, four, 1, true],
  ["without nodes any more", { at: noon, nodeCount: 3 }, cluster([]), 1, true],
  ["whose pool moved a node", { at: noon, nodeCount: 3 }, cluster([1, 2]), 1, false],
  ["that changes", { at: noon, nodeCount: 3 }, cluster([4], "Upgrading"), 60, false],
  [
    "whose pool changes",
    { at: noon, nodeCount: 3 },
    cluster([4], "Succeeded", "Scaling"),
    9,
    false,
  ],
  ["that changes for long", { at: noon, nodeCount: 3 }, cluster([4], "Upgrading"), 3_600, true],
  ["that was asked while it changed", { at: noon }, three, 1, true],
  ["that failed to change", { at: noon }, cluster([3], "Failed"), 1, false],
  ["that did not answer lately", { at: noon, failures: 1 }, four, 299, false],
  ["that did not answer a while ago", { at: noon, failures: 1 }, three, 300, true],
  ["that does not answer", { at: noon, failures: 4 }, three, 2_399, false],
  ["that never answers", { at: noon, failures: 5 }, three, 3_599, false],
  ["that never answered", { at: noon, failures: 5 }, three, 3_600, true],
])("a cluster %s is asked: %#", (_name, before, seen, after, want) => {
  expect(isUsageDue(asked(before), seen, plusSeconds(noon, after))).toBe(want);
});

function decided(before: Member, more: Partial<MemberToDecide> = {}) {
  const member = { ...memberDocument("aks-1"), body: before };
  const seen = {
    member,
    profile: undefined,
    cluster: three,
    health: healthy,
    usage: undefined,
    now: noon,
    ...more,
  };
  const plan = decideMember(seen);
  const [write] = plan.writes.filter((each) => each.kind === "replace");
  return { ...plan, body: (write?.body ?? before) as Member };
}

const later = (seconds: number): Instant => plusSeconds(noon, seconds);

test("what was counted is kept with its time, and the next look is in an hour", () => {
  const { body, wakeAt } = decided(asked(), { usage: usageSeen() });
  const {
    kind: _,
    nodeCount: __,
    ...usage
  } = usageSeen() as Extract<ReturnType<typeof usageSeen>, { kind: "seen" }>;
  expect(body.status.resourceUsage).toEqual({ ...usage, observationTime: kubeTime(noon) });
  expect(body.status.properties).toEqual({
    "kubernetes-fleet.io/node-count": { value: "3", observationTime: kubeTime(noon) },
  });
  expect(body.status.agentStatus).toEqual([
    { type: "MemberAgent", lastReceivedHeartbeat: kubeTime(noon) },
  ]);
  expect(body.arm.usageAsked).toEqual({ at: noon, nodeCount: 3 });
  expect(wakeAt).toBe(later(usageSecondsMin));
});

test("other properties of a member stay", () => {
  const property = { value: "4", observationTime: kubeTime(noon) };
  const before = { ...asked(), status: { conditions: [], properties: { other: property } } };
  const { body } = decided(before, { usage: usageSeen(5) });
  expect(body.status.properties).toMatchObject({
    other: property,
    "kubernetes-fleet.io/node-count": { value: "5" },
  });
});

test("a look that asks nothing leaves what was counted, and writes nothing", () => {
  const { body } = decided(asked(), { usage: usageSeen() });
  const again = decided(body, { now: later(600) });
  expect(again.body).toBe(body);
  expect(again.wakeAt).toBe(later(3_600));
});

test("a cluster that does not answer keeps what was seen last", () => {
  const { body } = decided(asked(), { usage: usageSeen() });
  const away = decided(body, { health: silent, now: later(600) }).body;
  expect(away.status.resourceUsage).toEqual(body.status.resourceUsage);
  expect(away.status.properties).toEqual(body.status.properties);
  expect(away.status.agentStatus).toEqual(body.status.agentStatus);
  const back = decided(away, { now: later(900) }).body;
  expect(back.status.agentStatus).toEqual([
    { type: "MemberAgent", lastReceivedHeartbeat: kubeTime(later(900)) },
  ]);
  expect(back.status.resourceUsage?.observationTime).toBe(kubeTime(noon));
});

test("a question without an answer is asked again, less and less often", () => {
  let { body } = decided(asked(), { usage: usageSeen() });
  const counted = body.status.resourceUsage;
  let now = later(3_600);
  const waits = [300, 600, 1_200, 2_400, 3_600, 3_600].map((seconds) => {
    const { wakeAt, body: next } = decided(body, { usage: usageUnreachable, now });
    expect(wakeAt).toBe(plusSeconds(now, seconds));
    expect(next.status.resourceUsage).toEqual(counted);
    body = next;
    now = wakeAt as Instant;
    return next.arm.usageAsked?.failures;
  });
  expect(waits).toEqual([1, 2, 3, 4, 5, 5]);
  expect(decided(body, { usage: usageSeen(), now }).body.arm.usageAsked).toEqual({
    at: now,
    nodeCount: 3,
  });
});

test("the profile that schedulers read knows nothing of it", () => {
  const one = decided(asked(), { usage: usageSeen() });
  const other = decided(asked(), { usage: usageSeen(9, "0") });
  const profile = ({ writes }: typeof one) => writes.find(({ kind }) => kind === "create");
  expect(profile(other)).toEqual(profile(one));
  expect(one.body.status.resourceUsage).not.toEqual(other.body.status.resourceUsage);
});

test("the moment of the next question follows from the last one alone", () => {
  expect(nextUsageAt({ at: noon })).toBe(later(3_600));
  expect(nextUsageAt({ at: noon, failures: 2 })).toBe(later(600));
});
