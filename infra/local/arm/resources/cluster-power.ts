import { acceptedAnswer, checkClusterIsFree, startOperation } from "../accept.ts";
import type { Cloud } from "../cloud.ts";
import { idOf } from "../path.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import { clusterType, readCluster, saveProperties } from "./cluster-model.ts";

/** Starts or stops a cluster with all its pools; one that is there already is done soon. */
export function switchPower(
  cloud: Cloud,
  request: ArmRequest,
  code: "Running" | "Stopped",
): ArmAnswer {
  const cluster = readCluster(cloud, idOf(request.path, clusterType));
  checkClusterIsFree(cloud, cluster.id);
  const isThere = cluster.properties.powerState.code === code;
  const verb = code === "Running" ? "start" : "stop";
  saveProperties(cloud, cluster, {
    provisioningState: code === "Running" ? "Starting" : "Stopping",
  });
  const operation = startOperation(cloud, request, {
    resourceId: cluster.id,
    lockId: cluster.id,
    location: cluster.location ?? "",
    name: `${clusterType}/${verb}/action`,
    title: `${verb} managed cluster`,
    steps: [{ kind: "power", code, afterSeconds: isThere ? 1 : cloud.durations.powerSeconds }],
  });
  return acceptedAnswer(cloud, operation, { status: 202 });
}
