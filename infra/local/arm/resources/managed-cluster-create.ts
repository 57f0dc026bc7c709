import { acceptedAnswer, startOperation } from "../accept.ts";
import { ArmError } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { groupIdOf, nameOf } from "../path.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import { notSupported } from "../upgrade.ts";
import { type Catalogue, defaultVersion, releaseOf, resolveVersion } from "../versions.ts";
import {
  type Cluster,
  type ClusterProperties,
  clusterBody,
  clusterType,
  type PoolProperties,
  poolType,
} from "./cluster-model.ts";
import {
  besideOf,
  type ClusterInput,
  checkNewPools,
  clusterExtras,
  hasLongTermSupport,
} from "./managed-cluster-input.ts";
import { newPool } from "./pool-input.ts";
import { saveResourceGroup } from "./resource-group.ts";

/** A new cluster: 201, `Creating` until all of it is there. */
export function createCluster(
  cloud: Cloud,
  request: ArmRequest,
  { id, input }: { readonly id: string; readonly input: ClusterInput },
): ArmAnswer {
  checkGroup(cloud, id, input.location);
  const cluster = saveNewCluster(cloud, { id, input, provisioningState: "Creating" });
  const operation = startOperation(cloud, request, {
    resourceId: id,
    lockId: id,
    location: input.location,
    name: `${clusterType}/write`,
    title: "create managed cluster",
    steps: [{ kind: "settle", afterSeconds: cloud.durations.createSeconds }],
    isCreation: true,
  });
  return acceptedAnswer(cloud, operation, { status: 201, body: clusterBody(cloud, cluster) });
}

/** @throws ArmError 404 `ResourceGroupNotFound`, unless missing groups are made */
export function checkGroup(
  cloud: Pick<Cloud, "state" | "missingGroups">,
  id: string,
  location: string,
): void {
  const group = groupIdOf(id);
  if (cloud.state.read(group) !== undefined) return;
  if (cloud.missingGroups === "create") {
    saveResourceGroup(cloud, group, { location });
    return;
  }
  throw new ArmError(404, {
    code: "ResourceGroupNotFound",
    message: `Resource group '${nameOf(group)}' could not be found.`,
  });
}

/** The cluster and its pools, in the state that is named. */
export function saveNewCluster(
  cloud: Pick<Cloud, "state" | "catalogue">,
  fresh: { readonly id: string; readonly input: ClusterInput; readonly provisioningState: string },
): Cluster {
  const { id, input, provisioningState } = fresh;
  checkNewPools(input);
  const catalogue = cloud.catalogue(input.location);
  const version = newVersion(catalogue, nameOf(id), input);
  const cluster = cloud.state.save<ClusterProperties>({
    id,
    name: nameOf(id),
    type: clusterType,
    location: input.location,
    ...(input.tags === undefined ? {} : { tags: input.tags }),
    beside: besideOf(input),
    properties: {
      ...defaults(id, input),
      ...clusterExtras(input),
      kubernetesVersion: input.properties?.kubernetesVersion ?? version,
      currentKubernetesVersion: version,
      provisioningState,
      powerState: { code: "Running" },
    },
  });
  for (const pool of input.properties?.agentPoolProfiles ?? []) {
    cloud.state.save<PoolProperties>({
      id: `${id}/agentPools/${pool.name}`,
      name: pool.name,
      type: poolType,
      properties: { ...newPool(pool, { catalogue, version }), provisioningState },
    });
  }
  return cluster;
}

function newVersion(catalogue: Catalogue, name: string, input: ClusterInput): string {
  const wanted = input.properties?.kubernetesVersion;
  if (wanted === undefined) return defaultVersion(catalogue);
  const version = resolveVersion(catalogue, wanted);
  if (version === undefined) throw notSupported(name, wanted);
  if (releaseOf(catalogue, version)?.isLongTermOnly === true && !hasLongTermSupport(input)) {
    throw notSupported(name, wanted);
  }
  return version;
}

function defaults(id: string, input: ClusterInput) {
  const name = nameOf(id);
  const group = nameOf(groupIdOf(id));
  const dnsPrefix = input.properties?.dnsPrefix ?? name;
  return {
    dnsPrefix,
    fqdn: `${dnsPrefix}.hcp.${input.location}.azmk8s.io`,
    nodeResourceGroup:
      input.properties?.nodeResourceGroup ?? `MC_${group}_${name}_${input.location}`,
    enableRBAC: true,
    supportPlan: "KubernetesOfficial",
    servicePrincipalProfile: { clientId: "msi" },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      loadBalancerSku: "standard",
      outboundType: "loadBalancer",
    },
    autoUpgradeProfile: { upgradeChannel: "none", nodeOSUpgradeChannel: "None" },
    maxAgentPools: 100,
  };
}
