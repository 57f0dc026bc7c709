import { ContainerServiceClient } from "@azure/arm-containerservice";
import type { TokenCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Arm, startArm } from "../../infra/local/arm/start-arm.ts";
import { type ArmClusters, armClusters } from "../../shared/azure/arm-clusters.ts";
import {
  type ClusterId,
  type ClusterSeen,
  clusterIdOf,
  type KubernetesVersion,
} from "../../shared/fleet/model.ts";
import { subscription } from "../builders.ts";
import { trustedAuthority } from "./trusted-authority.ts";

const managedCluster = "Microsoft.ContainerService/managedClusters";
const agentPool = `${managedCluster}/agentPools`;
const to = (version: string) => version as KubernetesVersion;
const fullTo = (version: string) => ({ kind: "full", to: to(version) }) as const;

const credential: TokenCredential = {
  getToken: async () => ({ token: "good", expiresOnTimestamp: Date.now() + 3_600_000 }),
};

const speed = 1_000;

let authority: Awaited<ReturnType<typeof trustedAuthority>>;
let arm: Arm;
let clusters: ArmClusters;

beforeAll(async () => {
  authority = await trustedAuthority();
});
afterAll(async () => await authority.remove());

beforeEach(async () => {
  arm = await startArm({
    tls: authority.tls,
    verify: async (token) =>
      token === "good" ? { objectId: "o", appId: "a", tenantId: "t" } : undefined,
    kubeconfig: ({ clusterId }) => `# kubeconfig of ${clusterId}`,
    // A control plane takes 0.3 s: a test can look in between and need not wait for long.
    speed,
  });
  clusters = armClusters({ credential, endpoint: arm.url, scopes: ["https://arm/.default"] });
});
afterEach(async () => await arm.close());

function seed(
  name: string,
  more: { tags?: Record<string, string>; pools?: number } = {},
): ClusterId {
  const pools = Array.from({ length: more.pools ?? 1 }, (_, index) => ({
    name: `pool${index}`,
    count: 1,
    mode: "System",
  }));
  const id = arm.seedCluster({
    subscriptionId: subscription,
    resourceGroup: "RG-Aks",
    name,
    location: "westeurope",
    ...(more.tags !== undefined && { tags: more.tags }),
    properties: { kubernetesVersion: "1.33.4", agentPoolProfiles: pools },
  });
  return clusterIdOf(id);
}

async function see(id: ClusterId): Promise<ClusterSeen> {
  const seen = await clusters.see(id);
  if (seen === undefined) throw new Error(`${id} is not there`);
  return seen;
}

/** Looks until the cluster and its pools rest. */
async function rested(id: ClusterId): Promise<ClusterSeen> {
  const states = async () => {
    const seen = await see(id);
    return [seen, ...seen.pools].map(({ provisioningState }) => provisioningState);
  };
  const atRest = expect.poll(async () => new Set(await states()), { timeout: 5_000, interval: 20 });
  await atRest.toEqual(new Set(["Succeeded"]));
  return await see(id);
}

const puts = () => arm.stats()[`PUT ${managedCluster}`] ?? {};

test("sees a cluster with its versions, pools and tags, in the case of its creation", async () => {
  const seen = await see(seed("AKS-1", { tags: { "hubless-fleet": "f" }, pools: 2 }));
  expect(seen).toMatchObject({
    armId: `/subscriptions/${subscription}/resourceGroups/RG-Aks/providers/${managedCluster}/AKS-1`,
    name: "AKS-1",
    location: "westeurope",
    tags: { "hubless-fleet": "f" },
    provisioningState: "Succeeded",
    powerState: "Running",
    kubernetesVersion: "1.33.4",
    wantedVersion: "1.33.4",
  });
  expect(seen.etag).not.toBe("");
  expect(seen.pools).toMatchObject([
    { name: "pool0", kubernetesVersion: "1.33.4", nodeCount: 1 },
    { name: "pool1", kubernetesVersion: "1.33.4", nodeCount: 1 },
  ]);
});

test("sees no cluster where there is none", async () => {
  const there = seed("aks-1");
  expect(await clusters.see(there.replace("aks-1", "aks-2") as ClusterId)).toBeUndefined();
});

test("finds a subscription's clusters that have the tag, in any case of its name", async () => {
  const one = seed("aks-1", { tags: { "hubless-fleet": "f" } });
  const two = seed("aks-2", { tags: { "Hubless-Fleet": "f" } });
  seed("aks-3", { tags: { other: "f" } });
  expect([...(await clusters.tagged(subscription))].toSorted()).toEqual([one, two].toSorted());
});

test("a full upgrade takes the control plane and every pool to the target", async () => {
  const id = seed("aks-1", { pools: 2 });
  const before = await see(id);
  expect(await clusters.startUpgrade(before, fullTo("1.34.1"))).toEqual({ kind: "accepted" });
  const during = await see(id);
  expect(during.provisioningState).toBe("Upgrading");
  expect(during.wantedVersion).toBe("1.34.1");
  const after = await rested(id);
  expect(after.kubernetesVersion).toBe("1.34.1");
  expect(after.pools.map(({ kubernetesVersion }) => kubernetesVersion)).toEqual([
    "1.34.1",
    "1.34.1",
  ]);
  expect(puts()).toEqual({ 200: 1 });
});

test("an upgrade of the control plane leaves the pools as they are", async () => {
  const id = seed("aks-1");
  const [pool] = (await see(id)).pools;
  const answer = await clusters.startUpgrade(await see(id), {
    kind: "control-plane",
    to: to("1.34.1"),
  });
  expect(answer).toEqual({ kind: "accepted" });
  const after = await rested(id);
  expect(after.kubernetesVersion).toBe("1.34.1");
  expect(after.pools).toEqual([pool]);
});

test("an upgrade of node images asks for each pool that has an older one", async () => {
  const id = seed("aks-1", { pools: 2 });
  const before = await see(id);
  arm.publish((catalogue) => ({ ...catalogue, imageDates: ["202612.01.0"] }));
  const first = await clusters.startUpgrade(before, { kind: "node-image" });
  expect(first.kind).toBe("busy");
  const between = await rested(id);
  expect(await clusters.startUpgrade(between, { kind: "node-image" })).toEqual({
    kind: "accepted",
  });
  const after = await rested(id);
  expect(
    after.pools.every(({ nodeImageVersion }) => nodeImageVersion.includes("202612.01.0")),
  ).toBe(true);
  const posts = arm.stats()[`POST ${agentPool}/upgradeNodeImageVersion`];
  expect(await clusters.startUpgrade(after, { kind: "node-image" })).toEqual({ kind: "accepted" });
  expect(arm.stats()[`POST ${agentPool}/upgradeNodeImageVersion`]).toEqual(posts);
});

test("a start never sends the node image back, so a newer one is not rolled back", async () => {
  const id = seed("aks-1");
  const before = await see(id);
  const client = new ContainerServiceClient(credential, subscription, {
    endpoint: arm.url,
    credentials: { scopes: ["https://arm/.default"] },
  });
  const body = await client.managedClusters.get("RG-Aks", "aks-1");
  expect(body.agentPoolProfiles?.[0]?.nodeImageVersion).toBeDefined();
  arm.publish((catalogue) => ({ ...catalogue, imageDates: ["202612.01.0"] }));
  expect((await clusters.startUpgrade(before, fullTo("1.34.1"))).kind).toBe("accepted");
  const [pool] = (await rested(id)).pools;
  expect(pool?.nodeImageVersion).toContain("202612.01.0");
});

test("a start of a cluster that changed since it was seen changes nothing", async () => {
  const id = seed("aks-1");
  const before = await see(id);
  expect((await clusters.startUpgrade(before, fullTo("1.33.5"))).kind).toBe("accepted");
  await rested(id);
  expect(await clusters.startUpgrade(before, fullTo("1.34.1"))).toEqual({
    kind: "changed-meanwhile",
  });
  const copy: ClusterSeen = { ...before };
  expect(await clusters.startUpgrade(copy, fullTo("1.34.1"))).toEqual({
    kind: "changed-meanwhile",
  });
  expect((await see(id)).wantedVersion).toBe("1.33.5");
  expect(puts()).toEqual({ 200: 1, 412: 1 });
});

test("a start of a cluster that has an operation is answered busy", async () => {
  const id = seed("aks-1");
  await clusters.startUpgrade(await see(id), fullTo("1.34.1"));
  const again = await clusters.startUpgrade(await see(id), fullTo("1.34.2"));
  expect(again.kind).toBe("busy");
});

test("a version that AKS does not take is refused with its reason", async () => {
  const id = seed("aks-1");
  const skipped = await clusters.startUpgrade(await see(id), fullTo("1.35.0"));
  expect(skipped.kind === "refused" && skipped.reason).toContain("1.35.0");
  expect((await see(id)).wantedVersion).toBe("1.33.4");
});

test.each([
  ["AuthorizationFailed", 403, "refused"],
  ["RequestDisallowedByPolicy", 403, "refused"],
  ["EtagMismatch", 409, "changed-meanwhile"],
  ["PreconditionFailed", 412, "changed-meanwhile"],
  ["AKSOperationPreempted", 409, "busy"],
])("the answer %s (%i) to a start means %s", async (code, status, kind) => {
  const seen = await see(seed("aks-1"));
  arm.faults.add({ match: { method: "PUT" }, effect: { kind: "answer", status, code } });
  expect((await clusters.startUpgrade(seen, fullTo("1.34.1"))).kind).toBe(kind);
});

test("throttling becomes TooManyRequests with the time that ARM names", async () => {
  const id = seed("aks-1");
  const seen = await see(id);
  arm.faults.add({
    match: {},
    effect: { kind: "answer", status: 429, code: "Throttled", retryAfterSeconds: 17 },
  });
  const expected = { name: "FleetError", code: "TooManyRequests", retryAfterSeconds: 17 };
  await expect(clusters.see(id)).rejects.toMatchObject(expected);
  await expect(clusters.startUpgrade(seen, fullTo("1.34.1"))).rejects.toMatchObject(expected);
  await expect(clusters.tagged(subscription)).rejects.toMatchObject(expected);
  expect(puts()).toEqual({ 429: 1 });
});

test("an answer that never arrives becomes Unavailable, and the upgrade goes on", async () => {
  const id = seed("aks-1");
  const seen = await see(id);
  arm.faults.add({ match: { method: "PUT" }, effect: { kind: "lose-answer" }, times: 1 });
  await expect(clusters.startUpgrade(seen, fullTo("1.34.1"))).rejects.toMatchObject({
    code: "Unavailable",
  });
  expect((await see(id)).provisioningState).toBe("Upgrading");
});

test("a server that is away and a credential that fails become Unavailable", async () => {
  const id = seed("aks-1");
  const failing: TokenCredential = {
    getToken: async () => {
      throw new Error("no identity here");
    },
  };
  const stranger = armClusters({ credential: failing, endpoint: arm.url, scopes: ["x"] });
  await expect(stranger.see(id)).rejects.toMatchObject({ code: "Unavailable" });
  const nowhere = armClusters({ credential, endpoint: "https://127.0.0.1:9", scopes: ["x"] });
  await expect(nowhere.see(id)).rejects.toMatchObject({ code: "Unavailable" });
});

test("an upgrade that fails shows why", async () => {
  const id = seed("aks-1");
  arm.faults.add({
    match: { method: "PUT" },
    effect: { kind: "fail-operation", code: "PodDrainFailure", message: "pdb blocks" },
    times: 1,
  });
  await clusters.startUpgrade(await see(id), fullTo("1.34.1"));
  await expect
    .poll(async () => (await see(id)).provisioningState, { timeout: 5_000 })
    .toBe("Failed");
  expect((await see(id)).provisioningError).toContain("PodDrainFailure");
});

test("gives a cluster's kubeconfig", async () => {
  const id = seed("aks-1");
  expect((await clusters.kubeconfigOf(id)).toLowerCase()).toBe(`# kubeconfig of ${id}`);
});
