/**
 * What the cloud provider of a cluster does for its Services of type LoadBalancer: one public
 * address and one frontend each, in load balancer `kubernetes` of the node resource group.
 *
 * @see https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
 */
import { randomUUID } from "node:crypto";
import type { Cloud } from "../cloud.ts";
import { resourceEvent } from "../events.ts";
import { subscriptionOf } from "../path.ts";
import { type Cluster, readCluster } from "./cluster-model.ts";
import { saveLoadBalancer } from "./load-balancer.ts";
import type { Frontend, LoadBalancerInput } from "./load-balancer-input.ts";
import {
  assemble,
  findLoadBalancer,
  type LoadBalancer,
  usersOfFrontend,
} from "./load-balancer-model.ts";
import { loadBalancerType, publicIpType } from "./network-model.ts";
import { allocatePublicIp, findPublicIp, savePublicIp } from "./public-ip-address.ts";
import { saveResourceGroup } from "./resource-group.ts";

const frontendNameMax = 32;

export interface ServicePort {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
  /** Where the nodes listen; the probe asks it. */
  readonly nodePort?: number;
}

export interface FrontendWish {
  readonly clusterId: string;
  readonly serviceUid: string;
  /** `namespace/name`, kept as a tag of the address. */
  readonly serviceName?: string;
  readonly ports: readonly ServicePort[];
  readonly domainNameLabel?: string;
}

export interface RegionalFrontend {
  readonly frontendId: string;
  readonly publicIpId: string;
  readonly publicIp: string;
}

export type FrontendRemoval =
  | { readonly kind: "removed" }
  /** It was not there. */
  | { readonly kind: "absent" }
  /** A Global load balancer sends traffic to it; the cloud provider asks again later. */
  | { readonly kind: "in-use"; readonly by: string };

type World = Pick<Cloud, "state" | "emit">;

/** Safe to repeat; changes nothing, and tells of nothing, when it is there already. */
export function ensureRegionalFrontend(cloud: World, wish: FrontendWish): RegionalFrontend {
  const cluster = readCluster(cloud, wish.clusterId);
  const names = namesOf(cluster, wish.serviceUid);
  ensureNodeGroup(cloud, cluster, names.group);
  const publicIp = ensureAddress(cloud, { cluster, names, wish });
  const before = findLoadBalancer(cloud, names.loadBalancerId);
  const input = withFrontend(cluster, before, { names, wish });
  const wanted = assemble(before?.id ?? names.loadBalancerId, input);
  const frontendId = `${wanted.id}/frontendIPConfigurations/${names.frontendName}`;
  if (!isSame(before, wanted)) {
    saveSettled(cloud, wanted, before);
    tell(cloud, cluster, { id: wanted.id, operation: `${loadBalancerType}/write` });
  }
  return { frontendId, publicIpId: names.publicIpId, publicIp };
}

/** The frontend, its rules and its address go away, unless a Global load balancer uses it. */
export function removeRegionalFrontend(
  cloud: World,
  service: { readonly clusterId: string; readonly serviceUid: string },
): FrontendRemoval {
  const cluster = readCluster(cloud, service.clusterId);
  const names = namesOf(cluster, service.serviceUid);
  const before = findLoadBalancer(cloud, names.loadBalancerId);
  const frontend = before?.properties.frontendIPConfigurations.find(
    ({ name }) => name === names.frontendName,
  );
  if (before === undefined || frontend === undefined) return { kind: "absent" };
  const [user] = usersOfFrontend(cloud, frontend.id);
  if (user !== undefined) return { kind: "in-use", by: user };
  const wanted = assemble(before.id, without(cluster, before, names.frontendName));
  saveSettled(cloud, wanted, before);
  tell(cloud, cluster, { id: before.id, operation: `${loadBalancerType}/write` });
  cloud.state.remove(names.publicIpId);
  tell(cloud, cluster, { id: names.publicIpId, operation: `${publicIpType}/delete` });
  return { kind: "removed" };
}

interface FrontendNames {
  readonly group: string;
  readonly loadBalancerId: string;
  readonly publicIpId: string;
  readonly frontendName: string;
}

/** The names of cloud-provider-azure: `a` and the uid of the Service without its dashes. */
function namesOf(cluster: Cluster, serviceUid: string): FrontendNames {
  const frontendName = `a${serviceUid.replaceAll("-", "")}`.slice(0, frontendNameMax);
  const group =
    `/subscriptions/${subscriptionOf(cluster.id)}/resourceGroups/` +
    cluster.properties.nodeResourceGroup;
  return {
    group,
    frontendName,
    loadBalancerId: `${group}/providers/${loadBalancerType}/kubernetes`,
    publicIpId: `${group}/providers/${publicIpType}/kubernetes-${frontendName}`,
  };
}

function ensureNodeGroup(cloud: World, cluster: Cluster, group: string): void {
  if (cloud.state.read(group) !== undefined) return;
  saveResourceGroup(cloud, group, {
    location: cluster.location ?? "",
    tags: { "aks-managed-cluster-name": cluster.name },
  });
}

function ensureAddress(
  cloud: World,
  { cluster, names, wish }: { cluster: Cluster; names: FrontendNames; wish: FrontendWish },
): string {
  const there = findPublicIp(cloud, names.publicIpId);
  const label = wish.domainNameLabel;
  const ipAddress = there?.properties.ipAddress;
  if (ipAddress !== undefined && there?.properties.dnsSettings?.domainNameLabel === label) {
    return ipAddress;
  }
  savePublicIp(cloud, names.publicIpId, {
    location: cluster.location ?? "",
    sku: { name: "Standard", tier: "Regional" },
    tags: {
      "k8s-azure-cluster-name": "kubernetes",
      ...(wish.serviceName === undefined ? {} : { "k8s-azure-service": wish.serviceName }),
    },
    ...(label === undefined ? {} : { properties: { dnsSettings: { domainNameLabel: label } } }),
  });
  const allocated = allocatePublicIp(cloud, names.publicIpId);
  tell(cloud, cluster, { id: names.publicIpId, operation: `${publicIpType}/write` });
  const address = allocated?.properties.ipAddress;
  if (address === undefined) throw new Error(`Cannot allocate address "${names.publicIpId}"`);
  return address;
}

function inputOf(cluster: Cluster, before: LoadBalancer | undefined): LoadBalancerInput {
  const backend = { name: "kubernetes", properties: {} };
  return {
    location: cluster.location ?? "",
    sku: { name: "Standard", tier: "Regional" },
    tags: { "aks-managed-cluster-name": cluster.name },
    properties:
      before === undefined
        ? { backendAddressPools: [backend] }
        : {
            frontendIPConfigurations: [...before.properties.frontendIPConfigurations],
            backendAddressPools: [...before.properties.backendAddressPools],
            loadBalancingRules: [...before.properties.loadBalancingRules],
            probes: [...before.properties.probes],
          },
  };
}

/** The parts of other Services stay; those of this one are made anew. */
function without(
  cluster: Cluster,
  before: LoadBalancer | undefined,
  frontendName: string,
): LoadBalancerInput {
  const input = inputOf(cluster, before);
  const isOther = ({ name }: { name: string }) => !name.startsWith(frontendName);
  return {
    ...input,
    properties: {
      ...input.properties,
      frontendIPConfigurations: (input.properties?.frontendIPConfigurations ?? []).filter(isOther),
      loadBalancingRules: (input.properties?.loadBalancingRules ?? []).filter(isOther),
      probes: (input.properties?.probes ?? []).filter(isOther),
    },
  };
}

function withFrontend(
  cluster: Cluster,
  before: LoadBalancer | undefined,
  { names, wish }: { names: FrontendNames; wish: FrontendWish },
): LoadBalancerInput {
  const others = without(cluster, before, names.frontendName);
  const { frontendName, loadBalancerId } = names;
  const partId = (kind: string, name: string) => ({ id: `${loadBalancerId}/${kind}/${name}` });
  const ports = wish.ports.map((port) => ({
    ...port,
    name: `${frontendName}-${port.protocol}-${port.port}`,
  }));
  const { properties } = others;
  return {
    ...others,
    properties: {
      ...properties,
      frontendIPConfigurations: [
        ...(properties?.frontendIPConfigurations ?? []),
        { name: frontendName, properties: { publicIPAddress: { id: names.publicIpId } } },
      ],
      loadBalancingRules: [
        ...(properties?.loadBalancingRules ?? []),
        ...ports.map(({ name, protocol, port }) => ({
          name,
          properties: {
            frontendIPConfiguration: partId("frontendIPConfigurations", frontendName),
            backendAddressPool: partId("backendAddressPools", "kubernetes"),
            probe: partId("probes", name),
            protocol: protocol === "UDP" ? ("Udp" as const) : ("Tcp" as const),
            frontendPort: port,
            backendPort: port,
            enableFloatingIP: true,
            idleTimeoutInMinutes: 4,
          },
        })),
      ],
      probes: [
        ...(properties?.probes ?? []),
        ...ports.map(({ name, port, nodePort = port }) => ({
          name,
          properties: { protocol: "Tcp" as const, port: nodePort, intervalInSeconds: 5 },
        })),
      ],
    },
  };
}

function saveSettled(
  cloud: World,
  wanted: Omit<LoadBalancer, "etag">,
  before: LoadBalancer | undefined,
): void {
  const properties = { ...wanted.properties, provisioningState: "Succeeded" };
  saveLoadBalancer(cloud, { ...wanted, properties }, before);
}

/** Compares what the parts say, whatever their order. */
function isSame(before: LoadBalancer | undefined, wanted: Omit<LoadBalancer, "etag">): boolean {
  if (before === undefined) return false;
  const said = ({ properties }: Omit<LoadBalancer, "etag">) => {
    const { frontendIPConfigurations, loadBalancingRules, probes } = properties;
    const parts: readonly Pick<Frontend, "id" | "properties">[] = [
      ...frontendIPConfigurations,
      ...loadBalancingRules,
      ...probes,
    ];
    return JSON.stringify(
      parts
        .map(({ id, properties: part }) => [id, part])
        .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
    );
  };
  return said(before) === said(wanted);
}

/** The identity of the cluster does it, not a caller. */
function tell(
  cloud: World,
  cluster: Cluster,
  { id, operation }: { readonly id: string; readonly operation: string },
): void {
  cloud.emit(
    resourceEvent({
      resourceId: id,
      operationName: operation,
      outcome: "Success",
      cause: {
        objectId: clusterIdentity,
        appId: clusterIdentity,
        tenantId: clusterIdentity,
        method: operation.endsWith("/delete") ? "DELETE" : "PUT",
        url: `https://management.azure.com${id}?api-version=2024-05-01`,
        clientRequestId: `kubernetes-${cluster.name}`,
        correlationId: randomUUID(),
        isCreation: false,
      },
    }),
  );
}

/** Stands for the managed identity of every simulated cluster. */
const clusterIdentity = "00000000-0000-0000-0000-00000000aaaa";
