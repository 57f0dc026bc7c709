import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";

/** Columns of workloads, as kubectl prints them of a kube-apiserver 1.34. */

export function pathColumn(
  name: string,
  jsonPath: string,
  options: { readonly type?: PrinterColumn["type"]; readonly priority?: number } = {},
): PrinterColumn {
  return { name, type: "string", jsonPath, ...options };
}

export const ageColumn: PrinterColumn = pathColumn("Age", ".metadata.creationTimestamp", {
  type: "date",
});

export function countAt(object: KubeObject, ...path: readonly string[]): number {
  const value = at(object, ...path);
  return typeof value === "number" ? value : 0;
}

export function countColumn(name: string, ...path: readonly string[]): PrinterColumn {
  return { name, type: "integer", cell: (object) => countAt(object, ...path) };
}

/** `{"matchLabels":{"app":"web"}}` or `{"app":"web"}` → "app=web". */
export function selectorText(selector: Json | undefined): string {
  const object = objectOf(selector);
  const labels = isObject(object["matchLabels"]) ? object["matchLabels"] : object;
  const text = Object.entries(labels)
    .filter(([, value]) => typeof value === "string")
    .map(([name, value]) => `${name}=${printed(value)}`)
    .join(",");
  return text === "" ? "<none>" : text;
}

function readyColumn(name = "Ready"): PrinterColumn {
  return {
    name,
    type: "string",
    cell: (object) => `${countAt(object, "status", "readyReplicas")}/${wantedReplicas(object)}`,
  };
}

/** One, unless the manifest says otherwise: a template is stored as it came. */
function wantedReplicas(object: KubeObject): number {
  const replicas = at(object, "spec", "replicas");
  return typeof replicas === "number" ? replicas : 1;
}

const containerColumns: readonly PrinterColumn[] = [
  {
    name: "Containers",
    type: "string",
    priority: 1,
    cell: (object) => ofContainers(object, "name"),
  },
  { name: "Images", type: "string", priority: 1, cell: (object) => ofContainers(object, "image") },
];

function ofContainers(object: KubeObject, field: string): string {
  return arrayOf(at(object, "spec", "template", "spec", "containers"))
    .map((container) => textOf(objectOf(container)[field]) ?? "")
    .join(",");
}

const selectorColumn: PrinterColumn = {
  name: "Selector",
  type: "string",
  priority: 1,
  cell: (object) => selectorText(at(object, "spec", "selector")),
};

export const deploymentColumns: readonly PrinterColumn[] = [
  readyColumn(),
  countColumn("Up-to-date", "status", "updatedReplicas"),
  countColumn("Available", "status", "availableReplicas"),
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

export const statefulSetColumns: readonly PrinterColumn[] = [
  readyColumn(),
  ageColumn,
  ...containerColumns,
];

export const replicaSetColumns: readonly PrinterColumn[] = [
  { name: "Desired", type: "integer", cell: wantedReplicas },
  countColumn("Current", "status", "replicas"),
  countColumn("Ready", "status", "readyReplicas"),
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

export const daemonSetColumns: readonly PrinterColumn[] = [
  countColumn("Desired", "status", "desiredNumberScheduled"),
  countColumn("Current", "status", "currentNumberScheduled"),
  countColumn("Ready", "status", "numberReady"),
  countColumn("Up-to-date", "status", "updatedNumberScheduled"),
  countColumn("Available", "status", "numberAvailable"),
  {
    name: "Node Selector",
    type: "string",
    cell: (object) => selectorText(at(object, "spec", "template", "spec", "nodeSelector")),
  },
  ageColumn,
  ...containerColumns,
  selectorColumn,
];

export const jobColumns: readonly PrinterColumn[] = [
  { name: "Status", type: "string", cell: jobStatus },
  {
    name: "Completions",
    type: "string",
    cell: (object) => {
      const wanted = at(object, "spec", "completions");
      const total = typeof wanted === "number" ? wanted : 1;
      return `${countAt(object, "status", "succeeded")}/${total}`;
    },
  },
  ageColumn,
  ...containerColumns,
];

function jobStatus(object: KubeObject): string {
  const isTrue = (type: string): boolean =>
    arrayOf(at(object, "status", "conditions")).some(
      (each) => objectOf(each)["type"] === type && objectOf(each)["status"] === "True",
    );
  if (isTrue("Complete")) return "Complete";
  if (isTrue("Failed")) return "Failed";
  return isTrue("Suspended") ? "Suspended" : "Running";
}

export const cronJobColumns: readonly PrinterColumn[] = [
  pathColumn("Schedule", ".spec.schedule"),
  {
    name: "Timezone",
    type: "string",
    cell: (object) => textOf(at(object, "spec", "timeZone")) ?? "<none>",
  },
  {
    name: "Suspend",
    type: "boolean",
    cell: (object) => (at(object, "spec", "suspend") === true ? "True" : "False"),
  },
  {
    name: "Active",
    type: "integer",
    cell: (object) => arrayOf(at(object, "status", "active")).length,
  },
  pathColumn("Last Schedule", ".status.lastScheduleTime", { type: "date" }),
  ageColumn,
];

export const podColumns: readonly PrinterColumn[] = [
  {
    name: "Ready",
    type: "string",
    cell: (object) => {
      const statuses = arrayOf(at(object, "status", "containerStatuses"));
      const ready = statuses.filter((each) => objectOf(each)["ready"] === true);
      return `${ready.length}/${arrayOf(at(object, "spec", "containers")).length}`;
    },
  },
  {
    name: "Status",
    type: "string",
    cell: (object) => {
      if (object.metadata["deletionTimestamp"] !== undefined) return "Terminating";
      const status = objectOf(object["status"]);
      return textOf(status["reason"]) ?? textOf(status["phase"]) ?? "Pending";
    },
  },
  {
    name: "Restarts",
    type: "integer",
    cell: (object) =>
      arrayOf(at(object, "status", "containerStatuses"))
        .map((each) => objectOf(each)["restartCount"])
        .reduce<number>((sum, each) => sum + (typeof each === "number" ? each : 0), 0),
  },
  ageColumn,
  pathColumn("IP", ".status.podIP", { priority: 1 }),
  pathColumn("Node", ".spec.nodeName", { priority: 1 }),
];
