import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import type { ServedKind } from "../../../shared/kube/served-kind.ts";
import { preparedService, serviceErrors } from "./service-rules.ts";
import { preparedWorkload, workloadErrors } from "./workload-rules.ts";

/**
 * Kubernetes' own kinds as a cluster serves them that runs what is applied: with the defaults that
 * a kube-apiserver sets and the refusals that people meet most. The hub keeps templates as they
 * are, so drift and refusals can only be seen here.
 */
export function memberKinds(): readonly ServedKind[] {
  return builtInKinds().map((kind) => {
    if (kind.group === "" && kind.kind === "Service") {
      return { ...kind, prepare: preparedService, validate: serviceErrors };
    }
    return workloadPlurals.has(`${kind.group}/${kind.plural}`)
      ? { ...kind, prepare: preparedWorkload, validate: workloadErrors }
      : kind;
  });
}

const workloadPlurals: ReadonlySet<string> = new Set([
  "apps/daemonsets",
  "apps/deployments",
  "apps/replicasets",
  "apps/statefulsets",
]);
