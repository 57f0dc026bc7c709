/** How a pool goes from one version or image to another: begins, node by node, ends. */
import type { Cloud } from "../cloud.ts";
import { nodePoolEvent } from "../events.ts";
import type { OperationError, Step } from "../operation.ts";
import {
  clusterIdOf,
  historyOf,
  type Pool,
  type PoolHistory,
  type PoolProperties,
  readPool,
  saveProperties,
} from "./cluster-model.ts";

const recentlyUsedMax = 1;

type Begin = Extract<Step, { kind: "pool-begins" }>;
type Nodes = Extract<Step, { kind: "nodes" }>;

export function maxSurgeOf({ properties }: Pool): string | undefined {
  const { upgradeSettings } = properties as { upgradeSettings?: { maxSurge?: string } };
  return upgradeSettings?.maxSurge;
}

export function beginRoll(cloud: Pick<Cloud, "state" | "emit">, step: Begin): void {
  const pool = readPool(cloud, step.poolId);
  const isImageAlone = step.version === pool.properties.currentOrchestratorVersion;
  const provisioningState = isImageAlone ? "UpgradingNodeImageVersion" : "Upgrading";
  const roll = { version: step.version, image: step.image, nodesDone: 0 };
  saveRoll(cloud, pool, { ...historyOf(pool), roll }, { provisioningState });
  cloud.emit(nodePoolEvent(clusterIdOf(pool.id), pool.name, "Started"));
}

/** Makes the next batch of nodes anew; the same step again while there are more. */
export function rollNodes(cloud: Pick<Cloud, "state">, step: Nodes): readonly Step[] {
  const pool = readPool(cloud, step.poolId);
  const history = historyOf(pool);
  if (history.roll === undefined) return [];
  const nodesDone = Math.min(pool.properties.count, history.roll.nodesDone + step.batch);
  saveRoll(cloud, pool, { ...history, roll: { ...history.roll, nodesDone } }, {});
  return nodesDone < pool.properties.count ? [step] : [];
}

export function endRoll(cloud: Pick<Cloud, "state" | "emit">, poolId: string): void {
  const pool = readPool(cloud, poolId);
  const { recentlyUsed, roll } = historyOf(pool);
  if (roll === undefined) return;
  const before = {
    orchestratorVersion: pool.properties.currentOrchestratorVersion,
    nodeImageVersion: pool.properties.nodeImageVersion,
    timestamp: new Date().toISOString(),
  };
  const history = { recentlyUsed: [before, ...recentlyUsed].slice(0, recentlyUsedMax) };
  saveRoll(cloud, pool, history, {
    provisioningState: "Succeeded",
    orchestratorVersion: roll.version,
    currentOrchestratorVersion: roll.version,
    nodeImageVersion: roll.image,
  });
  cloud.emit(nodePoolEvent(clusterIdOf(pool.id), pool.name, "Succeeded"));
}

/** The pool stays where it is, half of its nodes new. */
export function failRoll(
  cloud: Pick<Cloud, "state" | "emit">,
  pool: Pool,
  failed: { readonly provisioningState: string; readonly error: OperationError | undefined },
): void {
  const { provisioningState, error } = failed;
  const isRolling = historyOf(pool).roll !== undefined;
  saveProperties(cloud, pool, {
    provisioningState,
    ...(error === undefined ? {} : { status: { provisioningError: error } }),
  });
  if (isRolling) cloud.emit(nodePoolEvent(clusterIdOf(pool.id), pool.name, "Failed"));
}

function saveRoll(
  { state }: Pick<Cloud, "state">,
  pool: Pool,
  history: PoolHistory,
  change: Partial<PoolProperties>,
): void {
  const { status: _error, ...properties } = pool.properties;
  state.save<PoolProperties>({
    ...pool,
    hidden: { ...history },
    properties: { ...properties, ...change } as PoolProperties,
  });
}

/** A node of a simulated cluster, as its Kubernetes API would show it. */
export interface SimulatedNode {
  readonly name: string;
  readonly pool: string;
  readonly kubernetesVersion: string;
  readonly nodeImageVersion: string;
}

/** The nodes of a pool; those that a roll has reached are new. */
export function nodesOf(pool: Pool): readonly SimulatedNode[] {
  const { count, currentOrchestratorVersion, nodeImageVersion } = pool.properties;
  const { roll } = historyOf(pool);
  return Array.from({ length: count }, (_, index) => {
    const isNew = roll !== undefined && index < roll.nodesDone;
    // As a scale set names its machines: the number counts in base 36.
    const number = index.toString(36).padStart(6, "0");
    return {
      name: `aks-${pool.name}-10000000-vmss${number}`,
      pool: pool.name,
      kubernetesVersion: isNew ? roll.version : currentOrchestratorVersion,
      nodeImageVersion: isNew ? roll.image : nodeImageVersion,
    };
  });
}
