import { describe, expect, test } from "vitest";
import { decideMember, type MemberToDecide } from "../../shared/fleet/decide.ts";
import {
  type ClusterProfile,
  clusterProfileKind,
  type HealthSeen,
  type Member,
} from "../../shared/fleet/model.ts";
import { type Document, keyOf } from "../../shared/lib/document.ts";
import { type Instant, kubeTime, plusSeconds } from "../../shared/lib/instant.ts";
import { clusterSeen, documentOf, fleetId, memberDocument, noon } from "../builders.ts";
import { fc } from "../chance.ts";
import { usageSeen, usageUnreachable } from "./usage-seen.ts";

const healthy: HealthSeen = { kind: "healthy", kubernetesVersion: "1.33.1" };
const silent: HealthSeen = { kind: "unreachable", reason: "connect ECONNREFUSED" };

/** What a store would hold after the plan was saved. */
function saved(seen: MemberToDecide): MemberToDecide {
  let { member, profile } = seen;
  for (const write of decideMember(seen).writes) {
    if (write.kind === "create") {
      profile = documentOf(
        keyOf(clusterProfileKind, fleetId, "aks-1"),
        write.body as ClusterProfile,
      );
    } else if (write.kind === "replace" && write.document === member) {
      member = { ...member, body: write.body as Member };
    } else if (write.kind === "replace") {
      profile = { ...(profile as Document<ClusterProfile>), body: write.body as ClusterProfile };
    }
  }
  return { ...seen, member, profile };
}

const first: MemberToDecide = {
  member: memberDocument("aks-1"),
  profile: undefined,
  cluster: clusterSeen("aks-1"),
  health: healthy,
  usage: undefined,
  now: noon,
};

const conditions = ({ member }: MemberToDecide): Record<string, string> =>
  Object.fromEntries(member.body.status.conditions.map(({ type, status }) => [type, status]));

describe("a member", () => {
  test("gets labels, group, conditions and a profile at its first look", () => {
    const { member, profile, ...rest } = saved(first);
    expect(conditions({ member, profile, ...rest })).toEqual({
      ReadyToJoin: "True",
      Joined: "True",
      Healthy: "True",
    });
    expect(member.body.arm.clusterGroup).toBe("test");
    expect(profile?.body.labels).toMatchObject({
      "fleet.azure.com/location": "eastus",
      "fleet.azure.com/resource-group": "rg-1",
      "fleet.azure.com/cluster-name": "aks-1",
      "fleet.azure.com/member-name": "aks-1",
      env: "test",
    });
    expect(profile?.body.ineligible).toBeUndefined();
  });

  test("is not joined, and gets no work, before its API server has answered", () => {
    const seen = saved({ ...first, health: silent });
    expect(conditions(seen)["Joined"]).toBe("Unknown");
    expect(seen.profile?.body.ineligible).toContain("has not answered yet");
  });

  test("stays joined and eligible when it becomes unreachable", () => {
    const seen = saved({ ...saved(first), health: silent });
    expect(conditions(seen)).toMatchObject({ Joined: "True", Healthy: "False" });
    expect(seen.profile?.body.ineligible).toBeUndefined();
  });

  test("gets no new work after five minutes without health", () => {
    const ill = saved({ ...saved(first), health: silent });
    const later = saved({ ...ill, now: plusSeconds(noon, 301) });
    expect(later.profile?.body.ineligible).toBe(
      `cluster is not connected to the fleet: unhealthy since ${kubeTime(noon)}`,
    );
  });

  test("keeps a label that a person set over one of its cluster", () => {
    const seen = saved(first);
    const labels = { ...seen.member.body.metadata.labels, env: "mine", team: "a" };
    const edited = { ...seen.member, body: { ...seen.member.body, metadata: { labels } } };
    const again = saved({ ...seen, member: edited });
    expect(again.member.body.metadata.labels).toMatchObject({ env: "mine", team: "a" });
  });

  test("loses a label whose tag is gone", () => {
    const seen = saved(first);
    const again = saved({ ...seen, cluster: clusterSeen("aks-1", { tags: {} }) });
    expect(again.member.body.metadata.labels).not.toHaveProperty("env");
    expect(again.member.body.arm.clusterGroup).toBeUndefined();
  });

  test("that leaves is deleted with its profile", () => {
    const seen = saved(first);
    const metadata = { ...seen.member.body.metadata, deletionTimestamp: noon };
    const member = { ...seen.member, body: { ...seen.member.body, metadata } };
    const { writes } = decideMember({ ...seen, member, cluster: undefined, health: undefined });
    expect(writes.map(({ kind }) => kind)).toEqual(["delete", "delete"]);
  });
});

test("deciding again, with nothing new to see, writes nothing and asks for the same look (M5)", () => {
  const healths = fc.constantFrom(healthy, silent, { kind: "unhealthy", reason: "x" } as const);
  const clusters = fc.constantFrom(
    clusterSeen("aks-1"),
    clusterSeen("aks-1", { tags: { "Cost Center": "a/b" }, kubernetesVersion: "1.34.0" }),
    undefined,
  );
  const usages = fc.constantFrom(usageSeen(), usageUnreachable, undefined);
  const step = fc.tuple(healths, clusters, usages, fc.nat(3_700));
  const steps = fc.array(step, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(steps, (looks) => {
      let seen = first;
      let now: Instant = noon;
      for (const [health, cluster, usage, seconds] of looks) {
        now = plusSeconds(now, seconds);
        const before = { ...seen, health, cluster, usage, now };
        const { wakeAt } = decideMember(before);
        seen = { ...saved(before), usage: undefined };
        const again = decideMember(seen);
        expect(again.writes).toEqual([]);
        expect(again.wakeAt).toBe(wakeAt);
        expect(wakeAt === undefined || wakeAt > now).toBe(true);
        expect(JSON.stringify(seen.profile?.body)).not.toMatch(/4196m|17827580Ki|node-count/);
      }
    }),
  );
});
