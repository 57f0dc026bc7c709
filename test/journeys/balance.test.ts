/** One service in several clusters, behind one public address. */
import { type KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addressOf,
  backendsAre,
  balancersOf,
  imported,
  multiClusterService,
  publicAddress,
  serviceExport,
} from "./balancers.ts";
import { differs, eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { sampleFleet } from "./members.ts";
import { apply, deployment, gone, namespace, read, remove, service } from "./objects.ts";
import { available, placement } from "./placements.ts";

const [east, east2, west, west2] = [
  "aks-eastus-1",
  "aks-eastus-2",
  "aks-westeurope-1",
  "aks-westeurope-2",
] as const;
const shop = { within: "shop", name: "web" };
const direct = { within: "direct", name: "web" };

/** Longer than a member's relay and the fleet take to tell of a change and to act on it. */
const relayMilliseconds = 4_000;

let laptop: Laptop;
/** How few backends each Global load balancer had after it had its first. */
const fewest = new Map<string, number>();
beforeAll(async () => {
  laptop = await startLaptop();
  watchBackends();
  await sampleFleet(laptop, 4);
}, 90_000);
afterAll(endLaptops);

const webOf = ({ within, name }: typeof shop) => [
  namespace(within),
  deployment(within, name),
  service(within, name),
  serviceExport(within, name),
];

test("a service whose export is placed with its namespace gets one address before two regions", async () => {
  const { hub } = laptop;
  const clusterNames = [east, west];
  const place = placement("shop", { placementType: "PickFixed", clusterNames });
  await apply(hub, [...webOf(shop), place, multiClusterService("shop", "web")]);

  await available(laptop, "shop", [east, west]);
  const seen = await imported(laptop, shop, [east, west]);
  expect(seen.status?.["ports"]).toEqual([{ name: "http", protocol: "TCP", port: 80 }]);

  const balancer = await backendsAre(laptop, shop, [east, west]);
  const address = await addressOf(laptop, shop);
  expect(address).toBe(await publicAddress(laptop, balancer.publicIpId));
  expect(balancer.ports).toEqual([80]);
  expect(new Set(balancer.frontends).size, "a regional frontend for each member").toBe(2);
  const groups = balancer.frontends.map((id) => /resourceGroups\/([^/]+)\//i.exec(id)?.[1]);
  expect(groups.map((each) => each?.toLowerCase()).toSorted()).toEqual([
    "mc_rg-eastus_aks-eastus-1_eastus",
    "mc_rg-westeurope_aks-westeurope-1_westeurope",
  ]);
}, 90_000);

test("a service that two members export themselves gets one address", async () => {
  for (const name of [east2, west2]) await apply(laptop.member(name), webOf(direct));
  await imported(laptop, direct, [east2, west2]);

  await apply(laptop.hub, [namespace("direct"), multiClusterService("direct", "web")]);
  const balancer = await backendsAre(laptop, direct, [east2, west2]);
  expect(await addressOf(laptop, direct)).toBe(await publicAddress(laptop, balancer.publicIpId));
  const [other] = await balancersOf(laptop, shop);
  expect(balancer.id, "each service has its own load balancer").not.toBe(other?.id);
}, 60_000);

test("a member whose pods go away loses its backend and gets it back", async () => {
  await scale(laptop.member(east2), 0);
  await backendsAre(laptop, direct, [west2]);

  await scale(laptop.member(east2), 2);
  await backendsAre(laptop, direct, [east2, west2]);
}, 60_000);

test("the last backend stays although it is not healthy", async () => {
  await scale(laptop.member(east2), 0);
  await backendsAre(laptop, direct, [west2]);
  await scale(laptop.member(west2), 0);
  await eventually({
    expected: `no pod of ${west2} is ready`,
    look: async () => await read(laptop.member(west2), deployment("direct", "web")),
    missing: (seen) => differs(seen?.status?.["availableReplicas"] ?? 0, 0),
  });

  const until = performance.now() + relayMilliseconds;
  while (performance.now() < until) await backendsAre(laptop, direct, [west2]);
  await scale(laptop.member(east2), 2);
  await backendsAre(laptop, direct, [east2]);
  await scale(laptop.member(west2), 2);
  const { id } = await backendsAre(laptop, direct, [east2, west2]);
  expect(fewest.get(id), "backends at any moment").toBe(1);
}, 60_000);

test("a member that withdraws its export is no backend any more", async () => {
  await remove(laptop.member(east2), serviceExport("direct", "web"));
  await imported(laptop, direct, [west2]);
  await backendsAre(laptop, direct, [west2]);
}, 60_000);

test("a MultiClusterService that is deleted takes its load balancer and address with it", async () => {
  const [{ publicIpId } = { publicIpId: "" }] = await balancersOf(laptop, direct);
  await remove(laptop.hub, multiClusterService("direct", "web"));

  await gone(laptop.hub, multiClusterService("direct", "web"));
  expect(await balancersOf(laptop, direct)).toEqual([]);
  await expect(publicAddress(laptop, publicIpId)).rejects.toMatchObject({ statusCode: 404 });
  expect(await balancersOf(laptop, shop), "the other service's stays").toHaveLength(1);
  await imported(laptop, direct, [west2]);
}, 60_000);

async function scale(member: KubernetesObjectApi, replicas: number): Promise<void> {
  const web: object = { ...deployment("direct", "web"), spec: { replicas } };
  const strategy = PatchStrategy.MergePatch;
  await member.patch(web, undefined, undefined, "kubectl-scale", undefined, strategy);
}

/** Follows what ARM holds of each Global load balancer from its first backend on. */
function watchBackends(): void {
  laptop.cloud.arm.watch((change) => {
    if (change.kind !== "saved") return;
    const { id, type, properties } = change.resource;
    if (type.toLowerCase() !== "microsoft.network/loadbalancers") return;
    const pools = (properties["backendAddressPools"] ?? []) as {
      properties?: { loadBalancerBackendAddresses?: unknown[] };
    }[];
    const count = pools.flatMap(
      (pool) => pool.properties?.loadBalancerBackendAddresses ?? [],
    ).length;
    const known = fewest.get(id);
    if (known === undefined ? count > 0 : count < known) fewest.set(id, count);
  });
}
