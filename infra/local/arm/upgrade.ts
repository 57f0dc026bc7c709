/**
 * What AKS lets a cluster be upgraded to, and the steps in which it gets there.
 *
 * The control plane goes first, one minor version at a time and never back; then the node pools,
 * one after another, each a few nodes at a time. A pool is never newer than the control plane and
 * at most three minors older. In one PUT of a cluster all pools name a version or none does; each
 * stays or goes to the version of the control plane, and when none is named they all go with it.
 *
 * @see https://learn.microsoft.com/azure/aks/upgrade-aks-cluster
 * @see https://aka.ms/aks/UpgradeVersionRules
 */
import { type ArmError, badRequest } from "./arm-error.ts";
import type { Step } from "./operation.ts";
import {
  type Catalogue,
  compareVersions,
  minorNumber,
  releaseOf,
  resolveVersion,
  upgradesOf,
} from "./versions.ts";

const minorsBehindMax = 3;

/** The version of the cluster after the change, or the refusal of AKS. */
export function targetVersion(
  catalogue: Catalogue,
  cluster: { readonly name: string; readonly current: string; readonly longTerm: boolean },
  wanted: string,
): string {
  const { current } = cluster;
  // A minor alone means "any patch of it", so it is no change when the cluster has that minor.
  if (wanted === current || current.startsWith(`${wanted}.`)) return current;
  const target = resolveVersion(catalogue, wanted);
  if (target === undefined) throw notSupported(cluster.name, wanted);
  if (releaseOf(catalogue, target)?.isLongTermOnly === true && !cluster.longTerm) {
    throw badRequest(
      "K8sVersionNotSupported",
      `Managed cluster ${cluster.name} is on version ${target}, which is only available for ` +
        "Long-Term Support (LTS). If you intend to onboard to LTS, please ensure the cluster is " +
        "in Premium tier and LTS support plan.",
    );
  }
  const allowed = upgradesOf(catalogue, current);
  if (allowed.includes(target)) return target;
  throw badRequest(
    "OperationNotAllowed",
    `Upgrading Kubernetes version ${current} to ${target} is not allowed. Available upgrades: ` +
      `[${[...allowed].reverse().join(" ")}]. Please see https://aka.ms/aks-supported-k8s-ver ` +
      "for version details.",
  );
}

export function notSupported(name: string, wanted: string): ArmError {
  return badRequest(
    "K8sVersionNotSupported",
    `Managed cluster ${name} is on version ${wanted}, which is not supported in this region. ` +
      "Please use [az aks get-versions] command to get the supported version list in this region.",
  );
}

export interface PoolVersions {
  readonly name: string;
  readonly current: string;
  readonly wanted: string | undefined;
}

/** The version that each pool has after a PUT of its cluster, by name. */
export function poolTargets(
  pools: readonly PoolVersions[],
  controlPlane: { readonly current: string; readonly target: string },
): ReadonlyMap<string, string> {
  const { target } = controlPlane;
  const named = pools.filter(({ wanted }) => wanted !== undefined);
  if (named.length === 0) {
    const isUpgrade = target !== controlPlane.current;
    return new Map(pools.map(({ name, current }) => [name, isUpgrade ? target : current]));
  }
  const targets = pools.map(({ name, current, wanted }): [string, string] => {
    const stays = wanted === current || (wanted !== undefined && current.startsWith(`${wanted}.`));
    if (stays) return [name, current];
    const follows = wanted === target || (wanted !== undefined && target.startsWith(`${wanted}.`));
    if (follows) return [name, target];
    throw badRequest(
      "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged",
      "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or " +
        "all unspecified. If all specified, they must be stay unchanged or the same with control " +
        "plane. For agent pool specific change, please use per agent pool operations: " +
        "https://aka.ms/agent-pool-rest-api",
    );
  });
  for (const [, version] of targets) checkSkew(version, target);
  return new Map(targets);
}

/** @throws ArmError 400 `NodePoolMcVersionIncompatible` */
export function checkSkew(pool: string, controlPlane: string): void {
  const behind = minorNumber(controlPlane) - minorNumber(pool);
  const versions = `Node pool version ${pool} and control plane version ${controlPlane}`;
  const text = `${versions} are incompatible.`;
  const more = "For more information, please check https://aka.ms/aks/UpgradeVersionRules";
  if (compareVersions(pool, controlPlane) > 0) {
    throw badRequest(
      "NodePoolMcVersionIncompatible",
      `${text} Version of node pool is bigger than that of the control plane. ${more}`,
    );
  }
  if (behind > minorsBehindMax) {
    throw badRequest(
      "NodePoolMcVersionIncompatible",
      `${text} Minor version of node pool cannot be more than ${minorsBehindMax} versions less ` +
        `than control plane's version. Minor version of node pool is ${minorNumber(pool)} and ` +
        `control plane is ${minorNumber(controlPlane)}. ${more}`,
    );
  }
}

/** How long things take at Azure, in seconds; a faster simulation divides them. */
export interface Durations {
  readonly createSeconds: number;
  readonly deleteSeconds: number;
  /** A change that makes no node anew. */
  readonly updateSeconds: number;
  readonly powerSeconds: number;
  readonly controlPlaneSeconds: number;
  /** For each batch of nodes. */
  readonly nodeSeconds: number;
  /** A load balancer or a public address. */
  readonly networkSeconds: number;
}

/** What an ordinary cluster takes; a run at speed 60 makes a minute of it a second. */
export const defaultDurations: Durations = {
  createSeconds: 240,
  deleteSeconds: 180,
  updateSeconds: 30,
  powerSeconds: 120,
  controlPlaneSeconds: 300,
  nodeSeconds: 120,
  networkSeconds: 8,
};

export interface PoolChange {
  readonly poolId: string;
  readonly version: string;
  readonly image: string;
  readonly count: number;
  readonly maxSurge: string | undefined;
}

/** The steps of an upgrade: control plane, each pool, done. */
export function upgradeSteps(
  durations: Durations,
  controlPlane: string | undefined,
  pools: readonly PoolChange[],
): readonly Step[] {
  const first: readonly Step[] =
    controlPlane === undefined
      ? []
      : [
          {
            kind: "control-plane",
            version: controlPlane,
            afterSeconds: durations.controlPlaneSeconds,
          },
        ];
  return [
    ...first,
    ...pools.flatMap((pool) => poolSteps(durations, pool)),
    { kind: "settle", afterSeconds: 0 },
  ];
}

function poolSteps(durations: Durations, pool: PoolChange): readonly Step[] {
  const { poolId, version, image, count } = pool;
  const batch = batchOf(count, pool.maxSurge);
  const nodes: readonly Step[] =
    count === 0 ? [] : [{ kind: "nodes", poolId, batch, afterSeconds: durations.nodeSeconds }];
  return [
    { kind: "pool-begins", poolId, version, image, afterSeconds: 0 },
    ...nodes,
    { kind: "pool-ends", poolId, afterSeconds: 0 },
  ];
}

/** `maxSurge` is a number of nodes or a percentage of the pool, rounded up; 10 % by default. */
function batchOf(count: number, maxSurge = "10%"): number {
  const amount = Number.parseInt(maxSurge, 10);
  if (!Number.isFinite(amount)) return 1;
  const nodes = maxSurge.endsWith("%") ? Math.ceil((amount * count) / 100) : amount;
  return Math.max(1, Math.min(nodes, Math.max(1, count)));
}
