import type { Cloud } from "../cloud.ts";
import { idOf } from "../path.ts";
import type { ArmRequest } from "../request.ts";
import type { ResourceKind } from "../resource-kind.ts";
import {
  type Catalogue,
  compareVersions,
  latestImage,
  minorNumber,
  releaseOf,
  upgradesOf,
} from "../versions.ts";
import {
  clusterIdOf,
  clusterType,
  historyOf,
  type Pool,
  poolsOf,
  poolType,
  readCluster,
  readPool,
} from "./cluster-model.ts";

const minorsBehindMax = 3;

/** What a cluster can be upgraded to: the authority on "allowed for this cluster". */
export const clusterUpgradeProfile: ResourceKind = {
  type: `${clusterType}/upgradeProfiles`,
  get: (cloud, { path }) => {
    const [name = ""] = path.names;
    const cluster = readCluster(cloud, idOf({ ...path, names: [name] }, clusterType));
    const catalogue = cloud.catalogue(cluster.location ?? "");
    const { currentKubernetesVersion: version } = cluster.properties;
    const controlPlaneProfile = {
      kubernetesVersion: version,
      osType: "Linux",
      upgrades: upgradeItems(catalogue, upgradesOf(catalogue, version)),
    };
    const agentPoolProfiles = poolsOf(cloud, cluster.id).map((pool) => ({
      name: pool.name,
      kubernetesVersion: pool.properties.currentOrchestratorVersion,
      osType: pool.properties.osType,
      upgrades: upgradeItems(catalogue, poolUpgrades(catalogue, pool, version)),
    }));
    const body = {
      id: `${cluster.id}/upgradeprofiles/default`,
      name: "default",
      type: `${clusterType}/upgradeprofiles`,
      properties: { controlPlaneProfile, agentPoolProfiles },
    };
    return { status: 200, body };
  },
};

/** What a node pool can be upgraded to, its newest image, and what it was before. */
export const poolUpgradeProfile: ResourceKind = {
  type: `${poolType}/upgradeProfiles`,
  get: (cloud, { path }) => {
    const pool = readPool(cloud, idOf({ ...path, names: path.names.slice(0, 2) }, poolType));
    const cluster = readCluster(cloud, clusterIdOf(pool.id));
    const catalogue = cloud.catalogue(cluster.location ?? "");
    const upgrades = poolUpgrades(catalogue, pool, cluster.properties.currentKubernetesVersion);
    const body = {
      id: `${pool.id}/upgradeprofiles/default`,
      name: "default",
      type: `${poolType}/upgradeProfiles`,
      properties: {
        kubernetesVersion: pool.properties.currentOrchestratorVersion,
        osType: pool.properties.osType,
        upgrades: upgradeItems(catalogue, upgrades),
        latestNodeImageVersion: latestImage(catalogue, pool.properties),
        recentlyUsedVersions: historyOf(pool).recentlyUsed,
      },
    };
    return { status: 200, body };
  },
};

/** What a new pool of the cluster can run. */
export const availablePoolVersions: ResourceKind = {
  type: `${clusterType}/availableAgentPoolVersions`,
  list: (cloud: Cloud, { path }: ArmRequest) => {
    const cluster = readCluster(cloud, idOf(path, clusterType));
    const catalogue = cloud.catalogue(cluster.location ?? "");
    const { currentKubernetesVersion: version } = cluster.properties;
    const agentPoolVersions = catalogue.releases.flatMap(({ patches, isPreview }) =>
      patches
        .filter((patch) => isInSkew(patch, version))
        .map((patch) => ({
          kubernetesVersion: patch,
          default: patch === version,
          isPreview: isPreview ?? false,
        })),
    );
    const id = `${cluster.id}/availableagentpoolversions`;
    return { status: 200, body: { id, name: "default", properties: { agentPoolVersions } } };
  },
};

function isInSkew(pool: string, controlPlane: string): boolean {
  const behind = minorNumber(controlPlane) - minorNumber(pool);
  return compareVersions(pool, controlPlane) <= 0 && behind <= minorsBehindMax;
}

function poolUpgrades(catalogue: Catalogue, pool: Pool, controlPlane: string): readonly string[] {
  const { currentOrchestratorVersion: current } = pool.properties;
  return catalogue.releases
    .flatMap(({ patches }) => patches)
    .filter((patch) => compareVersions(patch, current) > 0 && isInSkew(patch, controlPlane));
}

function upgradeItems(catalogue: Catalogue, versions: readonly string[]) {
  return versions.map((kubernetesVersion) => ({
    kubernetesVersion,
    ...(releaseOf(catalogue, kubernetesVersion)?.isPreview === true ? { isPreview: true } : {}),
  }));
}
