import type { ManagedCluster } from "@azure/arm-containerservice";
import { expect, test } from "vitest";
import { parseCluster, upgradedCluster } from "../../shared/azure/arm-clusters/managed-cluster.ts";
import type { KubernetesVersion } from "../../shared/fleet/model.ts";

const to = "1.34.1" as KubernetesVersion;
const cluster: ManagedCluster = {
  id: "/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/C",
  name: "C",
  location: "westeurope",
  kubernetesVersion: "1.33",
  currentKubernetesVersion: "1.33.4",
  servicePrincipalProfile: { clientId: "msi" },
  agentPoolProfiles: [
    {
      name: "system",
      count: 3,
      orchestratorVersion: "1.33",
      currentOrchestratorVersion: "1.33.4",
      nodeImageVersion: "AKSUbuntu-2204-1",
      upgradeSettings: { maxSurge: "10%" },
    },
    { name: "old", currentOrchestratorVersion: "1.32.9", nodeImageVersion: "AKSUbuntu-2204-2" },
  ],
};

test("a full upgrade names the target for the control plane and every pool", () => {
  const body = upgradedCluster(cluster, { kind: "full", to });
  expect(body.kubernetesVersion).toBe(to);
  expect(body.agentPoolProfiles?.map((pool) => pool.orchestratorVersion)).toEqual([to, to]);
  expect(body.agentPoolProfiles?.[0]?.upgradeSettings).toEqual({ maxSurge: "10%" });
});

test("an upgrade of the control plane names for every pool the version that it has", () => {
  const body = upgradedCluster(cluster, { kind: "control-plane", to });
  expect(body.kubernetesVersion).toBe(to);
  expect(body.agentPoolProfiles?.map((pool) => pool.orchestratorVersion)).toEqual([
    "1.33",
    "1.32.9",
  ]);
});

test.each(["full", "control-plane"] as const)("a %s upgrade names no node image", (kind) => {
  expect(JSON.stringify(upgradedCluster(cluster, { kind, to }))).not.toContain("AKSUbuntu");
});

test("the stand-in for no service principal is left out, a real one stays", () => {
  expect(upgradedCluster(cluster, { kind: "full", to })).not.toHaveProperty(
    "servicePrincipalProfile",
  );
  const servicePrincipalProfile = { clientId: "11111111-2222-3333-4444-555555555555" };
  const body = upgradedCluster({ ...cluster, servicePrincipalProfile }, { kind: "full", to });
  expect(body.servicePrincipalProfile).toEqual(servicePrincipalProfile);
});

test("what runs is told apart from what was asked for", () => {
  const seen = parseCluster({ ...cluster, kubernetesVersion: "1.34.1" }, "");
  expect([seen.kubernetesVersion, seen.wantedVersion]).toEqual(["1.33.4", "1.34.1"]);
  expect(seen.pools[0]?.kubernetesVersion).toBe("1.33.4");
});

test("a pool has as many nodes as ARM tells, and none where it tells nothing", () => {
  const { pools } = parseCluster(cluster, "");
  expect(pools.map(({ nodeCount }) => nodeCount)).toEqual([3, 0]);
});
