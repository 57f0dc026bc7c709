import type { ScalePaths } from "../served-kind.ts";

/** Of what makes so many Pods: Deployments and the like. */
export const replicasScale: ScalePaths = {
  specReplicas: ["spec", "replicas"],
  defaultReplicas: 1,
  statusReplicas: ["status", "replicas"],
  selector: ["spec", "selector"],
};
