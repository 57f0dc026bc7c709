import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually, group, localArm, networkPath, seed } from "./local-arm.ts";

async function stateFile(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "hubless-arm-state-")), "arm", "state.db");
}

test("a restart keeps clusters, addresses and versions", async () => {
  const file = await stateFile();
  const before = await localArm({ stateFile: file });
  const clusterId = seed(before, "East", { tags: { ring: "canary" } });
  const frontend = before.arm.ensureRegionalFrontend({
    clusterId,
    serviceUid: "u",
    ports: [{ protocol: "TCP", port: 80 }],
  });
  before.arm.publish((catalogue) => ({ ...catalogue, imageDates: ["202612.01.0"] }));
  const etag = before.arm.readCluster(clusterId)?.["eTag"];
  await before.arm.close();

  const after = await localArm({ stateFile: file });
  const cluster = await after.containers.managedClusters.get(group, "east");
  expect(cluster).toMatchObject({ id: clusterId, eTag: etag, tags: { ring: "canary" } });
  expect(after.arm.clusterIds()).toEqual([clusterId]);
  const profile = await after.containers.agentPools.getUpgradeProfile(group, "east", "system");
  expect(profile.latestNodeImageVersion).toContain("202612.01.0");
  const other = after.arm.ensureRegionalFrontend({
    clusterId,
    serviceUid: "v",
    ports: [{ protocol: "TCP", port: 81 }],
  });
  expect(other.publicIp).not.toBe(frontend.publicIp);
});

test("an upgrade that was running goes on after a restart, and is told of", async () => {
  const file = await stateFile();
  const before = await localArm({
    stateFile: file,
    speed: 100,
    durations: { controlPlaneSeconds: 100 },
  });
  seed(before, "east");
  const put = before.containers.managedClusters.createOrUpdate(group, "east", {
    location: "westeurope",
    kubernetesVersion: "1.34.2",
  });
  await put.submitted();
  await before.arm.close();
  expect(before.events.map(({ eventType }) => eventType)).toEqual([
    "Microsoft.Resources.ResourceWriteSuccess",
  ]);

  const after = await localArm({ stateFile: file });
  const running = await after.containers.managedClusters.get(group, "east");
  expect(running.provisioningState).toBe("Upgrading");
  await eventually(() => after.events.length === 3);
  expect(after.events.map(({ eventType }) => eventType.split(".").at(-1))).toEqual([
    "NodePoolRollingStarted",
    "NodePoolRollingSucceeded",
    "ResourceWriteSuccess",
  ]);
  const done = await after.containers.managedClusters.get(group, "east");
  expect(done).toMatchObject({
    provisioningState: "Succeeded",
    currentKubernetesVersion: "1.34.2",
  });
});

test("a lock of a running operation outlives a restart", async () => {
  const file = await stateFile();
  const before = await localArm({ stateFile: file, speed: 0.01 });
  const address = { location: "westeurope", sku: { name: "Standard" } };
  await before.network.publicIPAddresses.createOrUpdate(group, "ip", address).submitted();
  await before.arm.close();
  const after = await localArm({ stateFile: file });
  const { status, body } = await after.call(
    "PUT",
    `${networkPath("publicIPAddresses", "ip")}?api-version=2025-01-01`,
    { body: address },
  );
  expect(status).toBe(429);
  expect(body).toMatchObject({ error: { code: "RetryableErrorDueToAnotherOperation" } });
});
