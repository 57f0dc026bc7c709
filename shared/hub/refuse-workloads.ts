import type { Admission } from "../kube/admission.ts";
import { forbidden, resourceName } from "../kube/status-error.ts";

/** What only a cluster's own controllers make: on a hub nothing would ever come of them. */
const madeByControllers: readonly string[] = ["pods", "apps/replicasets"];

/** Namespaces of the system, in which tools may keep what they need. */
const reserved = /^(kube|fleet)-/;

/**
 * A hub runs no workloads: Pods and ReplicaSets are refused outside of reserved namespaces, as the
 * hub of Azure Kubernetes Fleet Manager does. What makes them elsewhere (a Deployment) is a
 * template like any other.
 */
export const refuseWorkloads: Admission = ({ operation, kind, namespace = "", name }) => {
  if (operation !== "create" || !madeByControllers.includes(kind.documents)) return;
  if (reserved.test(namespace)) return;
  throw forbidden(
    `${resourceName(kind)} "${name}" is forbidden: a hub runs no workloads: create a Deployment, ` +
      "a Job or another kind that a placement can take to clusters",
    { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural },
  );
};
