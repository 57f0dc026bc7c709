import { arrayOf, at, isObject, jsonEquals, objectOf } from "../../../shared/kube/json.ts";
import { ownerRef } from "../../../shared/kube/rest/commit.ts";
import {
  type Document,
  type FleetId,
  type Key,
  keyOf,
  keyText,
  type Write,
} from "../../../shared/lib/document.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { numbersOf } from "./life/numbers-of.ts";
import { type LiveBody, labelsAt, numberAt } from "./life/rule.ts";

/** What AKS runs on each node, with what it asks for. */
const onEachNode = [
  ["azure-cns", "40m", "250Mi"],
  ["azure-ip-masq-agent", "100m", "50Mi"],
  ["cloud-node-manager", "50m", "50Mi"],
  ["csi-azuredisk-node", "30m", "60Mi"],
  ["csi-azurefile-node", "30m", "60Mi"],
  ["kube-proxy", "100m", "0"],
] as const;

/** What AKS runs twice in a cluster. */
const twice = [
  ["coredns", "100m", "70Mi"],
  ["konnectivity-agent", "20m", "20Mi"],
  ["metrics-server", "150m", "100Mi"],
] as const;

/** A larger workload shows so many of its pods. */
const podsPerWorkloadMax = 100;

export interface PodsOf {
  readonly fleet: FleetId;
  readonly nodes: readonly Document<LiveBody>[];
  readonly workloads: readonly Document<LiveBody>[];
  /** The pods that are there. */
  readonly there: readonly Document<LiveBody>[];
}

interface Pod {
  readonly key: Key<LiveBody>;
  readonly body: LiveBody;
  readonly refs: readonly string[];
}

/**
 * What makes the Pod objects those of the cluster: AKS's own on its nodes, and as many of each
 * workload as its status tells. Pods that nothing owns are somebody's, and are left alone.
 */
export function podWrites(cluster: PodsOf): readonly Write[] {
  const pods = [...systemPods(cluster), ...cluster.workloads.flatMap((it) => podsOf(it, cluster))];
  const there = new Map(cluster.there.map((document) => [keyText(document.key), document]));
  const writes = pods.flatMap((pod): readonly Write[] => {
    const document = there.get(keyText(pod.key));
    if (document === undefined) return [{ kind: "create", ...pod }];
    if (!hasOwner(document)) return [];
    const isSame = jsonEquals(asJson(document.body), asJson(pod.body));
    return isSame ? [] : [{ kind: "replace", document, ...pod }];
  });
  const wanted = new Set(pods.map(({ key }) => keyText(key)));
  const gone = cluster.there.filter(
    (document) => hasOwner(document) && !wanted.has(keyText(document.key)),
  );
  return [...writes, ...gone.map((document): Write => ({ kind: "delete", document }))];
}

function hasOwner({ body }: Document<LiveBody>): boolean {
  return (body.metadata.ownerReferences ?? []).length > 0;
}

function systemPods({ fleet, nodes }: PodsOf): readonly Pod[] {
  const all = nodes.flatMap((node) =>
    onEachNode.map(([app, cpu, memory]) => ({ app, cpu, memory, node })),
  );
  const some = nodes
    .slice(0, 2)
    .flatMap((node) => twice.map(([app, cpu, memory]) => ({ app, cpu, memory, node })));
  return [...all, ...some].map(({ app, cpu, memory, node }) => {
    const container = {
      name: app,
      image: `mcr.microsoft.com/aks/${app}`,
      resources: { requests: { cpu, memory } },
    };
    return podOf({
      key: keyOf<LiveBody>("pods", fleet, `${app}-${node.key.name}`, "kube-system"),
      labels: { "k8s-app": app },
      spec: { containers: [container], nodeName: node.key.name },
      owner: { apiVersion: "v1", kind: "Node", name: node.key.name, uid: node.uid },
      startedAt: node.createdAt,
      isReady: true,
    });
  });
}

const ownerKinds: Readonly<Record<string, string>> = {
  "apps/daemonsets": "DaemonSet",
  "apps/deployments": "Deployment",
  "apps/replicasets": "ReplicaSet",
  "apps/statefulsets": "StatefulSet",
};

function podsOf(workload: Document<LiveBody>, { fleet, nodes }: PodsOf): readonly Pod[] {
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

interface PodFrom {
  readonly key: Key<LiveBody>;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  readonly owner: JsonObject & { readonly uid: string };
  readonly startedAt: string;
  readonly isReady: boolean;
}

function podOf({ key, labels, spec, owner, startedAt, isReady }: PodFrom): Pod {
  const containerStatuses = arrayOf(spec["containers"])
    .filter(isObject)
    .map(({ name, image }) => ({ name, image, ready: isReady, restartCount: 0 }));
  const ready = {
    type: "Ready",
    status: isReady ? "True" : "False",
    lastTransitionTime: startedAt,
  };
  const status = {
    phase: isReady ? "Running" : "Pending",
    startTime: startedAt,
    conditions: [ready],
    containerStatuses,
  };
  const metadata = { labels, ownerReferences: [{ ...owner, controller: true }] };
  return { key, body: { metadata, spec, status }, refs: [ownerRef(owner.uid)] };
}

function asJson(body: LiveBody): JsonObject {
  return body as unknown as JsonObject;
}
