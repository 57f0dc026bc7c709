import { z } from "zod";
import { acceptedAnswer, checkClusterIsFree, startOperation } from "../accept.ts";
import { badRequest } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import type { Step } from "../operation.ts";
import { page } from "../page.ts";
import { idOf, nameOf } from "../path.ts";
import { checkPreconditions } from "../precondition.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { checkSkew, notSupported, upgradeSteps } from "../upgrade.ts";
import { compareVersions, latestImage, resolveVersion } from "../versions.ts";
import { abortLatestOperation } from "./abort.ts";
import { parseBody } from "./body.ts";
import {
  type Cluster,
  clusterIdOf,
  findPool,
  type Pool,
  type PoolProperties,
  poolBody,
  poolsOf,
  poolType,
  readCluster,
  readPool,
  saveProperties,
} from "./cluster-model.ts";
import { imageRefused, rollbackOf } from "./node-image.ts";
import {
  checkPoolName,
  newPool,
  type PoolInput,
  poolInput,
  withoutReadOnly,
} from "./pool-input.ts";
import { maxSurgeOf } from "./pool-roll.ts";

const bodyInput = z.looseObject({ properties: poolInput.optional() });

/** @see https://learn.microsoft.com/rest/api/aks/agent-pools */
export const agentPool: ResourceKind = {
  type: poolType,
  get: (cloud, { path }) => ({
    status: 200,
    body: poolBody(readPool(cloud, idOf(path, poolType))),
  }),
  put: putPool,
  remove: deletePool,
  list: (cloud, request) => {
    const cluster = clusterOf(cloud, request);
    return page(cloud, request, poolsOf(cloud, cluster.id).map(poolBody));
  },
  actions: {
    upgradenodeimageversion: upgradeImage,
    abort: (cloud, request) => {
      const pool = readPool(cloud, idOf(request.path, poolType));
      return abortLatestOperation(cloud, request, {
        resourceId: pool.id,
        lockId: clusterIdOf(pool.id),
      });
    },
  },
};

/** The cluster that the path names, whatever is below it. */
function clusterOf(cloud: Cloud, { path }: ArmRequest): Cluster {
  const [name = ""] = path.names;
  return readCluster(
    cloud,
    idOf({ ...path, names: [name] }, "Microsoft.ContainerService/managedClusters"),
  );
}

function putPool(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const cluster = clusterOf(cloud, request);
  const id = `${cluster.id}/agentPools/${nameOf(idOf(request.path, poolType))}`;
  const pool = findPool(cloud, id);
  checkPreconditions(request, pool?.etag);
  const input = parseBody(request, bodyInput).properties ?? {};
  checkClusterIsFree(cloud, cluster.id);
  return pool === undefined
    ? createPool(cloud, request, { cluster, id, input })
    : updatePool(cloud, request, { cluster, pool, input });
}

function createPool(
  cloud: Cloud,
  request: ArmRequest,
  { cluster, id, input }: { cluster: Cluster; id: string; input: PoolInput },
): ArmAnswer {
  const name = nameOf(id);
  checkPoolName(name);
  const version = poolVersion(cloud, cluster, input.orchestratorVersion);
  const catalogue = cloud.catalogue(cluster.location ?? "");
  const pool = cloud.state.save<PoolProperties>({
    id,
    name,
    type: poolType,
    properties: newPool(input, { catalogue, version }),
  });
  return accept(cloud, request, {
    pool,
    status: 201,
    title: "create agent pool",
    steps: [{ kind: "settle", afterSeconds: cloud.durations.nodeSeconds }],
    isCreation: true,
  });
}

/** The version that is wanted, checked against the region and the control plane. */
function poolVersion(cloud: Cloud, cluster: Cluster, wanted: string | undefined): string {
  const controlPlane = cluster.properties.currentKubernetesVersion;
  if (wanted === undefined) return controlPlane;
  const version = controlPlane.startsWith(`${wanted}.`)
    ? controlPlane
    : resolveVersion(cloud.catalogue(cluster.location ?? ""), wanted);
  if (version === undefined) throw notSupported(cluster.name, wanted);
  checkSkew(version, controlPlane);
  return version;
}

function updatePool(
  cloud: Cloud,
  request: ArmRequest,
  { cluster, pool, input }: { cluster: Cluster; pool: Pool; input: PoolInput },
): ArmAnswer {
  const target = poolTarget(cloud, { cluster, pool, input });
  const { currentOrchestratorVersion: current, nodeImageVersion } = pool.properties;
  const isRoll = target.version !== current || target.image !== nodeImageVersion;
  const saved = saveProperties(cloud, pool, {
    ...withoutReadOnly(input),
    orchestratorVersion: target.version,
    provisioningState: isRoll ? "Upgrading" : "Updating",
  });
  const steps = isRoll
    ? upgradeSteps(cloud.durations, undefined, [
        {
          poolId: pool.id,
          ...target,
          count: saved.properties.count,
          maxSurge: maxSurgeOf(saved),
        },
      ])
    : [{ kind: "settle" as const, afterSeconds: cloud.durations.updateSeconds }];
  const title = isRoll ? "upgrade agent pool" : "update agent pool";
  return accept(cloud, request, { pool: saved, status: 200, title, steps });
}

/** Where the pool goes: forward to a version, to the newest image, or back to what it was. */
function poolTarget(
  cloud: Cloud,
  { cluster, pool, input }: { cluster: Cluster; pool: Pool; input: PoolInput },
): { readonly version: string; readonly image: string } {
  const { currentOrchestratorVersion: current, nodeImageVersion } = pool.properties;
  const wanted = input.orchestratorVersion;
  const isSame = wanted === undefined || wanted === current || current.startsWith(`${wanted}.`);
  const rollback = rollbackOf(pool, { version: wanted ?? current, image: input.nodeImageVersion });
  if (rollback !== undefined) {
    return { version: rollback.orchestratorVersion, image: rollback.nodeImageVersion };
  }
  const newest = latestImage(cloud.catalogue(cluster.location ?? ""), pool.properties);
  const image = input.nodeImageVersion;
  if (image !== undefined && image !== "latest" && image !== nodeImageVersion) {
    throw imageRefused(pool, image);
  }
  if (isSame) return { version: current, image: image === "latest" ? newest : nodeImageVersion };
  const version = poolVersion(cloud, cluster, wanted);
  if (compareVersions(version, current) > 0) return { version, image: newest };
  throw badRequest(
    "OperationNotAllowed",
    `Downgrading Kubernetes version of agent pool ${pool.name} from ${current} to ${version} is ` +
      "not allowed.",
  );
}

/** To the newest image of the region; 202, and soon done when the pool has it. */
function upgradeImage(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const pool = readPool(cloud, idOf(request.path, poolType));
  const cluster = clusterOf(cloud, request);
  checkClusterIsFree(cloud, cluster.id);
  const { currentOrchestratorVersion: version, nodeImageVersion, count } = pool.properties;
  const image = latestImage(cloud.catalogue(cluster.location ?? ""), pool.properties);
  const maxSurge = maxSurgeOf(pool);
  const steps: readonly Step[] =
    image === nodeImageVersion
      ? [{ kind: "settle", afterSeconds: 1 }]
      : upgradeSteps(cloud.durations, undefined, [
          { poolId: pool.id, version, image, count, maxSurge },
        ]);
  saveProperties(cloud, pool, { provisioningState: "UpgradingNodeImageVersion" });
  return accept(cloud, request, {
    pool,
    status: 202,
    title: "upgrade node image version of agent pool",
    steps,
  });
}

function deletePool(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const pool = findPool(cloud, idOf(request.path, poolType));
  if (pool === undefined) return { status: 204 };
  checkPreconditions(request, pool.etag);
  checkClusterIsFree(cloud, clusterIdOf(pool.id));
  const others = poolsOf(cloud, clusterIdOf(pool.id)).filter(({ id }) => id !== pool.id);
  if (!others.some(({ properties }) => properties.mode === "System")) {
    throw badRequest(
      "OperationNotAllowed",
      `There has to be at least one system agent pool: ${pool.name} cannot be deleted.`,
    );
  }
  const saved = saveProperties(cloud, pool, { provisioningState: "Deleting" });
  return accept(cloud, request, {
    pool: saved,
    status: 202,
    title: "delete agent pool",
    steps: [{ kind: "remove", afterSeconds: cloud.durations.nodeSeconds }],
  });
}

interface AcceptedPool {
  readonly pool: Pool;
  readonly status: number;
  readonly title: string;
  readonly steps: readonly Step[];
  readonly isCreation?: boolean;
}

function accept(cloud: Cloud, request: ArmRequest, accepted: AcceptedPool): ArmAnswer {
  const { pool, status, title, steps, isCreation = false } = accepted;
  const cluster = readCluster(cloud, clusterIdOf(pool.id));
  const verbs: Readonly<Record<string, string>> = {
    PUT: "write",
    DELETE: "delete",
    POST: "upgradeNodeImageVersion/action",
  };
  const operation = startOperation(cloud, request, {
    resourceId: pool.id,
    lockId: cluster.id,
    location: cluster.location ?? "",
    name: `${poolType}/${verbs[request.method] ?? "write"}`,
    title,
    steps,
    isCreation,
  });
  const body = status === 202 ? {} : { body: poolBody(pool) };
  return acceptedAnswer(cloud, operation, { status, ...body });
}
