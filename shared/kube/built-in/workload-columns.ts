import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, countAt, countColumn, fieldColumn, textColumn, wide } from "./basic-columns.ts";
import { bareSelectorText, labelsText, selectorText } from "./selector-texts.ts";

/** Columns of what runs pods, as a kube-apiserver 1.34 has them. */

function readyText(object: KubeObject): string {
  return `${countAt(object, "status", "readyReplicas")}/${wantedReplicas(object)}`;
}

/** One, unless the manifest says otherwise: a template is stored as it came. */
function wantedReplicas(object: KubeObject): number {
  const replicas = at(object, "spec", "replicas");
  return typeof replicas === "number" ? replicas : 1;
}

/** The names and images of the containers of the pod's spec at the path. */
export function containerColumns(
  path: readonly string[],
  more: { readonly priority?: number } = wide,
): readonly PrinterColumn[] {
  const each = (field: string) => (object: KubeObject) =>
    arrayOf(at(object, ...path, "containers"))
      .map((container) => textOf(objectOf(container)[field]) ?? "")
      .join(",");
  return [textColumn("Containers", each("name"), more), textColumn("Images", each("image"), more)];
}

function selectorColumn(
  path: readonly string[],
  text: (selector: Json | undefined) => string,
): PrinterColumn {
  return textColumn("Selector", (object) => text(at(object, ...path)), wide);
}

const podSpec = ["spec", "template", "spec"];
const ownContainers = containerColumns(podSpec);
const ownSelector = selectorColumn(["spec", "selector"], selectorText);

export const deploymentColumns: readonly PrinterColumn[] = [
  textColumn("Ready", readyText, { description: "Number of the pod with ready state" }),
  { ...countColumn("Up-to-date", "status.updatedReplicas"), type: "string" },
  { ...countColumn("Available", "status.availableReplicas"), type: "string" },
  ageColumn,
  ...ownContainers,
  selectorColumn(["spec", "selector"], (selector) => bareSelectorText(selector) ?? "<invalid>"),
];

export const statefulSetColumns: readonly PrinterColumn[] = [
  textColumn("Ready", readyText, { description: "Number of the pod with ready state" }),
  ageColumn,
  ...ownContainers,
];

const replicaColumns: readonly PrinterColumn[] = [
  { name: "Desired", type: "integer", cell: wantedReplicas },
  countColumn("Current", "status.replicas"),
  countColumn("Ready", "status.readyReplicas"),
  ageColumn,
  ...ownContainers,
];

export const replicaSetColumns: readonly PrinterColumn[] = [...replicaColumns, ownSelector];

/** Their selector is a map of labels. */
export const replicationControllerColumns: readonly PrinterColumn[] = [
  ...replicaColumns,
  selectorColumn(["spec", "selector"], labelsText),
];

export const daemonSetColumns: readonly PrinterColumn[] = [
  countColumn("Desired", "status.desiredNumberScheduled"),
  countColumn("Current", "status.currentNumberScheduled"),
  countColumn("Ready", "status.numberReady"),
  countColumn("Up-to-date", "status.updatedNumberScheduled"),
  countColumn("Available", "status.numberAvailable"),
  textColumn("Node Selector", (object) => labelsText(at(object, ...podSpec, "nodeSelector"))),
  ageColumn,
  ...ownContainers,
  ownSelector,
];

export const controllerRevisionColumns: readonly PrinterColumn[] = [
  textColumn("Controller", controllerText, { description: "Controller of the object" }),
  fieldColumn("Revision", "revision", { unset: 0 }),
  ageColumn,
];

/** "statefulset.apps/db" */
function controllerText({ metadata }: KubeObject): string {
  const owner = arrayOf(metadata["ownerReferences"])
    .map(objectOf)
    .find(({ controller }) => controller === true);
  if (owner === undefined) return "<none>";
  const apiVersion = textOf(owner["apiVersion"]) ?? "";
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/", 1).join()}` : "";
  const kind = `${textOf(owner["kind"]) ?? ""}${group}`.toLowerCase();
  return `${kind}/${textOf(owner["name"]) ?? ""}`;
}

const jobPodSpec = ["spec", "jobTemplate", ...podSpec];

export const cronJobColumns: readonly PrinterColumn[] = [
  fieldColumn("Schedule", "spec.schedule"),
  fieldColumn("Timezone", "spec.timeZone", { unset: "<none>" }),
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
  {
    name: "Last Schedule",
    type: "string",
    cell: (object, now) => {
      const last = at(object, "status", "lastScheduleTime") ?? null;
      return last === null ? "<none>" : ageOf(last, now);
    },
  },
  ageColumn,
  ...containerColumns(jobPodSpec),
  selectorColumn(["spec", "jobTemplate", "spec", "selector"], selectorText),
];
