/**
 * Whether an object does its work, from its own status. KubeFleet's rules.
 *
 * @see https://kubefleet.dev/docs/concepts/rollout/
 */
import { arrayOf, objectOf } from "../../kube/json.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import type { Availability } from "../../rollout/model.ts";

export interface AvailabilitySeen {
  readonly availability: Availability;
  /** What is waited for, or that nothing is. */
  readonly message: string;
}

export function availabilityOf(group: string, kind: string, object: JsonObject): AvailabilitySeen {
  const rule = rules[`${group}/${kind}`];
  if (rule === undefined) {
    return isPlain.has(`${group}/${kind}`) ? available : notTrackable;
  }
  return rule(object);
}

const available: AvailabilitySeen = { availability: "available", message: "is available" };
const notTrackable: AvailabilitySeen = {
  availability: "not-trackable",
  message: "cannot tell whether it is available",
};
const waitsFor = (message: string): AvailabilitySeen => ({ availability: "not-yet", message });

/** Kinds that do their work by being there. */
const isPlain = new Set([
  "/Namespace",
  "/Secret",
  "/ConfigMap",
  "/ServiceAccount",
  "/LimitRange",
  "/ResourceQuota",
  "rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/RoleBinding",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "networking.k8s.io/NetworkPolicy",
  "networking.k8s.io/IngressClass",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/CSIStorageCapacity",
  "scheduling.k8s.io/PriorityClass",
  "apps/ControllerRevision",
  // What becomes of an export shows in the fleet's ServiceImport, not in the object.
  "networking.fleet.azure.com/ServiceExport",
]);

type Rule = (object: JsonObject) => AvailabilitySeen;

const rules: Readonly<Record<string, Rule>> = {
  "apps/Deployment": whenObserved(({ spec, status }) => {
    const wanted = numberOf(spec["replicas"], 1);
    const ready = numberOf(status["availableReplicas"]);
    const updated = numberOf(status["updatedReplicas"]);
    const isDone =
      ready === wanted && updated === wanted && numberOf(status["unavailableReplicas"]) === 0;
    return isDone ? available : waitsFor(`${ready} of ${wanted} replicas are available`);
  }),
  "apps/StatefulSet": whenObserved(({ spec, status }) => {
    const wanted = numberOf(spec["replicas"], 1);
    const ready = numberOf(status["availableReplicas"]);
    const isUpdated =
      numberOf(status["currentReplicas"]) === numberOf(status["updatedReplicas"]) &&
      status["currentRevision"] === status["updateRevision"];
    return ready === wanted && isUpdated
      ? available
      : waitsFor(`${ready} of ${wanted} replicas are available`);
  }),
  "apps/DaemonSet": whenObserved(({ status }) => {
    const wanted = numberOf(status["desiredNumberScheduled"]);
    const ready = numberOf(status["numberAvailable"]);
    const isUpdated =
      numberOf(status["currentNumberScheduled"]) === numberOf(status["updatedNumberScheduled"]);
    return ready === wanted && isUpdated
      ? available
      : waitsFor(`${ready} of ${wanted} pods are available`);
  }),
  "/Service": ({ spec, status }) => {
    const { type = "ClusterIP", clusterIP } = objectOf(spec);
    if (type === "ExternalName") return notTrackable;
    if (type !== "LoadBalancer") {
      return typeof clusterIP === "string" && clusterIP !== ""
        ? available
        : waitsFor("it has no cluster address yet");
    }
    const { ingress } = objectOf(objectOf(status)["loadBalancer"]);
    return arrayOf(ingress).length > 0
      ? available
      : waitsFor("its load balancer has no address yet");
  },
  "apiextensions.k8s.io/CustomResourceDefinition": ({ status }) =>
    ["Established", "NamesAccepted"].every((type) => statusOf(status, type) === "True")
      ? available
      : waitsFor("it is not established yet"),
  "policy/PodDisruptionBudget": whenObserved(({ status }) => {
    const isAllowed = statusOf(status, "DisruptionAllowed") === "True";
    return isAllowed === numberOf(status["disruptionsAllowed"]) > 0
      ? available
      : waitsFor("its status is not settled yet");
  }),
};

/** Of an object whose controller reports the generation that it has seen. */
function whenObserved(
  rule: (object: { readonly spec: JsonObject; readonly status: JsonObject }) => AvailabilitySeen,
): Rule {
  return ({ metadata, spec, status }) => {
    const { generation } = objectOf(metadata);
    const { observedGeneration } = objectOf(status);
    return generation === observedGeneration
      ? rule({ spec: objectOf(spec), status: objectOf(status) })
      : waitsFor("its controller has not seen it yet");
  };
}

const numberOf = (value: Json | undefined, otherwise = 0): number =>
  typeof value === "number" ? value : otherwise;

function statusOf(status: Json | undefined, type: string): Json | undefined {
  const found = arrayOf(objectOf(status)["conditions"])
    .map(objectOf)
    .find((each) => each["type"] === type);
  return found?.["status"];
}
