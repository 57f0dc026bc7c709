import type { KubeApi } from "../kube-api.ts";
import { documentKind } from "../served-kind.ts";
import { createMissing } from "./create-missing.ts";

const classes = [
  {
    name: "system-cluster-critical",
    value: 2_000_000_000,
    description:
      "Used for system critical pods that must run in the cluster, but can be moved to another " +
      "node if necessary.",
  },
  {
    name: "system-node-critical",
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
] as const;

const preemptionPolicy = "PreemptLowerPriority";

/**
 * Makes the PriorityClasses that each cluster has from the start where they are missing.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export async function ensurePriorityClasses(api: Pick<KubeApi, "store" | "fleet">): Promise<void> {
  const kind = documentKind("scheduling.k8s.io", "priorityclasses");
  const wanted = classes.map(({ name, ...content }) => ({
    key: { fleet: api.fleet, kind, name },
    body: { metadata: {}, ...content, preemptionPolicy },
  }));
  await createMissing(api, wanted);
}
