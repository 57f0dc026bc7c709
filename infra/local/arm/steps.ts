/** What each step of an operation does, and what its end leaves behind. */
import type { Cloud } from "./cloud.ts";
import type { Operation, Step } from "./operation.ts";
import { parentIdOf, subscriptionOf } from "./path.ts";
import { type Json, type Resource, settledStates } from "./resource.ts";
import {
  type Cluster,
  clusterType,
  findCluster,
  type Pool,
  poolsOf,
  poolType,
  readCluster,
  saveProperties,
} from "./resources/cluster-model.ts";
import { checkDroppedFrontends } from "./resources/load-balancer-check.ts";
import { findLoadBalancer, linkAddresses } from "./resources/load-balancer-model.ts";
import { loadBalancerType, publicIpType } from "./resources/network-model.ts";
import { beginRoll, endRoll, failRoll, rollNodes } from "./resources/pool-roll.ts";
import { allocatePublicIp } from "./resources/public-ip-address.ts";

type World = Pick<Cloud, "state" | "emit">;

/** Does one step; returns steps that come before the rest. */
export function applyStep(world: World, operation: Operation, step: Step): readonly Step[] {
  switch (step.kind) {
    case "settle":
      settle(world, operation.resourceId, "Succeeded");
      return [];
    case "remove":
      remove(world, operation.resourceId);
      return [];
    case "control-plane":
      saveProperties(world, readCluster(world, operation.resourceId), {
        currentKubernetesVersion: step.version,
      });
      return [];
    case "pool-begins":
      beginRoll(world, step);
      return [];
    case "nodes":
      return rollNodes(world, step);
    case "pool-ends":
      endRoll(world, step.poolId);
      return [];
    case "power":
      switchPower(world, operation.resourceId, step.code);
      return [];
    case "allocate":
      allocatePublicIp(world, operation.resourceId);
      return [];
    default:
      return step satisfies never;
  }
}

/** Writes a failure or a cancellation into what was being changed; success is written already. */
export function endOperation(world: World, operation: Operation): void {
  if (operation.status === "Succeeded" || operation.status === "InProgress") return;
  const { status, error } = operation;
  const resource = world.state.read(operation.resourceId);
  const cluster = findCluster(world, operation.lockId);
  if (cluster?.type === clusterType) {
    for (const pool of poolsOf(world, cluster.id)) {
      if (settledStates.includes(pool.properties.provisioningState)) continue;
      failRoll(world, pool, { provisioningState: status, error });
    }
  }
  if (resource?.type === poolType) return;
  settle(world, operation.resourceId, status, error && { provisioningError: error });
}

/** A part of a load balancer has no state of its own: the whole is what settles. */
function settle(world: World, id: string, provisioningState: string, status?: Json): void {
  const resource = world.state.read(id) ?? world.state.read(parentIdOf(id));
  if (resource === undefined) return;
  const properties = {
    ...resource.properties,
    provisioningState,
    ...(status !== undefined && resource.type === clusterType ? { status } : {}),
  };
  world.state.save({ ...resource, properties });
  if (resource.type === clusterType) settlePools(world, resource, provisioningState);
}

/** Pools that were made with their cluster are there when it is. */
function settlePools(world: World, cluster: Resource, provisioningState: string): void {
  for (const pool of poolsOf(world, cluster.id)) {
    if (settledStates.includes(pool.properties.provisioningState)) continue;
    saveProperties(world, pool, { provisioningState });
  }
}

function switchPower(world: World, clusterId: string, code: "Running" | "Stopped"): void {
  const cluster = readCluster(world, clusterId);
  for (const pool of poolsOf(world, clusterId)) {
    saveProperties<Pool["properties"]>(world, pool, { powerState: { code } });
  }
  saveProperties(world, cluster, { powerState: { code }, provisioningState: "Succeeded" });
}

function remove(world: World, id: string): void {
  const resource = world.state.read(id);
  if (resource === undefined) return;
  if (resource.type === clusterType) removeCluster(world, resource as unknown as Cluster);
  if (resource.type === loadBalancerType)
    linkAddresses(world, findLoadBalancer(world, id), undefined);
  world.state.remove(id);
}

/** Pools, maintenance windows and the node resource group go with a cluster. */
function removeCluster(world: World, cluster: Cluster): void {
  const { nodeResourceGroup } = cluster.properties;
  const group = `/subscriptions/${subscriptionOf(cluster.id)}/resourceGroups/${nodeResourceGroup}`;
  const loadBalancer = findLoadBalancer(world, `${group}/providers/${loadBalancerType}/kubernetes`);
  checkDroppedFrontends(world, [], loadBalancer);
  const below = [
    ...poolsOf(world, cluster.id),
    ...world.state.list(`${cluster.id}/maintenanceConfigurations`),
    ...world.state.list(`${group}/providers/${loadBalancerType}`),
    ...world.state.list(`${group}/providers/${publicIpType}`),
  ];
  for (const { id } of below) world.state.remove(id);
  world.state.remove(group);
}
