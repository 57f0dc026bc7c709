import { invalidValue, requiredValue } from "../../../shared/kube/field-errors.ts";
import { arrayOf, at, isObject, jsonEquals, objectOf } from "../../../shared/kube/json.ts";
import type { FieldError, KubeObject } from "../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

/** A workload with the defaults that a kube-apiserver gives it. */
export function preparedWorkload(workload: KubeObject): KubeObject {
  const spec = objectOf(workload["spec"]);
  const template = objectOf(spec["template"]);
  const hasReplicas = workload.kind !== "DaemonSet";
  return {
    ...workload,
    spec: {
      ...(hasReplicas && { replicas: 1 }),
      ...defaultsOf(workload.kind),
      ...spec,
      ...(spec["template"] !== undefined && {
        template: { ...template, spec: preparedPod(objectOf(template["spec"])) },
      }),
    },
  };
}

function defaultsOf(kind: string): JsonObject {
  const rolling = { maxSurge: "25%", maxUnavailable: "25%" };
  switch (kind) {
    case "Deployment":
      return {
        strategy: { type: "RollingUpdate", rollingUpdate: rolling },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      };
    case "StatefulSet":
      return {
        podManagementPolicy: "OrderedReady",
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
        revisionHistoryLimit: 10,
      };
    case "DaemonSet":
      return {
        updateStrategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
        },
        revisionHistoryLimit: 10,
      };
    default:
      return {};
  }
}

function preparedPod(pod: JsonObject): JsonObject {
  const containers = (name: string): JsonObject =>
    pod[name] === undefined ? {} : { [name]: arrayOf(pod[name]).map(preparedContainer) };
  return {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
    ...pod,
    ...containers("initContainers"),
    ...containers("containers"),
  };
}

function preparedContainer(value: Json): Json {
  const container = objectOf(value);
  const image = String(container["image"] ?? "");
  const isLatest = !image.includes("@") && /(^[^:]*$|:latest$|\/[^:]*$)/.test(image);
  const ports = arrayOf(container["ports"])
    .filter(isObject)
    .map((port) => ({ ...port, protocol: port["protocol"] ?? "TCP" }));
  return {
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: isLatest ? "Always" : "IfNotPresent",
    ...container,
    ...(ports.length > 0 && { ports }),
  };
}

export function workloadErrors(workload: KubeObject, before?: KubeObject): readonly FieldError[] {
  const containers = arrayOf(at(workload, "spec", "template", "spec", "containers"));
  const path = "spec.template.spec.containers";
  return [
    ...selectorErrors(workload, before),
    ...replicaErrors(at(workload, "spec", "replicas")),
    ...(containers.length === 0 ? [requiredValue(path)] : []),
    ...containers.flatMap((container, index) =>
      ["name", "image"]
        .filter((field) => at(container, field) === undefined)
        .map((field) => requiredValue(`${path}[${index}].${field}`)),
    ),
  ];
}

function replicaErrors(replicas: Json | undefined): readonly FieldError[] {
  if (replicas === undefined || (typeof replicas === "number" && replicas >= 0)) return [];
  return [invalidValue("spec.replicas", replicas, "must be greater than or equal to 0")];
}

function selectorErrors(workload: KubeObject, before?: KubeObject): readonly FieldError[] {
  const selector = at(workload, "spec", "selector");
  if (selector === undefined) return [requiredValue("spec.selector")];
  const labels = objectOf(at(workload, "spec", "template", "metadata", "labels"));
  const wanted = Object.entries(objectOf(at(selector, "matchLabels")));
  const isMatching = wanted.every(([name, value]) => labels[name] === value);
  const mismatch = "`selector` does not match template `labels`";
  const wasOther = before !== undefined && !jsonEquals(at(before, "spec", "selector"), selector);
  return [
    ...(isMatching ? [] : [invalidValue("spec.template.metadata.labels", labels, mismatch)]),
    ...(wasOther ? [invalidValue("spec.selector", selector, "field is immutable")] : []),
  ];
}
