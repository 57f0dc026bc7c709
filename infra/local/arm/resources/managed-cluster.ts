import { z } from "zod";
import { acceptedAnswer, checkClusterIsFree, emitDone, startOperation } from "../accept.ts";
import { notFound } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { page } from "../page.ts";
import { idOf } from "../path.ts";
import { checkPreconditions } from "../precondition.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import type { ResourceKind } from "../resource-kind.ts";
import { abortLatestOperation } from "./abort.ts";
import { parseBody } from "./body.ts";
import { listCredential } from "./cluster-credential.ts";
import {
  type Cluster,
  clusterBody,
  clusterType,
  findCluster,
  readCluster,
  saveProperties,
} from "./cluster-model.ts";
import { switchPower } from "./cluster-power.ts";
import { createCluster } from "./managed-cluster-create.ts";
import { clusterInput, tagsInput } from "./managed-cluster-input.ts";
import { updateCluster } from "./managed-cluster-update.ts";

const patchInput = z.looseObject({ tags: tagsInput.optional() });

/** @see https://learn.microsoft.com/rest/api/aks/managed-clusters */
export const managedCluster: ResourceKind = {
  type: clusterType,
  get: (cloud, { path }) => ({
    status: 200,
    body: clusterBody(cloud, readCluster(cloud, idOf(path, clusterType))),
  }),
  put: (cloud, request) => {
    const id = idOf(request.path, clusterType);
    const cluster = findCluster(cloud, id);
    checkPreconditions(request, cluster?.etag);
    const input = parseBody(request, clusterInput);
    return cluster === undefined
      ? createCluster(cloud, request, { id, input })
      : updateCluster(cloud, request, { cluster, input });
  },
  patch: (cloud, request) => {
    const cluster = readCluster(cloud, idOf(request.path, clusterType));
    checkPreconditions(request, cluster.etag);
    checkClusterIsFree(cloud, cluster.id);
    const { tags } = parseBody(request, patchInput);
    const saved = cloud.state.save({ ...cluster, ...(tags === undefined ? {} : { tags }) });
    emitDone(cloud, request, { resourceId: cluster.id, name: `${clusterType}/write` });
    return { status: 200, body: clusterBody(cloud, saved) };
  },
  remove: deleteCluster,
  list: (cloud, request) => {
    const { resourceGroup, subscriptionId } = request.path;
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup ?? ""}`;
    const clusters = (cloud.state.all(clusterType) as unknown as readonly Cluster[]).filter(
      ({ id }) =>
        id
          .toLowerCase()
          .startsWith(
            resourceGroup === undefined ? scope.toLowerCase() : `${scope}/`.toLowerCase(),
          ),
    );
    return page(
      cloud,
      request,
      clusters.map((cluster) => clusterBody(cloud, cluster)),
    );
  },
  actions: {
    start: (cloud, request) => switchPower(cloud, request, "Running"),
    stop: (cloud, request) => switchPower(cloud, request, "Stopped"),
    abort: (cloud, request) => {
      const cluster = readCluster(cloud, idOf(request.path, clusterType));
      return abortLatestOperation(cloud, request, { resourceId: cluster.id, lockId: cluster.id });
    },
    listclusterusercredential: (cloud, request) => listCredential(cloud, request, "user"),
    listclusteradmincredential: (cloud, request) => listCredential(cloud, request, "admin"),
  },
};

function deleteCluster(cloud: Cloud, request: ArmRequest): ArmAnswer {
  const id = idOf(request.path, clusterType);
  const cluster = findCluster(cloud, id);
  if (cluster === undefined) {
    if (request.headers["if-match"] !== undefined) throw notFound(id);
    return { status: 204 };
  }
  checkPreconditions(request, cluster.etag);
  checkClusterIsFree(cloud, cluster.id);
  saveProperties(cloud, cluster, { provisioningState: "Deleting" });
  const operation = startOperation(cloud, request, {
    resourceId: cluster.id,
    lockId: cluster.id,
    location: cluster.location ?? "",
    name: `${clusterType}/delete`,
    title: "delete managed cluster",
    steps: [{ kind: "remove", afterSeconds: cloud.durations.deleteSeconds }],
  });
  return acceptedAnswer(cloud, operation, { status: 202 });
}
