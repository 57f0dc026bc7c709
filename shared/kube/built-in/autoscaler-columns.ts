import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { fromAutoscalerV1 } from "./autoscaler-v1.ts";
import { ageColumn, fieldColumn, textColumn } from "./basic-columns.ts";

/** Columns of autoscalers, of either version, as a kube-apiserver 1.34 has them. */
export const autoscalerColumns: readonly PrinterColumn[] = [
  textColumn("Reference", (object) => {
    const { kind, name } = objectOf(at(object, "spec", "scaleTargetRef"));
    return `${textOf(kind) ?? ""}/${textOf(name) ?? ""}`;
  }),
  textColumn("Targets", targets),
  textColumn("MinPods", (object) => printed(at(object, "spec", "minReplicas") ?? 1)),
  fieldColumn("MaxPods", "spec.maxReplicas", { unset: 0 }),
  fieldColumn("Replicas", "status.currentReplicas", { unset: 0 }),
  ageColumn,
];

const shownMax = 2;

/** "cpu: <unknown>/80%", which is the default; "cpu: 12%/80%, memory: 1Gi/2Gi + 1 more..." */
function targets(object: KubeObject): string {
  const isFirst = object.apiVersion.endsWith("/v1");
  const stored = isFirst ? fromAutoscalerV1(object) : object;
  const metrics = arrayOf(at(stored, "spec", "metrics"));
  const current = arrayOf(at(stored, "status", "currentMetrics"));
  if (metrics.length === 0) return targetText(defaultMetric, current[0]);
  const texts = metrics.map((metric, index) => targetText(objectOf(metric), current[index]));
  const more = texts.length > shownMax ? ` + ${texts.length - shownMax} more...` : "";
  return `${texts.slice(0, shownMax).join(", ")}${more}`;
}

const defaultMetric = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
};

const fields: Readonly<Record<string, string>> = {
  ContainerResource: "containerResource",
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource",
};

function targetText(metric: JsonObject, current: Json | undefined): string {
  const type = textOf(metric["type"]) ?? "";
  const field = Object.hasOwn(fields, type) ? fields[type] : undefined;
  if (field === undefined) return "<unknown type>";
  const source = objectOf(metric[field]);
  const target = objectOf(source["target"]);
  const seen = objectOf(at(current, field, "current"));
  if (type === "Resource" || type === "ContainerResource") {
    return `${textOf(source["name"]) ?? ""}: ${resourceText(target, seen)}`;
  }
  const average = target["averageValue"];
  if (average === undefined && type !== "Pods") {
    return `${seenText(seen["value"])}/${printed(target["value"] ?? 0)}`;
  }
  const text = `${seenText(seen["averageValue"])}/${printed(average ?? 0)}`;
  return type === "Pods" ? text : `${text} (avg)`;
}

function resourceText(target: JsonObject, seen: JsonObject): string {
  const { averageValue, averageUtilization } = target;
  if (averageValue !== undefined)
    return `${seenText(seen["averageValue"])}/${printed(averageValue)}`;
  const wanted = averageUtilization === undefined ? "<auto>" : `${printed(averageUtilization)}%`;
  return `${seenText(seen["averageUtilization"], "%")}/${wanted}`;
}

function seenText(value: Json | undefined, unit = ""): string {
  return value === undefined || value === null ? "<unknown>" : `${printed(value)}${unit}`;
}
