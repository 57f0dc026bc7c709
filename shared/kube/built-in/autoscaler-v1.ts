import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, isString, objectOf, omit } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";

/**
 * `autoscaling/v1`, which knows one metric: the use of CPU in percent. What only v2 can say is
 * carried in annotations, as upstream does, so that a client of v1 that reads and writes an object
 * loses nothing. The annotations hold v2's JSON.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
 */
const carried = [
  { path: ["spec", "metrics"], annotation: "autoscaling.alpha.kubernetes.io/metrics" },
  { path: ["spec", "behavior"], annotation: "autoscaling.alpha.kubernetes.io/behavior" },
  { path: ["status", "conditions"], annotation: "autoscaling.alpha.kubernetes.io/conditions" },
  {
    path: ["status", "currentMetrics"],
    annotation: "autoscaling.alpha.kubernetes.io/current-metrics",
  },
] as const;

/** A HorizontalPodAutoscaler of autoscaling/v2 in the form of v1. */
export function toAutoscalerV1(object: KubeObject): KubeObject {
  const spec = objectOf(object["spec"]);
  const status = objectOf(object["status"]);
  const metrics = arrayOf(spec["metrics"]);
  const cpu = metrics.find((metric) => at(metric, ...targetPath) !== undefined && isCpu(metric));
  const others = metrics.filter((metric) => metric !== cpu);
  const current = arrayOf(status["currentMetrics"]);
  const used = current.find((metric) => isCpu(metric));
  const kept = {
    metrics: others.length > 0 ? others : undefined,
    behavior: spec["behavior"],
    conditions: status["conditions"],
    currentMetrics: current.length > 0 ? current : undefined,
  };
  const annotations = carried.flatMap(({ path, annotation }): [string, string][] => {
    const value = kept[path[1]];
    return value === undefined ? [] : [[annotation, JSON.stringify(value)]];
  });
  const target = at(cpu, ...targetPath);
  const percent = at(used, "resource", "current", "averageUtilization");
  return {
    ...object,
    metadata: withAnnotations(object.metadata, annotations),
    ...(isObject(object["spec"]) && {
      spec: {
        ...omit(spec, ["metrics", "behavior"]),
        ...(target !== undefined && { targetCPUUtilizationPercentage: target }),
      },
    }),
    ...(isObject(object["status"]) && {
      status: {
        ...omit(status, ["currentMetrics", "conditions"]),
        ...(percent !== undefined && { currentCPUUtilizationPercentage: percent }),
      },
    }),
  };
}

const targetPath = ["resource", "target", "averageUtilization"] as const;

function isCpu(metric: Json): boolean {
  return at(metric, "type") === "Resource" && at(metric, "resource", "name") === "cpu";
}

/** A HorizontalPodAutoscaler of autoscaling/v1 in the form of v2. */
export function fromAutoscalerV1(object: KubeObject): KubeObject {
  const annotations = objectOf(object.metadata["annotations"]);
  const [metrics, behavior, conditions, currentMetrics] = carried.map(({ annotation }) =>
    parsed(annotations[annotation]),
  );
  const { targetCPUUtilizationPercentage: target, ...spec } = objectOf(object["spec"]);
  const { currentCPUUtilizationPercentage: _, ...status } = objectOf(object["status"]);
  const all = [...(target === undefined ? [] : [cpuMetric(target)]), ...arrayOf(metrics)];
  const names = carried.map(({ annotation }): string => annotation);
  const rest = omit(annotations, names);
  return {
    ...object,
    metadata: {
      ...omit(object.metadata, ["annotations"]),
      ...(Object.keys(rest).length > 0 && { annotations: rest }),
    },
    ...(isObject(object["spec"]) && {
      spec: {
        ...spec,
        ...(all.length > 0 && { metrics: all }),
        ...(behavior !== undefined && { behavior }),
      },
    }),
    ...(isObject(object["status"]) && {
      status: {
        ...status,
        ...(conditions !== undefined && { conditions }),
        ...(currentMetrics !== undefined && { currentMetrics }),
      },
    }),
  };
}

function cpuMetric(averageUtilization: Json): JsonObject {
  const target = { type: "Utilization", averageUtilization };
  return { type: "Resource", resource: { name: "cpu", target } };
}

function withAnnotations(metadata: JsonObject, more: readonly [string, string][]): JsonObject {
  if (more.length === 0) return metadata;
  const annotations = { ...objectOf(metadata["annotations"]), ...Object.fromEntries(more) };
  return { ...metadata, annotations };
}

/** Undefined for what is no JSON: somebody else's annotation. */
function parsed(text: Json | undefined): Json | undefined {
  if (!isString(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
