import type { ManagedCluster } from "@azure/arm-containerservice";
import { expect, test } from "vitest";
import { eventually, group, type LocalArm, localArm, refusal, seed } from "./local-arm.ts";

const fast = { updateIntervalInMs: 1 };
const twoPools = [
  { name: "system", count: 3, mode: "System" },
  { name: "user", count: 2 },
];

/** What the SDK's own way says: read, change, write back without the images. */
async function put(cloud: LocalArm, change: (cluster: ManagedCluster) => ManagedCluster) {
  const cluster = await cloud.containers.managedClusters.get(group, "east");
  const agentPoolProfiles = cluster.agentPoolProfiles?.map(
    ({ nodeImageVersion: _image, ...pool }) => pool,
  );
  const wanted = change({ ...cluster, ...(agentPoolProfiles && { agentPoolProfiles }) });
  return await cloud.containers.managedClusters.createOrUpdate(group, "east", wanted, {
    ...fast,
    ...(cluster.eTag && { ifMatch: cluster.eTag }),
  });
}

function full(cluster: ManagedCluster, version: string): ManagedCluster {
  return {
    ...cluster,
    kubernetesVersion: version,
    agentPoolProfiles: (cluster.agentPoolProfiles ?? []).map((pool) => ({
      ...pool,
      orchestratorVersion: version,
    })),
  };
}

function versions(cluster: ManagedCluster): string {
  const pools = (cluster.agentPoolProfiles ?? []).map(
    ({ name, currentOrchestratorVersion }) => `${name} ${currentOrchestratorVersion}`,
  );
  return [cluster.currentKubernetesVersion, ...pools].join(", ");
}

test("a full upgrade takes the control plane, then pool after pool", async () => {
  const cloud = await localArm();
  const clusterId = seed(cloud, "east", { pools: twoPools });
  const upgraded = await put(cloud, (cluster) => full(cluster, "1.34.2"));
  expect(versions(upgraded)).toBe("1.34.2, system 1.34.2, user 1.34.2");
  expect(upgraded.provisioningState).toBe("Succeeded");
  const told = cloud.events.map(({ eventType, topic, data }) =>
    topic === clusterId ? `${eventType} ${data["nodePoolName"]}` : eventType,
  );
  const rolling = "Microsoft.ContainerService.NodePoolRolling";
  expect(told).toEqual([
    "Microsoft.Resources.ResourceWriteSuccess",
    `${rolling}Started system`,
    `${rolling}Succeeded system`,
    `${rolling}Started user`,
    `${rolling}Succeeded user`,
    "Microsoft.Resources.ResourceWriteSuccess",
  ]);
});

test("pools that name no version go with the control plane", async () => {
  const cloud = await localArm();
  seed(cloud, "east", { pools: twoPools });
  const body = { location: "westeurope", kubernetesVersion: "1.34" };
  const upgraded = await cloud.containers.managedClusters.createOrUpdate(group, "east", body, fast);
  expect(versions(upgraded)).toBe("1.34.2, system 1.34.2, user 1.34.2");
});

test("the control plane goes alone when the pools keep their version; one follows", async () => {
  const cloud = await localArm();
  seed(cloud, "east", { pools: twoPools });
  const upgraded = await put(cloud, (cluster) => ({ ...cluster, kubernetesVersion: "1.34.2" }));
  expect(versions(upgraded)).toBe("1.34.2, system 1.33.5, user 1.33.5");
  const { nodeImageVersion: _image, ...pool } = await cloud.containers.agentPools.get(
    group,
    "east",
    "user",
  );
  await cloud.containers.agentPools.createOrUpdate(
    group,
    "east",
    "user",
    { ...pool, orchestratorVersion: "1.34.2" },
    fast,
  );
  const after = await cloud.containers.managedClusters.get(group, "east");
  expect(versions(after)).toBe("1.34.2, system 1.33.5, user 1.34.2");
});

test("an upgrade is seen step by step, node by node", async () => {
  const cloud = await localArm({ speed: 3_000 });
  const clusterId = seed(cloud, "east", { pools: twoPools });
  const seen = new Set<string>();
  cloud.arm.watch(() => {
    const cluster = cloud.arm.readCluster(clusterId)?.["properties"] as Record<string, unknown>;
    const nodes = cloud.arm.nodes(clusterId);
    const fresh = nodes.filter(({ kubernetesVersion }) => kubernetesVersion === "1.34.2").length;
    seen.add(`${cluster["provisioningState"]} ${cluster["currentKubernetesVersion"]} ${fresh}`);
  });
  await put(cloud, (cluster) => full(cluster, "1.34.2"));
  expect([...seen]).toEqual([
    "Succeeded 1.33.5 0",
    "Upgrading 1.33.5 0",
    "Upgrading 1.34.2 0",
    "Upgrading 1.34.2 1",
    "Upgrading 1.34.2 2",
    "Upgrading 1.34.2 3",
    "Upgrading 1.34.2 4",
    "Upgrading 1.34.2 5",
    "Succeeded 1.34.2 5",
  ]);
});

test("a PUT of what is there already rolls nothing", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  await put(cloud, (cluster) => cluster);
  expect(cloud.events.map(({ eventType }) => eventType)).not.toContain(
    "Microsoft.ContainerService.NodePoolRollingStarted",
  );
});

test.each([
  [
    "two minors at once",
    "1.32.10",
    "1.34.2",
    "1.32.10 to 1.34.2 is not allowed. Available upgrades: [1.33.5 1.33.4]",
  ],
  ["backwards", "1.34.2", "1.33.5", "400 OperationNotAllowed"],
  ["to a version that is nowhere", "1.33.5", "1.34.9", "400 K8sVersionNotSupported"],
])("a cluster does not go %s", async (_name, from, to, words) => {
  const cloud = await localArm();
  seed(cloud, "east", { version: from });
  expect(await refusal(put(cloud, (cluster) => full(cluster, to)))).toContain(words);
});

test("pools are named all or none, and go nowhere but to the control plane", async () => {
  const cloud = await localArm();
  seed(cloud, "east", { pools: twoPools });
  const some = put(cloud, (cluster) => ({
    ...full(cluster, "1.34.2"),
    agentPoolProfiles: [{ name: "system", orchestratorVersion: "1.34.2" }, { name: "user" }],
  }));
  const code = "400 NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged";
  expect(await refusal(some)).toContain(code);
  const elsewhere = put(cloud, (cluster) => ({
    ...full(cluster, "1.34.2"),
    agentPoolProfiles: [
      { name: "system", orchestratorVersion: "1.34.1" },
      { name: "user", orchestratorVersion: "1.34.2" },
    ],
  }));
  expect(await refusal(elsewhere)).toContain(code);
});

test("a pool is not newer than its control plane, nor four minors older", async () => {
  const catalogue = {
    releases: ["1.30", "1.31", "1.32", "1.33", "1.34"].map((minor) => ({
      minor,
      patches: [`${minor}.1`],
    })),
    imageDates: ["202611.03.0"],
  };
  const cloud = await localArm({ catalogue });
  seed(cloud, "east", { version: "1.30.1" });
  const newer = cloud.containers.agentPools.createOrUpdate(
    group,
    "east",
    "system",
    { orchestratorVersion: "1.31.1" },
    fast,
  );
  expect(await refusal(newer)).toContain("400 NodePoolMcVersionIncompatible");
  for (const version of ["1.31.1", "1.32.1", "1.33.1"]) {
    await put(cloud, (cluster) => ({ ...cluster, kubernetesVersion: version }));
  }
  const fourth = put(cloud, (cluster) => ({ ...cluster, kubernetesVersion: "1.34.1" }));
  expect(await refusal(fourth)).toContain("400 NodePoolMcVersionIncompatible");
});

test("a second change is refused while the first runs, and goes through after it", async () => {
  const cloud = await localArm({ speed: 0.01 });
  seed(cloud, "east");
  const body = { location: "westeurope", kubernetesVersion: "1.34.2" };
  await cloud.containers.managedClusters.createOrUpdate(group, "east", body).submitted();
  const second = cloud.containers.managedClusters.createOrUpdate(group, "east", body).submitted();
  expect(await refusal(second)).toContain(
    "409 OperationNotAllowed: Operation is not allowed because",
  );
  const pool = cloud.containers.agentPools
    .upgradeNodeImageVersion(group, "east", "system")
    .submitted();
  expect(await refusal(pool)).toContain("409 OperationNotAllowed");
  await cloud.containers.managedClusters.abortLatestOperation(group, "east", fast);
  const aborted = await cloud.containers.managedClusters.get(group, "east");
  expect(aborted.provisioningState).toBe("Canceled");
  cloud.arm.setSpeed(100_000);
  const upgraded = await cloud.containers.managedClusters.createOrUpdate(group, "east", body, fast);
  expect(versions(upgraded)).toBe("1.34.2, system 1.34.2");
});

test.each([
  ["a fault", {}, true],
  ["a tag of the cluster", { "local-fail-upgrade": "PodDrainFailure" }, false],
])(
  "an upgrade fails by %s, and goes on from there when it is asked again",
  async (_name, tags, byFault) => {
    const cloud = await localArm();
    seed(cloud, "east", { pools: twoPools, tags });
    if (byFault) {
      cloud.arm.faults.add({
        match: { type: "Microsoft.ContainerService/managedClusters", method: "PUT" },
        effect: { kind: "fail-operation", code: "PodDrainFailure", message: "Drain node failed" },
        times: 1,
      });
    }
    await expect(put(cloud, (cluster) => full(cluster, "1.34.2"))).rejects.toThrow(
      "PodDrainFailure",
    );
    const failed = await cloud.containers.managedClusters.get(group, "east");
    expect(failed.provisioningState).toBe("Failed");
    expect(versions(failed)).toBe("1.34.2, system 1.33.5, user 1.33.5");
    expect(failed.status?.provisioningError?.code).toBe("PodDrainFailure");
    expect(failed.agentPoolProfiles?.map(({ provisioningState }) => provisioningState)).toEqual([
      "Failed",
      "Succeeded",
    ]);
    expect(cloud.events.map(({ eventType }) => eventType.split(".").at(-1))).toEqual([
      "ResourceWriteSuccess",
      "NodePoolRollingStarted",
      "NodePoolRollingFailed",
      "ResourceWriteFailure",
    ]);
    const upgraded = await put(cloud, (cluster) => ({ ...full(cluster, "1.34.2"), tags: {} }));
    expect(versions(upgraded)).toBe("1.34.2, system 1.34.2, user 1.34.2");
    expect(upgraded.status).toBeUndefined();
  },
);

test("a pool gets the newest image of its region, and can go back to the one before", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  const { agentPools } = cloud.containers;
  const image = (date: string) => `AKSUbuntu-2204gen2containerd-${date}`;
  cloud.arm.publish((catalogue) => ({ ...catalogue, imageDates: ["202611.17.0"] }), "West Europe");
  const profile = await agentPools.getUpgradeProfile(group, "east", "system");
  expect(profile.latestNodeImageVersion).toBe(image("202611.17.0"));
  await agentPools.upgradeNodeImageVersion(group, "east", "system", fast);
  const upgraded = await agentPools.get(group, "east", "system");
  expect(upgraded.nodeImageVersion).toBe(image("202611.17.0"));
  const { recentlyUsedVersions } = await agentPools.getUpgradeProfile(group, "east", "system");
  expect(recentlyUsedVersions?.[0]?.nodeImageVersion).toBe(image("202611.03.0"));
  const stale = agentPools.createOrUpdate(
    group,
    "east",
    "system",
    { nodeImageVersion: image("202501.01.0") },
    fast,
  );
  expect(await refusal(stale)).toContain("400 InvalidParameter: NodeImageVersion is not accepted");
  const back = await agentPools.createOrUpdate(
    group,
    "east",
    "system",
    { orchestratorVersion: "1.33.5", nodeImageVersion: image("202611.03.0") },
    fast,
  );
  expect(back.nodeImageVersion).toBe(image("202611.03.0"));
});

test("the upgrade profile names what the rules allow, for a cluster and its pools", async () => {
  const cloud = await localArm();
  seed(cloud, "east", { version: "1.32.9" });
  const profile = await cloud.containers.managedClusters.getUpgradeProfile(group, "east");
  const names = (upgrades: readonly { kubernetesVersion?: string }[] | undefined) =>
    upgrades?.map(({ kubernetesVersion }) => kubernetesVersion);
  expect(names(profile.controlPlaneProfile.upgrades)).toEqual(["1.32.10", "1.33.4", "1.33.5"]);
  expect(names(profile.agentPoolProfiles[0]?.upgrades)).toEqual([]);
  await put(cloud, (cluster) => ({ ...cluster, kubernetesVersion: "1.33.4" }));
  const pool = await cloud.containers.agentPools.getUpgradeProfile(group, "east", "system");
  expect(names(pool.upgrades)).toEqual(["1.32.10", "1.33.4"]);
  const available = await cloud.containers.agentPools.getAvailableAgentPoolVersions(group, "east");
  expect(available.agentPoolVersions?.find((each) => each.default)?.kubernetesVersion).toBe(
    "1.33.4",
  );
});

test("a new version is told to the clusters of the region", async () => {
  const cloud = await localArm();
  const clusterId = seed(cloud, "east");
  cloud.arm.publish((catalogue) => ({
    ...catalogue,
    releases: catalogue.releases.map((release) =>
      release.minor === "1.34" ? { ...release, patches: [...release.patches, "1.34.3"] } : release,
    ),
  }));
  await eventually(() => cloud.events.length > 0);
  expect(cloud.events).toMatchObject([
    {
      topic: clusterId,
      subject: "east",
      eventType: "Microsoft.ContainerService.NewKubernetesVersionAvailable",
      data: { latestSupportedKubernetesVersion: "1.34.3", latestStableKubernetesVersion: "1.34.3" },
    },
  ]);
});

test("the control plane does not go alone while AKS upgrades by itself", async () => {
  const cloud = await localArm();
  seed(cloud, "east", { autoUpgradeProfile: { upgradeChannel: "stable" } });
  const alone = put(cloud, (cluster) => ({ ...cluster, kubernetesVersion: "1.34.2" }));
  expect(await refusal(alone)).toContain("400 OperationNotAllowed");
});
