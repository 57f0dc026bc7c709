import { at, objectOf } from "../../../shared/kube/json.ts";
import { type Document, keyOf } from "../../../shared/lib/document.ts";
import { numbersOf } from "./life/numbers-of.ts";
import { type LiveBody, labelsAt, numberAt } from "./life/rule.ts";
import { type OnNodes, type Pod, podOf } from "./pod-of.ts";

/** A larger workload shows so many of its pods. */
const podsPerWorkloadMax = 100;

const ownerKinds: Readonly<Record<string, string>> = {
  "apps/daemonsets": "DaemonSet",
  "apps/deployments": "Deployment",
  "apps/replicasets": "ReplicaSet",
  "apps/statefulsets": "StatefulSet",
};

/** As many pods of a workload as its status tells, on the nodes of its cluster. */
export function workloadPods(
  workload: Document<LiveBody>,
  { fleet, nodes }: OnNodes,
): readonly Pod[] {
  const { key, body, uid, createdAt } = workload;
  if (body.metadata.deletionTimestamp !== undefined) return [];
  const isDaemonSet = key.kind === "apps/daemonsets";
  const ready = numberAt(body.status, isDaemonSet ? "numberAvailable" : "availableReplicas", 0);
  const all = numberAt(body.status, isDaemonSet ? "desiredNumberScheduled" : "replicas", 0);
  const [first, ...more] = numbersOf(uid);
  // Only a StatefulSet's pods are called after it alone.
  const isNumbered = key.kind === "apps/statefulsets";
  const prefix = isNumbered ? key.name : [key.name, ...more].join("-");
  return Array.from({ length: Math.min(Math.max(all, ready), podsPerWorkloadMax) }, (_, index) => {
    const node = nodes[(first + index) % Math.max(1, nodes.length)];
    return podOf({
      key: keyOf<LiveBody>("pods", fleet, `${prefix}-${index}`, key.namespace),
      labels: labelsAt(body.spec, "template", "metadata", "labels"),
      spec: {
        ...objectOf(at(body.spec, "template", "spec")),
        ...(node !== undefined && { nodeName: node.key.name }),
      },
      owner: { apiVersion: "apps/v1", kind: ownerKinds[key.kind] ?? "", name: key.name, uid },
      startedAt: createdAt,
      isReady: index < ready,
    });
  });
}
