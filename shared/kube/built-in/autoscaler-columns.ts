import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { fromAutoscalerV1 } from "./autoscaler-v1.ts";
import { textColumn } from "./core-columns.ts";
import { ageColumn, countColumn, pathColumn } from "./workload-columns.ts";

/** Columns of autoscalers, of either version, as kubectl prints them of a kube-apiserver 1.34. */
export const autoscalerColumns: readonly PrinterColumn[] = [
  textColumn("Reference", (object) => {
    const { kind, name } = objectOf(at(object, "spec", "scaleTargetRef"));
    return `${textOf(kind) ?? ""}/${textOf(name) ?? ""}`;
  }),
  textColumn("Targets", targets),
  textColumn("MinPods", (object) => {
    const fewest = at(object, "spec", "minReplicas");
    return typeof fewest === "number" ? printed(fewest) : "<unset>";
  }),
  pathColumn("MaxPods", ".spec.maxReplicas", { type: "integer" }),
  countColumn("Replicas", "status", "currentReplicas"),
  ageColumn,
];

const shownMax = 2;

/** "cpu: <unknown>/80%", "cpu: 12%/80%, memory: 1Gi/2Gi + 1 more..." */
function targets(object: KubeObject): string {
  const isFirst = object.apiVersion.endsWith("/v1");
  const stored = isFirst ? fromAutoscalerV1(object) : object;
  const metrics = arrayOf(at(stored, "spec", "metrics"));
  if (metrics.length === 0) return "<none>";
  const current = arrayOf(at(stored, "status", "currentMetrics"));
  const texts = metrics.map((metric, index) => targetText(objectOf(metric), current[index]));
  const more = texts.length > shownMax ? ` + ${texts.length - shownMax} more...` : "";
  return `${texts.slice(0, shownMax).join(", ")}${more}`;
}

function targetText(metric: JsonObject, current: Json | undefined): string {
  const type = textOf(metric["type"]) ?? "";
  const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const source = objectOf(metric[field]);
  const target = objectOf(source["target"]);
  const seen = objectOf(at(current, field, "current"));
  const name = textOf(source["name"]);
  const percent = target["averageUtilization"];
  const used = seen["averageUtilization"];
  if (percent !== undefined) {
    const share = used === undefined ? "<unknown>" : `${printed(used)}%`;
    return `${name ?? ""}: ${share}/${printed(percent)}%`;
  }
  const wanted = target["averageValue"] ?? target["value"] ?? "<auto>";
  const is = seen["averageValue"] ?? seen["value"] ?? "<unknown>";
  const average = target["averageValue"] === undefined ? "" : name === undefined ? " (avg)" : "";
  const text = `${printed(is)}/${printed(wanted)}${average}`;
  return name === undefined ? text : `${name}: ${text}`;
}
