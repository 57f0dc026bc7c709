/** Exported services, and the load balancers in front of them as Azure shows them. */
import type { KubernetesObject } from "@kubernetes/client-node";
import { conditionsOf, type Seen } from "../../infra/local/tour/kube.ts";
import { differs, eventually, eventuallyDespiteFaults } from "./eventually.ts";
import type { Laptop } from "./laptop.ts";
import { read, type Workload } from "./objects.ts";

const group = "networking.fleet.azure.com/v1alpha1";

export const serviceExport = (within: string, name: string): KubernetesObject => ({
  apiVersion: group,
  kind: "ServiceExport",
  metadata: { name, namespace: within },
});

export const serviceImport = (within: string, name: string): KubernetesObject => ({
  ...serviceExport(within, name),
  kind: "ServiceImport",
});

export const multiClusterService = (within: string, name: string): Workload => ({
  ...serviceExport(within, name),
  kind: "MultiClusterService",
  spec: { serviceImport: { name } },
});

interface Patience {
  readonly limitSeconds?: number;
  readonly faults?: boolean;
}

/** Waits until the fleet's import of the service lists these members, and no other. */
export async function imported(
  laptop: Laptop,
  service: { readonly within: string; readonly name: string },
  members: readonly string[],
  { limitSeconds = 30, faults = false }: Patience = {},
): Promise<Seen> {
  const { within, name } = service;
  const wanted = {
    expected: `ServiceImport ${within}/${name} of ${members.join(", ")}`,
    look: async () => await read(laptop.hub, serviceImport(within, name)),
    missing: (seen: Seen | undefined) => differs(clustersOf(seen), members.toSorted()),
    limitSeconds,
  };
  return (await (faults ? eventuallyDespiteFaults(wanted) : eventually(wanted))) as Seen;
}

function clustersOf(seen: Seen | undefined): readonly string[] {
  const clusters = (seen?.status?.["clusters"] ?? []) as { cluster: string }[];
  return clusters.map(({ cluster }) => cluster).toSorted();
}

/** Waits until the MultiClusterService is programmed; resolves to its address. */
export async function addressOf(
  laptop: Laptop,
  service: { readonly within: string; readonly name: string },
  { limitSeconds = 30, faults = false }: Patience = {},
): Promise<string> {
  const { within, name } = service;
  const wanted = {
    expected: `MultiClusterService ${within}/${name} has an address`,
    look: async () => await read(laptop.hub, multiClusterService(within, name)),
    missing: (seen: Seen | undefined) =>
      ingressOf(seen) === undefined ? `no address: ${JSON.stringify(seen?.status)}` : undefined,
    limitSeconds,
  };
  const seen = await (faults ? eventuallyDespiteFaults(wanted) : eventually(wanted));
  return ingressOf(seen) ?? "";
}

function ingressOf(seen: Seen | undefined): string | undefined {
  if (conditionsOf(seen)["Programmed"] !== "True") return undefined;
  const balancer = seen?.status?.["loadBalancer"] as { ingress?: { ip?: string }[] } | undefined;
  return balancer?.ingress?.[0]?.ip;
}

export interface GlobalSeen {
  readonly id: string;
  /** Of its only frontend. */
  readonly publicIpId: string;
  /** Names of members, ordered. */
  readonly backends: readonly string[];
  /** The ids of their regional frontends. */
  readonly frontends: readonly string[];
  readonly ports: readonly number[];
}

/** The Global load balancers in Azure whose tag names the service: "demo/web". */
export async function balancersOf(
  { network }: Laptop,
  service: { readonly within: string; readonly name: string },
): Promise<readonly GlobalSeen[]> {
  const found: GlobalSeen[] = [];
  for await (const each of network.loadBalancers.listAll()) {
    if (each.sku?.tier !== "Global") continue;
    if (each.tags?.["hubless-service"] !== `${service.within}/${service.name}`) continue;
    const backends = (each.backendAddressPools ?? []).flatMap(
      (pool) => pool.loadBalancerBackendAddresses ?? [],
    );
    found.push({
      id: each.id ?? "",
      publicIpId: each.frontendIPConfigurations?.[0]?.publicIPAddress?.id ?? "",
      backends: backends.map(({ name }) => name ?? "").toSorted(),
      frontends: backends.map((one) => one.loadBalancerFrontendIPConfiguration?.id ?? ""),
      ports: (each.loadBalancingRules ?? []).flatMap(({ frontendPort }) => frontendPort ?? []),
    });
  }
  return found;
}

/** Waits until the service's one load balancer has these members as backends, and no other. */
export async function backendsAre(
  laptop: Laptop,
  service: { readonly within: string; readonly name: string },
  members: readonly string[],
  { limitSeconds = 30, faults = false }: Patience = {},
): Promise<GlobalSeen> {
  const wanted = {
    expected: `one load balancer of ${service.name} with backends ${members.join(", ")}`,
    look: async () => await balancersOf(laptop, service),
    missing: (seen: readonly GlobalSeen[]) =>
      differs(
        seen.map(({ backends }) => backends),
        [members.toSorted()],
      ),
    limitSeconds,
  };
  const [only] = await (faults ? eventuallyDespiteFaults(wanted) : eventually(wanted));
  return only as GlobalSeen;
}

/** The public address of a load balancer, as Azure shows it. */
export async function publicAddress({ network, endpoints }: Laptop, id: string): Promise<string> {
  const name = id.split("/").at(-1) ?? "";
  const seen = await network.publicIPAddresses.get(endpoints.resourceGroup, name);
  return seen.ipAddress ?? "";
}
