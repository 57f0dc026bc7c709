import { acceptedAnswer, checkClusterIsFree, startOperation } from "../accept.ts";
import { badRequest } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import { sameText } from "../state.ts";
import { type PoolChange, poolTargets, targetVersion, upgradeSteps } from "../upgrade.ts";
import { latestImage } from "../versions.ts";
import {
  type Cluster,
  type ClusterProperties,
  clusterBody,
  clusterType,
  type Pool,
  poolsOf,
  readCluster,
  saveProperties,
} from "./cluster-model.ts";
import { besideOf, type ClusterInput, clusterExtras } from "./managed-cluster-input.ts";
import { checkEchoedImage } from "./node-image.ts";
import { type PoolInput, withoutReadOnly } from "./pool-input.ts";
import { maxSurgeOf } from "./pool-roll.ts";

interface PoolWish {
  readonly pool: Pool;
  readonly input: PoolInput | undefined;
}

/** A PUT of a cluster that is there: what differs is done, an upgrade included. */
export function updateCluster(
  cloud: Cloud,
  request: ArmRequest,
  { cluster, input }: { readonly cluster: Cluster; readonly input: ClusterInput },
): ArmAnswer {
  checkClusterIsFree(cloud, cluster.id);
  checkUnchangeable(cluster, input);
  const wishes = poolWishes(poolsOf(cloud, cluster.id), input);
  const plan = planUpgrade(cloud, cluster, { input, wishes });
  const isUpgrade = plan.controlPlane !== undefined || plan.pools.length > 0;
  checkIsRunning(cluster, isUpgrade);

  for (const wish of wishes) applyPoolWish(cloud, wish, plan.targets);
  saveWish(cloud, cluster, { input, provisioningState: isUpgrade ? "Upgrading" : "Updating" });
  const operation = startOperation(cloud, request, {
    resourceId: cluster.id,
    lockId: cluster.id,
    location: input.location,
    name: `${clusterType}/write`,
    title: isUpgrade ? "upgrade managed cluster" : "update managed cluster",
    steps: isUpgrade
      ? upgradeSteps(cloud.durations, plan.controlPlane, plan.pools)
      : [{ kind: "settle", afterSeconds: cloud.durations.updateSeconds }],
  });
  const body = clusterBody(cloud, readCluster(cloud, cluster.id));
  return acceptedAnswer(cloud, operation, { status: 200, body });
}

function checkUnchangeable(cluster: Cluster, input: ClusterInput): void {
  const location = cluster.location ?? "";
  if (!sameText(location.replaceAll(" ", ""), input.location.replaceAll(" ", ""))) {
    throw badRequest(
      "InvalidResourceLocation",
      `The resource '${cluster.name}' already exists in location '${location}'. A resource with ` +
        `the same name cannot be created in location '${input.location}'.`,
      "location",
    );
  }
  const dnsPrefix = input.properties?.dnsPrefix;
  if (dnsPrefix === undefined || dnsPrefix === cluster.properties["dnsPrefix"]) return;
  throw badRequest(
    "PropertyChangeNotAllowed",
    "Changing property 'properties.dnsPrefix' is not allowed.",
    "properties.dnsPrefix",
  );
}

/** Pools come and go by their own API; a PUT of the cluster names those that are there. */
function poolWishes(pools: readonly Pool[], input: ClusterInput): readonly PoolWish[] {
  const profiles = input.properties?.agentPoolProfiles;
  if (profiles === undefined) return pools.map((pool) => ({ pool, input: undefined }));
  const names = new Set(pools.map(({ name }) => name));
  const isSame = profiles.length === names.size && profiles.every(({ name }) => names.has(name));
  if (!isSame) {
    throw badRequest(
      "InvalidParameter",
      "Agent pools can be added and deleted by the agent pool API alone: the managed cluster has " +
        `${[...names].join(", ")}.`,
      "properties.agentPoolProfiles",
    );
  }
  return pools.map((pool) => ({ pool, input: profiles.find(({ name }) => name === pool.name) }));
}

interface UpgradePlan {
  readonly controlPlane: string | undefined;
  readonly pools: readonly PoolChange[];
  /** The version of each pool afterwards, by name. */
  readonly targets: ReadonlyMap<string, string>;
}

function planUpgrade(
  cloud: Cloud,
  cluster: Cluster,
  { input, wishes }: { readonly input: ClusterInput; readonly wishes: readonly PoolWish[] },
): UpgradePlan {
  const catalogue = cloud.catalogue(input.location);
  const { currentKubernetesVersion: current } = cluster.properties;
  const longTerm = cluster.properties["supportPlan"] === "AKSLongTermSupport";
  const wanted = input.properties?.kubernetesVersion ?? current;
  const target = targetVersion(catalogue, { name: cluster.name, current, longTerm }, wanted);
  checkAllOrNone(wishes);
  const versions = wishes.map(({ pool, input: wish }) => ({
    name: pool.name,
    current: pool.properties.currentOrchestratorVersion,
    wanted: wish?.orchestratorVersion,
  }));
  const targets = poolTargets(versions, { current, target });
  for (const wish of wishes) checkEchoedImage(wish.pool, wish.input?.nodeImageVersion);
  const controlPlane = target === current ? undefined : target;
  if (controlPlane !== undefined) checkAutoUpgrade(cluster, versions, targets);
  const pools = wishes.flatMap(({ pool, input: wish }): PoolChange[] => {
    const version = targets.get(pool.name) ?? pool.properties.currentOrchestratorVersion;
    if (version === pool.properties.currentOrchestratorVersion) return [];
    return [
      {
        poolId: pool.id,
        version,
        image: latestImage(catalogue, pool.properties),
        count: wish?.count ?? pool.properties.count,
        maxSurge: maxSurgeOf(pool),
      },
    ];
  });
  return { controlPlane, pools, targets };
}

function checkAllOrNone(wishes: readonly PoolWish[]): void {
  const named = wishes.filter(({ input }) => input?.orchestratorVersion !== undefined);
  if (named.length === 0 || named.length === wishes.length) return;
  throw badRequest(
    "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged",
    "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or " +
      "all unspecified. If all specified, they must be stay unchanged or the same with control " +
      "plane.",
    "properties.agentPoolProfiles",
  );
}

/** AKS would upgrade the pools itself, so it does not take the control plane alone. */
function checkAutoUpgrade(
  cluster: Cluster,
  pools: readonly { readonly name: string; readonly current: string }[],
  targets: ReadonlyMap<string, string>,
): void {
  const { autoUpgradeProfile } = cluster.properties as { autoUpgradeProfile?: unknown };
  const { upgradeChannel = "none" } = (autoUpgradeProfile ?? {}) as { upgradeChannel?: string };
  const isAutomatic = !["none", "node-image"].includes(upgradeChannel.toLowerCase());
  if (!isAutomatic || !pools.some(({ name, current }) => targets.get(name) === current)) return;
  throw badRequest(
    "OperationNotAllowed",
    `Upgrading the control plane alone is not allowed while auto-upgrade channel ` +
      `'${upgradeChannel}' is on.`,
  );
}

function checkIsRunning(cluster: Cluster, isUpgrade: boolean): void {
  if (!isUpgrade || cluster.properties.powerState.code === "Running") return;
  throw badRequest(
    "OperationNotAllowed",
    `Managed cluster ${cluster.name} is stopped and cannot be upgraded. Please start it first.`,
  );
}

function applyPoolWish(
  cloud: Cloud,
  { pool, input }: PoolWish,
  targets: ReadonlyMap<string, string>,
): void {
  const version = targets.get(pool.name) ?? pool.properties.currentOrchestratorVersion;
  const wanted = input === undefined ? {} : withoutReadOnly(input);
  saveProperties(cloud, pool, { ...wanted, orchestratorVersion: version });
}

function saveWish(
  cloud: Cloud,
  cluster: Cluster,
  {
    input,
    provisioningState,
  }: { readonly input: ClusterInput; readonly provisioningState: string },
): void {
  const { status: _error, ...properties } = cluster.properties;
  cloud.state.save<ClusterProperties>({
    ...cluster,
    ...(input.tags === undefined ? {} : { tags: input.tags }),
    beside: { ...cluster.beside, ...(input.sku || input.identity ? besideOf(input) : {}) },
    properties: {
      ...properties,
      ...clusterExtras(input),
      kubernetesVersion:
        input.properties?.kubernetesVersion ?? cluster.properties.kubernetesVersion,
      provisioningState,
    } as ClusterProperties,
  });
}
