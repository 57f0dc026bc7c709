import { emitDone } from "../accept.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { idOf } from "../path.ts";
import type { ArmAnswer, ArmRequest } from "../request.ts";
import { clusterType, readCluster } from "./cluster-model.ts";

const formats = ["exec", "azure"];

/** The kubeconfig of a cluster; a stopped one has one too, which then leads nowhere. */
export async function listCredential(
  cloud: Cloud,
  request: ArmRequest,
  role: "user" | "admin",
): Promise<ArmAnswer> {
  const cluster = readCluster(cloud, idOf(request.path, clusterType));
  const format = request.url.searchParams.get("format")?.toLowerCase();
  if (format !== undefined && !formats.includes(format)) {
    throw badRequest("InvalidParameter", `Format '${format}' must be exec or azure.`, "format");
  }
  if (role === "admin" && cluster.properties["disableLocalAccounts"] === true) {
    throw badRequest(
      "BadRequest",
      "Getting static credential is not allowed because this cluster is set to disable local " +
        "accounts.",
    );
  }
  const kubeconfig = await cloud.kubeconfig({ clusterId: cluster.id, role, format });
  if (kubeconfig === undefined) {
    throw new ArmError(409, {
      code: "OperationNotAllowed",
      message: `Managed cluster ${cluster.name} has no credentials yet.`,
    });
  }
  const action = role === "user" ? "listClusterUserCredential" : "listClusterAdminCredential";
  emitDone(cloud, request, { resourceId: cluster.id, name: `${clusterType}/${action}/action` });
  const value = Buffer.from(kubeconfig, "utf8").toString("base64");
  return {
    status: 200,
    body: { kubeconfigs: [{ name: role === "user" ? "clusterUser" : "clusterAdmin", value }] },
  };
}
