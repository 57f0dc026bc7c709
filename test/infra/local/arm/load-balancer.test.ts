import type { BackendAddressPool, LoadBalancer } from "@azure/arm-network";
import { expect, test } from "vitest";
import {
  group,
  type LocalArm,
  localArm,
  networkPath,
  refusal,
  seed,
  subscriptionId,
} from "./local-arm.ts";

const fast = { updateIntervalInMs: 1 };
const lbPath = networkPath("loadBalancers", "fleet");
const service = "6f1c0d3e-1111-2222-3333-444455556666";

async function address(cloud: LocalArm, name: string, tier = "Global", location = "westeurope") {
  return await cloud.network.publicIPAddresses.createOrUpdate(
    group,
    name,
    { location, sku: { name: "Standard", tier }, publicIPAllocationMethod: "Static" },
    fast,
  );
}

function globalBalancer(
  members: readonly string[],
  more: Partial<LoadBalancer> = {},
): LoadBalancer {
  return {
    location: "westeurope",
    sku: { name: "Standard", tier: "Global" },
    frontendIPConfigurations: [
      { name: "fe", publicIPAddress: { id: networkPath("publicIPAddresses", "fleet-ip") } },
    ],
    backendAddressPools: [pool(members)],
    loadBalancingRules: [
      {
        name: "http",
        protocol: "Tcp",
        frontendPort: 80,
        backendPort: 80,
        frontendIPConfiguration: { id: `${lbPath}/frontendIPConfigurations/fe` },
        backendAddressPool: { id: `${lbPath}/backendAddressPools/regions` },
      },
    ],
    ...more,
  };
}

function pool(members: readonly string[]): BackendAddressPool {
  return {
    name: "regions",
    loadBalancerBackendAddresses: members.map((id, index) => ({
      name: `member-${index}`,
      loadBalancerFrontendIPConfiguration: { id },
    })),
  };
}

function put(cloud: LocalArm, body: LoadBalancer, headers: Record<string, string> = {}) {
  return cloud.network.loadBalancers.createOrUpdate(group, "fleet", body, {
    ...fast,
    requestOptions: { headers },
  });
}

/** Two clusters with a frontend each, and a Global address. */
async function twoMembers(options: Parameters<typeof localArm>[0] = {}) {
  const cloud = await localArm(options);
  const frontends = ["east", "west"].map((name) =>
    cloud.arm.ensureRegionalFrontend({
      clusterId: seed(cloud, name),
      serviceUid: service,
      serviceName: "shop/web",
      ports: [{ protocol: "TCP", port: 80, nodePort: 30080 }],
    }),
  );
  await address(cloud, "fleet-ip");
  return { cloud, frontends, ids: frontends.map(({ frontendId }) => frontendId) };
}

test("a Global load balancer takes regional frontends as its backends", async () => {
  const { cloud, ids } = await twoMembers();
  const made = await put(cloud, globalBalancer(ids));
  expect(made.provisioningState).toBe("Succeeded");
  expect(made.etag).toMatch(/^W\/"[0-9a-f-]{36}"$/);
  const [regions] = made.backendAddressPools ?? [];
  expect(
    regions?.loadBalancerBackendAddresses?.map(
      (each) => each.loadBalancerFrontendIPConfiguration?.id,
    ),
  ).toEqual(ids);
  expect(regions?.loadBalancingRules?.map(({ id }) => id)).toEqual([
    `${lbPath}/loadBalancingRules/http`,
  ]);
  const ip = await cloud.network.publicIPAddresses.get(group, "fleet-ip");
  expect(ip.ipConfiguration?.id).toBe(`${lbPath}/frontendIPConfigurations/fe`);
  expect(ip.ipAddress).toMatch(/^198\.51\.100\./);
});

test("a pool is replaced as a whole, under the etag of its load balancer", async () => {
  const { cloud, ids } = await twoMembers();
  const made = await put(cloud, globalBalancer(ids));
  const pools = cloud.network.loadBalancerBackendAddressPools;
  const saved = await pools.createOrUpdate(group, "fleet", "regions", pool(ids.slice(1)), {
    ...fast,
    requestOptions: { headers: { "If-Match": made.etag ?? "" } },
  });
  expect(saved.loadBalancerBackendAddresses?.length).toBe(1);
  const stale = pools.createOrUpdate(group, "fleet", "regions", pool(ids), {
    ...fast,
    requestOptions: { headers: { "If-Match": made.etag ?? "" } },
  });
  expect(await refusal(stale)).toContain("412 PreconditionFailed");
  const read = await pools.get(group, "fleet", "regions");
  expect(read.loadBalancerBackendAddresses?.length).toBe(1);
  expect(read.etag).not.toBe(made.etag);
  expect(await refusal(pools.delete(group, "fleet", "regions", fast))).toContain(
    "400 LoadBalancerBackendAddressPoolInUse",
  );
  await pools.createOrUpdate(group, "fleet", "spare", { name: "spare" }, fast);
  const names = [];
  for await (const { name } of pools.list(group, "fleet")) names.push(name);
  expect(names).toEqual(["regions", "spare"]);
  await pools.delete(group, "fleet", "spare", fast);
  await pools.delete(group, "fleet", "spare", fast);
});

test("a PUT of the load balancer that names a pool without addresses empties it", async () => {
  const { cloud, ids } = await twoMembers();
  await put(cloud, globalBalancer(ids));
  const emptied = await put(
    cloud,
    globalBalancer([], { backendAddressPools: [{ name: "regions" }] }),
  );
  expect(emptied.backendAddressPools?.[0]?.loadBalancerBackendAddresses ?? []).toEqual([]);
});

test("a second write is refused while the first runs, or takes its place", async () => {
  const slow = await twoMembers();
  await put(slow.cloud, globalBalancer(slow.ids));
  slow.cloud.arm.setSpeed(0.01);
  await put(slow.cloud, globalBalancer(slow.ids)).submitted();
  const busy = slow.cloud.network.loadBalancerBackendAddressPools
    .createOrUpdate(group, "fleet", "regions", pool([]), fast)
    .submitted();
  expect(await refusal(busy)).toContain("429 RetryableErrorDueToAnotherOperation");

  const later = await twoMembers({ whenBusy: "supersede" });
  later.cloud.arm.setSpeed(0.01);
  const first = put(later.cloud, globalBalancer(later.ids));
  await first.submitted();
  later.cloud.arm.setSpeed(100_000);
  const second = await put(later.cloud, globalBalancer(later.ids.slice(1)));
  expect(second.backendAddressPools?.[0]?.loadBalancerBackendAddresses?.length).toBe(1);
  await expect(first.pollUntilDone()).rejects.toThrow("canceled");
});

test.each<[name: string, change: (ids: readonly string[]) => Partial<LoadBalancer>, code: string]>([
  [
    "a backend that is not there",
    () => ({ backendAddressPools: [pool([`${lbPath}x/frontendIPConfigurations/no`])] }),
    "InvalidResourceReference",
  ],
  [
    "a backend that is Global itself",
    () => ({ backendAddressPools: [pool([`${lbPath}/frontendIPConfigurations/fe`])] }),
    "InvalidResourceReference",
  ],
  [
    "an address instead of a frontend",
    () => ({
      backendAddressPools: [
        { name: "regions", loadBalancerBackendAddresses: [{ name: "a", ipAddress: "10.0.0.4" }] },
      ],
    }),
    "LoadBalancerGlobalTierBackendMustBeFrontend",
  ],
  [
    "more than 300 backends",
    (ids) => ({ backendAddressPools: [pool(Array.from({ length: 301 }, () => ids[0] ?? ""))] }),
    "LoadBalancerBackendAddressPoolLimitReached",
  ],
  [
    "a region that is no home region",
    () => ({ location: "francecentral" }),
    "LoadBalancerGlobalTierRegionNotSupported",
  ],
  [
    "a rule for a pool that is not there",
    () => ({ backendAddressPools: [] }),
    "InvalidResourceReference",
  ],
  [
    "a rule for a frontend that is not there",
    () => ({ frontendIPConfigurations: [] }),
    "InvalidResourceReference",
  ],
  [
    "an address that is not there",
    () => ({
      frontendIPConfigurations: [
        { name: "fe", publicIPAddress: { id: networkPath("publicIPAddresses", "no") } },
      ],
    }),
    "InvalidResourceReference",
  ],
  [
    "a frontend without an address",
    () => ({ frontendIPConfigurations: [{ name: "fe" }] }),
    "LoadBalancerFrontendIPConfigMustHaveOneAddress",
  ],
  [
    "a regional address",
    () => ({
      frontendIPConfigurations: [
        { name: "fe", publicIPAddress: { id: networkPath("publicIPAddresses", "regional-ip") } },
      ],
    }),
    "LoadBalancerAndPublicIPAddressTierMismatch",
  ],
])("a Global load balancer with %s is refused and not made", async (_name, change, code) => {
  const { cloud, ids } = await twoMembers();
  await address(cloud, "regional-ip", "Regional");
  const refused = put(cloud, globalBalancer(ids, change(ids)));
  expect(await refusal(refused)).toContain(`400 ${code}`);
  expect(await refusal(cloud.network.loadBalancers.get(group, "fleet"))).toContain("404");
});

test("rules that meet on a port are refused", async () => {
  const { cloud, ids } = await twoMembers();
  const body = globalBalancer(ids);
  const [rule] = body.loadBalancingRules ?? [];
  if (rule === undefined) throw new Error("there is a rule");
  const twice = (more: object) =>
    put(cloud, { ...body, loadBalancingRules: [rule, { ...rule, name: "b", ...more }] });
  expect(await refusal(twice({}))).toContain("400 RulesUseSameFrontendPortProtocolAndIPConfig");
  expect(await refusal(twice({ frontendPort: 81 }))).toContain(
    "400 RulesUseSameBackendPortProtocolAndPool",
  );
});

test("a Global address outside the home regions is accepted and then fails", async () => {
  const cloud = await localArm();
  await expect(address(cloud, "far", "Global", "francecentral")).rejects.toThrow(
    "GlobalVipAllocationFailedWithVipRangeNotFound",
  );
});

test("an address in use stays, and goes when its load balancer is gone", async () => {
  const { cloud, ids } = await twoMembers();
  await put(cloud, globalBalancer(ids));
  const gone = () => cloud.network.publicIPAddresses.delete(group, "fleet-ip", fast);
  expect(await refusal(gone())).toContain("400 PublicIPAddressCannotBeDeleted");
  await cloud.network.loadBalancers.delete(group, "fleet", fast);
  await gone();
  expect(await refusal(cloud.network.publicIPAddresses.get(group, "fleet-ip"))).toContain("404");
});

test("a name in the DNS belongs to one address of a region", async () => {
  const cloud = await localArm();
  const named = (name: string) =>
    cloud.network.publicIPAddresses.createOrUpdate(
      group,
      name,
      {
        location: "West Europe",
        sku: { name: "Standard" },
        dnsSettings: { domainNameLabel: "shop" },
      },
      fast,
    );
  expect((await named("a")).dnsSettings?.fqdn).toBe("shop.westeurope.cloudapp.azure.com");
  expect(await refusal(named("b"))).toContain("400 DnsRecordInUse");
});

test("the frontend of a Service is made once, told once, and found as in Azure", async () => {
  const { cloud, frontends } = await twoMembers();
  const before = cloud.events.length;
  const again = cloud.arm.ensureRegionalFrontend({
    clusterId: seed(cloud, "east"),
    serviceUid: service,
    serviceName: "shop/web",
    ports: [{ protocol: "TCP", port: 80, nodePort: 30080 }],
  });
  expect(again).toEqual(frontends[0]);
  expect(cloud.events.length).toBe(before);
  const kubernetes = await cloud.network.loadBalancers.get(
    "MC_rg-fleet_east_westeurope",
    "kubernetes",
  );
  const [frontend] = kubernetes.frontendIPConfigurations ?? [];
  expect(frontend?.name).toBe("a6f1c0d3e11112222333344445555666");
  expect(kubernetes.loadBalancingRules?.map(({ frontendPort }) => frontendPort)).toEqual([80]);
  const ip = await cloud.network.publicIPAddresses.get(
    "MC_rg-fleet_east_westeurope",
    `kubernetes-${frontend?.name}`,
  );
  expect(ip.ipAddress).toBe(frontends[0]?.publicIp);
  expect(ip.tags?.["k8s-azure-service"]).toBe("shop/web");
});

test("other ports of a Service change its rules and no other's", async () => {
  const { cloud, frontends } = await twoMembers();
  const clusterId = seed(cloud, "east");
  const other = { clusterId, serviceUid: "0000", ports: [{ protocol: "UDP" as const, port: 53 }] };
  cloud.arm.ensureRegionalFrontend(other);
  const changed = cloud.arm.ensureRegionalFrontend({
    clusterId,
    serviceUid: service,
    ports: [{ protocol: "TCP", port: 443 }],
  });
  expect(changed.publicIp).toBe(frontends[0]?.publicIp);
  const { loadBalancingRules } = await cloud.network.loadBalancers.get(
    "MC_rg-fleet_east_westeurope",
    "kubernetes",
  );
  expect(loadBalancingRules?.map(({ frontendPort }) => frontendPort).sort()).toEqual([443, 53]);
});

test("a frontend that a Global load balancer uses stays until it is detached", async () => {
  const { cloud, ids } = await twoMembers();
  await put(cloud, globalBalancer(ids));
  const clusterId = seed(cloud, "east");
  const remove = () => cloud.arm.removeRegionalFrontend({ clusterId, serviceUid: service });
  expect(remove()).toEqual({ kind: "in-use", by: lbPath });
  await expect(cloud.containers.managedClusters.delete(group, "east", fast)).rejects.toThrow(
    "LoadBalancerFrontendIPConfigurationInUse",
  );
  await put(cloud, globalBalancer(ids.slice(1)));
  expect(remove()).toEqual({ kind: "removed" });
  expect(remove()).toEqual({ kind: "absent" });
});

test("a cluster takes its node resource group with it", async () => {
  const { cloud } = await twoMembers();
  await cloud.containers.managedClusters.delete(group, "west", fast);
  const nodes = "MC_rg-fleet_west_westeurope";
  expect(await refusal(cloud.network.loadBalancers.get(nodes, "kubernetes"))).toContain("404");
  const all = [];
  for await (const { id } of cloud.network.publicIPAddresses.listAll()) all.push(id);
  expect(all.filter((id) => id?.includes(nodes))).toEqual([]);
});

test("an internal load balancer takes addresses of one network, which cannot change", async () => {
  const cloud = await localArm();
  const network = (name: string) => ({ id: networkPath("virtualNetworks", name) });
  const internal = (vnet: string, ip: string): LoadBalancer => ({
    location: "westeurope",
    sku: { name: "Standard", tier: "Regional" },
    frontendIPConfigurations: [
      {
        name: "fe",
        privateIPAddress: "10.0.9.10",
        subnet: { id: `${network("v").id}/subnets/lb` },
      },
    ],
    backendAddressPools: [
      {
        name: "nodes",
        virtualNetwork: network(vnet),
        loadBalancerBackendAddresses: [{ name: "n", ipAddress: ip, adminState: "None" }],
      },
    ],
  });
  const made = await put(cloud, internal("v", "10.1.0.4"));
  expect(made.backendAddressPools?.[0]?.loadBalancerBackendAddresses?.[0]?.ipAddress).toBe(
    "10.1.0.4",
  );
  expect(await refusal(put(cloud, internal("w", "10.1.0.4")))).toContain(
    "400 PropertyChangeNotAllowed",
  );
  expect(await refusal(put(cloud, internal("v", "10.1.0")))).toContain("400 InvalidRequestContent");
});

test("each write of a load balancer is told to the subscription", async () => {
  const { cloud, ids } = await twoMembers();
  await put(cloud, globalBalancer(ids));
  await cloud.network.loadBalancers.updateTags(group, "fleet", { tags: { fleet: "f" } });
  await cloud.network.loadBalancerBackendAddressPools.createOrUpdate(
    group,
    "fleet",
    "regions",
    pool(ids),
    fast,
  );
  const told = cloud.events
    .filter(({ subject }) => subject.includes("/loadBalancers/fleet"))
    .map(({ topic, data }) => `${topic} ${data["operationName"]}`);
  const topic = `/subscriptions/${subscriptionId}`;
  expect(told).toEqual([
    `${topic} Microsoft.Network/loadBalancers/write`,
    `${topic} Microsoft.Network/loadBalancers/write`,
    `${topic} Microsoft.Network/loadBalancers/write`,
    `${topic} Microsoft.Network/loadBalancers/backendAddressPools/write`,
    `${topic} Microsoft.Network/loadBalancers/backendAddressPools/write`,
  ]);
});
