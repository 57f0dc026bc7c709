import type { Document, Write } from "../../../../shared/lib/document.ts";
import { isEqual } from "../../../../shared/lib/equal.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { type LiveBody, numberAt, type Rule } from "./rule.ts";

/** Set on a workload, its pods never become ready: a fault on demand. */
const unavailableAnnotation = "hubless.local/unavailable";

/** A Deployment's and a StatefulSet's pods start, some time after they were asked for. */
export const workloads: Rule = {
  kinds: ["apps/deployments", "apps/statefulsets"],
  afterSeconds: 45,
  next: async (changed, view) => {
    const { kind, name, namespace } = changed.key;
    const document = await view.read(kind, name, namespace);
    if (document === undefined) return [];
    return statusWrite(document, statusOf(document));
  },
};

/** What the status of an object is, when it is not that already. */
export function statusWrite(
  document: Document<LiveBody>,
  status: JsonObject,
): readonly Write<LiveBody>[] {
  if (isEqual(document.body.status, status)) return [];
  return [{ kind: "replace", document, body: { ...document.body, status } }];
}

function statusOf({ body, generation, key }: Document<LiveBody>): JsonObject {
  const replicas = numberAt(body.spec, "replicas", 1);
  const isDown = body.metadata.annotations?.[unavailableAnnotation] === "true";
  const ready = isDown ? 0 : replicas;
  const common = {
    observedGeneration: generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  if (key.kind === "apps/statefulsets") {
    return { ...common, currentReplicas: replicas, currentRevision: "1", updateRevision: "1" };
  }
  return {
    ...common,
    ...(replicas > ready && { unavailableReplicas: replicas - ready }),
    conditions: [
      condition("Available", ready >= replicas, "MinimumReplicasAvailable"),
      condition("Progressing", true, "NewReplicaSetAvailable"),
    ],
  };
}

const condition = (type: string, holds: boolean, reason: string): JsonObject => ({
  type,
  status: holds ? "True" : "False",
  reason: holds ? reason : "MinimumReplicasUnavailable",
  message: holds ? "" : "Deployment does not have minimum availability.",
});
