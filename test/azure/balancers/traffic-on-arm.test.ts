import { expect, test } from "vitest";
import { startArm } from "../../../infra/local/arm/start-arm.ts";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { armBalancers } from "../../../shared/azure/arm-balancers.ts";
import type { Effects } from "../../../shared/effects/effects.ts";
import { fleetKind, memberKind } from "../../../shared/fleet/model.ts";
import { type Key, type Kind, keyOf } from "../../../shared/lib/document.ts";
import { type Instant, parseInstant, plusSeconds } from "../../../shared/lib/instant.ts";
import type { Controller, Controllers } from "../../../shared/reconcile/controller.ts";
import { reconcile } from "../../../shared/reconcile/reconcile.ts";
import { multiClusterServiceController } from "../../../shared/traffic/controller.ts";
import { serviceImportController } from "../../../shared/traffic/import-controller.ts";
import {
  type ExportSnapshot,
  exportSnapshotKey,
  exportSnapshotKind,
  multiClusterServiceKind,
  serviceImportKind,
} from "../../../shared/traffic/model.ts";
import { exportSnapshotController } from "../../../shared/traffic/snapshot-controller.ts";
import {
  clusterSeen,
  fleetDocument,
  fleetId,
  memberDocument,
  subscription,
} from "../../builders.ts";
import { exported, mcs, mcsKey, service, snapshot } from "../../traffic/exports.ts";
import { trustedAuthority } from "../trusted-authority.ts";

const controllers: Controllers = new Map<Kind, Controller>([
  [exportSnapshotKind, exportSnapshotController],
  [serviceImportKind, serviceImportController],
  [multiClusterServiceKind, multiClusterServiceController],
]);
const members = ["aks-1", "aks-2"] as const;
const uid = "6f1c0d3e-1111-2222-3333-444455556666";

/** The product's own controllers and adapter before a simulated Azure; the clock runs ahead. */
async function openWorld() {
  const authority = await trustedAuthority();
  const arm = await startArm({
    tls: authority.tls,
    verify: async () => ({ objectId: "o", appId: "a", tenantId: "t" }),
    speed: 1_000,
  });
  arm.createResourceGroup({
    subscriptionId: subscription,
    name: "rg-fleet",
    location: "westeurope",
  });
  let now: Instant = parseInstant(new Date().toISOString());
  const clock = { now: () => now };
  const store = memoryStore({ clock });
  const token = { token: "good", expiresOnTimestamp: Date.now() + 3_600_000 };
  const effects = {
    store,
    clock,
    balancers: armBalancers({
      credential: { getToken: async () => token },
      endpoint: arm.url,
      scopes: ["https://arm/.default"],
    }),
    clusters: {
      see: async (id: string) => {
        const name = id.split("/").at(-1) ?? "";
        return clusterSeen(name, { nodeResourceGroup: `MC_rg-1_${name}_eastus` });
      },
    },
    wakes: { wake: async () => {} },
    log: { info: () => {}, warn: () => {} },
  } as unknown as Effects;

  async function look(): Promise<void> {
    const { documents } = await store.list({ fleet: fleetId, kind: exportSnapshotKind });
    const imported = keyOf(serviceImportKind, fleetId, "web", "demo");
    const keys: Key[] = [...documents.map(({ key }) => key), imported, mcsKey];
    for (const key of keys) await reconcile({ key }, controllers, effects);
    now = plusSeconds(now, 5);
  }
  async function save(member: string, change: Partial<ExportSnapshot>): Promise<void> {
    const key = exportSnapshotKey(fleetId, snapshot(member));
    const document = await store.read(key);
    if (document === undefined) return;
    const body = { ...document.body, ...change };
    await store.commit({ fleet: fleetId, writes: [{ kind: "replace", document, body }] });
  }
  const close = async () => {
    await arm.close();
    await authority.remove();
  };
  return { arm, store, effects, look, save, close };
}

type World = Awaited<ReturnType<typeof openWorld>>;

async function exportFrom({ arm, store }: World, name: string): Promise<void> {
  const clusterId = arm.seedCluster({
    subscriptionId: subscription,
    resourceGroup: "rg-1",
    name,
    location: "eastus",
    properties: {
      kubernetesVersion: "1.33.4",
      nodeResourceGroup: `MC_rg-1_${name}_eastus`,
      agentPoolProfiles: [{ name: "pool", count: 1, mode: "System" }],
    },
  });
  const { publicIp } = arm.ensureRegionalFrontend({
    clusterId,
    serviceUid: uid,
    ports: [{ protocol: "TCP", port: 80 }],
  });
  const { frontend: _, ...body } = snapshot(name, {
    export: exported({ service: service({ uid, ingress: [publicIp] }) }),
  });
  await store.commit({
    fleet: fleetId,
    writes: [
      { kind: "create", key: keyOf(memberKind, fleetId, name), body: memberDocument(name).body },
      {
        kind: "create",
        key: exportSnapshotKey(fleetId, body),
        body,
        refs: [`member:${name}`, "export:demo/web"],
      },
    ],
  });
}

test("two members behind one address, from the first export to the deletion", async () => {
  const world = await openWorld();
  try {
    const { arm, store, look, save } = world;
    const fleet = keyOf(fleetKind, fleetId, "fleet-1");
    await store.commit({
      fleet: fleetId,
      writes: [
        { kind: "create", key: fleet, body: fleetDocument().body },
        { kind: "create", key: mcsKey, body: mcs().body },
      ],
    });
    for (const name of members) await exportFrom(world, name);
    const programmed = async () => {
      await look();
      const { status } = (await store.read(mcsKey))?.body ?? {};
      const condition = status?.conditions?.find(({ type }) => type === "Programmed");
      return `${condition?.status} ${condition?.message}`;
    };
    const soon = { timeout: 10_000, interval: 10 };
    await expect.poll(programmed, soon).toBe("True Traffic goes to 2 clusters");
    const ingress = (await store.read(mcsKey))?.body.status?.loadBalancer?.ingress;
    expect(ingress?.[0]?.ip).toMatch(/^198\.51\.100\./);

    const puts = () => arm.stats()["PUT Microsoft.Network/loadBalancers"];
    const before = puts();
    const { revision } = await store.head(fleetId);
    for (let looks = 0; looks < 3; looks++) await look();
    expect(puts()).toEqual(before);
    expect((await store.head(fleetId)).revision).toBe(revision);

    const ill = exported({ readyEndpoints: 0 });
    const seen = (await store.read(exportSnapshotKey(fleetId, snapshot("aks-2"))))?.body.export;
    await save("aks-2", { export: { ...ill, ...(seen?.service && { service: seen.service }) } });
    await expect
      .poll(programmed, soon)
      .toBe('True Traffic goes to 1 cluster; "aks-2": no endpoint is ready');

    const document = await store.read(mcsKey);
    if (document === undefined) throw new Error("There must be a MultiClusterService");
    const metadata = { ...document.body.metadata, deletionTimestamp: document.createdAt };
    const body = { ...document.body, metadata };
    await store.commit({ fleet: fleetId, writes: [{ kind: "replace", document, body }] });
    await expect
      .poll(async () => {
        await look();
        return await store.read(mcsKey);
      }, soon)
      .toBeUndefined();
    const { balancer } = document.body;
    expect(balancer && (await world.effects.balancers.see(balancer))).toEqual({});
  } finally {
    await world.close();
  }
}, 60_000);
