import { arrayOf, at, jsonEquals, objectOf, textOf } from "../../../../shared/kube/json.ts";
import type { Document, Write } from "../../../../shared/lib/document.ts";
import {
  type Condition,
  type JsonObject,
  withCondition,
} from "../../../../shared/lib/kube-object.ts";
import { type ClusterView, type LiveBody, numberAt, type Rule } from "./rule.ts";

/** Set to "true" on a workload, its pods never become ready: a fault on demand. */
const unavailableAnnotation = "hubless.local/unavailable";

/** Pods of an image with this tag never start, as if the image could not be pulled. */
const brokenTag = /:broken$/;

const kinds = ["apps/deployments", "apps/replicasets", "apps/statefulsets", "apps/daemonsets"];

/** So many nodes run a pod of each DaemonSet. */
const nodesOfDaemonSet = 3;

/** Controllers see a change soon after it was made, and pods that have to go go at once. */
export const workloadsSeen: Rule = {
  kinds,
  afterSeconds: 2,
  next: async (changed, view) => {
    const document = await current(changed, view);
    if (document === undefined) return [];
    const { body, generation } = document;
    const isSeen = numberAt(body.status, "observedGeneration", 0) === generation;
    const fault = faultOf(document, view);
    if (fault === "down")
      return statusWrite(document, { ready: 0, updated: wanted(document) }, view);
    if (isSeen) return [];
    const ready = Math.min(readyNow(document), wanted(document));
    return statusWrite(document, { ready, updated: 0 }, view);
  },
};

/** Pods start, some time after they were asked for. */
export const workloadsReady: Rule = {
  kinds,
  afterSeconds: 45,
  next: async (changed, view) => {
    const document = await current(changed, view);
    if (document === undefined || faultOf(document, view) !== "none") return [];
    return statusWrite(document, { ready: wanted(document), updated: wanted(document) }, view);
  },
};

async function current(
  { key, uid }: Document<LiveBody>,
  view: ClusterView,
): Promise<Document<LiveBody> | undefined> {
  const document = await view.read(key.kind, key.name, key.namespace);
  return document?.uid === uid ? document : undefined;
}

/** "down": no pod runs. "broken": new pods do not start, those of before run on. */
function faultOf({ body, key }: Document<LiveBody>, view: ClusterView): "none" | "down" | "broken" {
  const isMarked = body.metadata.annotations?.[unavailableAnnotation] === "true";
  if (isMarked || view.isDown(key.namespace ?? "", key.name)) return "down";
  const containers = arrayOf(at(body.spec, "template", "spec", "containers"));
  const images = containers.map((container) => textOf(objectOf(container)["image"]) ?? "");
  return images.some((image) => brokenTag.test(image)) ? "broken" : "none";
}

function wanted({ body, key }: Document<LiveBody>): number {
  return key.kind === "apps/daemonsets" ? nodesOfDaemonSet : numberAt(body.spec, "replicas", 1);
}

function readyNow({ body, key }: Document<LiveBody>): number {
  const field = key.kind === "apps/daemonsets" ? "numberAvailable" : "availableReplicas";
  return numberAt(body.status, field, 0);
}

interface Pods {
  readonly ready: number;
  /** Of the newest template. */
  readonly updated: number;
}

function statusWrite(
  document: Document<LiveBody>,
  pods: Pods,
  view: ClusterView,
): readonly Write[] {
  const status = statusOf(document, pods, view);
  if (jsonEquals(document.body.status ?? {}, status)) return [];
  return [{ kind: "replace", document, body: { ...document.body, status } }];
}

function statusOf(document: Document<LiveBody>, pods: Pods, view: ClusterView): JsonObject {
  const { generation, key } = document;
  const replicas = wanted(document);
  const missing = replicas - pods.ready;
  const common = {
    observedGeneration: generation,
    replicas,
    ...(pods.ready > 0 && { readyReplicas: pods.ready, availableReplicas: pods.ready }),
  };
  switch (key.kind) {
    case "apps/daemonsets":
      return {
        observedGeneration: generation,
        currentNumberScheduled: replicas,
        desiredNumberScheduled: replicas,
        numberMisscheduled: 0,
        numberReady: pods.ready,
        ...(pods.ready > 0 && { numberAvailable: pods.ready }),
        ...(missing > 0 && { numberUnavailable: missing }),
        ...(pods.updated > 0 && { updatedNumberScheduled: pods.updated }),
      };
    case "apps/statefulsets": {
      const isCurrent = pods.updated === replicas;
      return {
        ...common,
        availableReplicas: pods.ready,
        currentReplicas: isCurrent ? replicas : 0,
        updatedReplicas: pods.updated,
        currentRevision: `${key.name}-${isCurrent ? generation : generation - 1}`,
        updateRevision: `${key.name}-${generation}`,
      };
    }
    case "apps/replicasets":
      return common;
    default:
      return {
        ...common,
        ...(pods.updated > 0 && { updatedReplicas: pods.updated }),
        ...(missing > 0 && { unavailableReplicas: missing }),
        conditions: conditionsOf(document, pods, view) as unknown as JsonObject[],
      };
  }
}

/** What `kubectl rollout status` and `kubectl wait` read of a Deployment. */
function conditionsOf(
  document: Document<LiveBody>,
  { ready, updated }: Pods,
  view: ClusterView,
): readonly Condition[] {
  const replicas = wanted(document);
  const now = view.api().clock.now();
  const before = arrayOf(document.body.status?.["conditions"]) as unknown as readonly Condition[];
  const isDone = updated === replicas && ready === replicas;
  // A quarter of the pods may be missing, as Deployments have it when they say nothing else.
  const isAvailable = ready >= replicas - Math.floor(replicas / 4);
  const available = withCondition(
    before,
    {
      type: "Available",
      status: isAvailable ? "True" : "False",
      reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: `Deployment ${isAvailable ? "has" : "does not have"} minimum availability.`,
    },
    now,
  );
  return withCondition(
    available,
    {
      type: "Progressing",
      status: "True",
      reason: isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
      message: isDone ? "The newest pods are available." : "The newest pods are starting.",
    },
    now,
  );
}
