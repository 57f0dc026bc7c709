/** Managed clusters and their node pools as the simulation keeps them. */
import { notFound } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { parentIdOf } from "../path.ts";
import type { Json, Resource } from "../resource.ts";
import { kubeletIdentity } from "./kubelet-identity.ts";

export const clusterType = "Microsoft.ContainerService/managedClusters";
export const poolType = `${clusterType}/agentPools`;

export interface ClusterProperties {
  readonly provisioningState: string;
  readonly powerState: { readonly code: "Running" | "Stopped" };
  /** As it was asked for: `1.34` or `1.34.1`. */
  readonly kubernetesVersion: string;
  /** As it is: `1.34.1`. */
  readonly currentKubernetesVersion: string;
  readonly nodeResourceGroup: string;
  readonly fqdn: string;
  readonly [more: string]: unknown;
}

export interface PoolProperties {
  readonly provisioningState: string;
  readonly powerState: { readonly code: "Running" | "Stopped" };
  readonly count: number;
  readonly osType: string;
  readonly osSKU: string;
  readonly mode: string;
  readonly orchestratorVersion: string;
  readonly currentOrchestratorVersion: string;
  readonly nodeImageVersion: string;
  readonly [more: string]: unknown;
}

/** What a pool was before, and how far its roll has come. */
export interface PoolHistory {
  readonly recentlyUsed: readonly RecentlyUsed[];
  readonly roll?: {
    readonly version: string;
    readonly image: string;
    readonly nodesDone: number;
  };
}

export interface RecentlyUsed {
  readonly orchestratorVersion: string;
  readonly nodeImageVersion: string;
  readonly timestamp: string;
}

export type Cluster = Resource<ClusterProperties>;
export type Pool = Resource<PoolProperties>;

export function findCluster({ state }: Pick<Cloud, "state">, id: string): Cluster | undefined {
  return state.read(id) as Cluster | undefined;
}

/** @throws ArmError 404 */
export function readCluster(cloud: Pick<Cloud, "state">, id: string): Cluster {
  const cluster = findCluster(cloud, id);
  if (cluster === undefined) throw notFound(id);
  return cluster;
}

export function findPool({ state }: Pick<Cloud, "state">, id: string): Pool | undefined {
  return state.read(id) as Pool | undefined;
}

/** @throws ArmError 404 */
export function readPool(cloud: Pick<Cloud, "state">, id: string): Pool {
  const pool = findPool(cloud, id);
  if (pool === undefined) throw notFound(id);
  return pool;
}

/** In the order in which they were made, which is the order in which AKS upgrades them. */
export function poolsOf({ state }: Pick<Cloud, "state">, clusterId: string): readonly Pool[] {
  return state.list(`${clusterId}/agentPools`) as unknown as readonly Pool[];
}

export function clusterIdOf(poolId: string): string {
  return parentIdOf(poolId);
}

export function historyOf(pool: Pool): PoolHistory {
  return (pool.hidden as PoolHistory | undefined) ?? { recentlyUsed: [] };
}

export function saveProperties<Properties extends object>(
  { state }: Pick<Cloud, "state">,
  resource: Resource<Properties>,
  change: Partial<Properties>,
): Resource<Properties> {
  return state.save({ ...resource, properties: { ...resource.properties, ...change } });
}

/** What callers see of a cluster: its pools are part of it. */
export function clusterBody(cloud: Pick<Cloud, "state">, cluster: Cluster): Json {
  const agentPoolProfiles = poolsOf(cloud, cluster.id).map((pool) => ({
    name: pool.name,
    eTag: pool.etag,
    ...pool.properties,
  }));
  return {
    id: cluster.id,
    name: cluster.name,
    // AKS answers with a capital M here, unlike in ids.
    type: "Microsoft.ContainerService/ManagedClusters",
    location: cluster.location,
    eTag: cluster.etag,
    ...(cluster.tags === undefined ? {} : { tags: cluster.tags }),
    ...cluster.beside,
    properties: {
      ...cluster.properties,
      identityProfile: identityProfileOf(cluster),
      agentPoolProfiles,
    },
  };
}

function identityProfileOf({ id, name, properties }: Cluster): Json {
  const { nodeResourceGroup } = properties;
  return { kubeletidentity: kubeletIdentity({ id, name, nodeResourceGroup }) };
}

export function poolBody(pool: Pool): Json {
  return {
    id: pool.id,
    name: pool.name,
    type: poolType,
    properties: { eTag: pool.etag, ...pool.properties },
  };
}
