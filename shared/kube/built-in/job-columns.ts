import type { Instant } from "../../lib/instant.ts";
import { arrayOf, at, isString, objectOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageOf, humanDuration } from "../table/age.ts";
import { ageColumn, countAt, textColumn, wide } from "./basic-columns.ts";
import { selectorText } from "./selector-texts.ts";
import { containerColumns } from "./workload-columns.ts";

/** Columns of a Job, as a kube-apiserver 1.34 has them. */
export const jobColumns: readonly PrinterColumn[] = [
  textColumn("Status", statusText, { description: "Status of the job." }),
  textColumn("Completions", completionsText),
  {
    name: "Duration",
    type: "string",
    description: "Time required to complete the job.",
    cell: durationText,
  },
  ageColumn,
  ...containerColumns(["spec", "template", "spec"]),
  textColumn("Selector", (object) => selectorText(at(object, "spec", "selector")), wide),
];

function statusText(job: KubeObject): string {
  const isTrue = (type: string): boolean =>
    arrayOf(at(job, "status", "conditions"))
      .map(objectOf)
      .find((condition) => condition["type"] === type)?.["status"] === "True";
  if (isTrue("Complete")) return "Complete";
  if (isTrue("Failed")) return "Failed";
  if (job.metadata["deletionTimestamp"] !== undefined) return "Terminating";
  if (isTrue("Suspended")) return "Suspended";
  return isTrue("FailureTarget") ? "FailureTarget" : "Running";
}

/** "0/3"; "0/1 of 4" for a work queue, of which one pod that is done is enough. */
function completionsText(job: KubeObject): string {
  const done = countAt(job, "status", "succeeded");
  const wanted = at(job, "spec", "completions");
  if (typeof wanted === "number") return `${done}/${wanted}`;
  const atOnce = countAt(job, "spec", "parallelism");
  return atOnce > 1 ? `${done}/1 of ${atOnce}` : `${done}/1`;
}

function durationText(job: KubeObject, now: Instant): string {
  const start = at(job, "status", "startTime") ?? null;
  if (start === null) return "";
  const end = at(job, "status", "completionTime");
  if (!isString(end) || !isString(start)) return ageOf(start, now);
  return humanDuration(Date.parse(end) - Date.parse(start));
}
