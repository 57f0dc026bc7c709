import { arrayOf, at, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, fieldColumn, lengthColumn, textColumn, wide } from "./basic-columns.ts";

/** Columns of the core group and of policies, as a kube-apiserver 1.34 has them. */

export const namespaceColumns: readonly PrinterColumn[] = [
  fieldColumn("Status", "status.phase", {
    unset: "Active",
    description: "The status of the namespace",
  }),
  ageColumn,
];

export const configMapColumns: readonly PrinterColumn[] = [
  {
    name: "Data",
    type: "string",
    description:
      "Data contains the configuration data. Each key must consist of alphanumeric characters, " +
      "'-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The " +
      "keys stored in Data must not overlap with the keys in the BinaryData field, this is " +
      "enforced during validation process.",
    cell: (object) => entriesAt(object, "data") + entriesAt(object, "binaryData"),
  },
  ageColumn,
];

function entriesAt(object: KubeObject, name: string): number {
  return Object.keys(objectOf(object[name])).length;
}

export const secretColumns: readonly PrinterColumn[] = [
  fieldColumn("Type", "type"),
  lengthColumn("Data", "data", "string"),
  ageColumn,
];

export const serviceAccountColumns: readonly PrinterColumn[] = [
  lengthColumn("Secrets", "secrets", "string"),
  ageColumn,
];

export const nodeColumns: readonly PrinterColumn[] = [
  textColumn("Status", nodeStatus, { description: "The status of the node" }),
  textColumn("Roles", nodeRoles, { description: "The roles of the node" }),
  ageColumn,
  fieldColumn("Version", "status.nodeInfo.kubeletVersion"),
  textColumn("Internal-IP", (object) => nodeAddress(object, "InternalIP"), wide),
  textColumn("External-IP", (object) => nodeAddress(object, "ExternalIP"), wide),
  factColumn("OS-Image", "osImage"),
  factColumn("Kernel-Version", "kernelVersion"),
  factColumn("Container-Runtime", "containerRuntimeVersion"),
];

function nodeStatus(object: KubeObject): string {
  const ready = arrayOf(at(object, "status", "conditions"))
    .map(objectOf)
    .find(({ type }) => type === "Ready");
  const isReady = ready?.["status"] === "True";
  const state = ready === undefined ? "Unknown" : isReady ? "Ready" : "NotReady";
  return at(object, "spec", "unschedulable") === true ? `${state},SchedulingDisabled` : state;
}

const rolePrefix = "node-role.kubernetes.io/";

function nodeRoles({ metadata }: KubeObject): string {
  const labels = Object.entries(objectOf(metadata["labels"]));
  const roles = labels.map(([name, value]) => {
    if (name.startsWith(rolePrefix)) return name.slice(rolePrefix.length);
    return name === "kubernetes.io/role" ? (textOf(value) ?? "") : "";
  });
  const named = [...new Set(roles)].filter((role) => role !== "").toSorted();
  return named.length === 0 ? "<none>" : named.join(",");
}

function nodeAddress(object: KubeObject, type: string): string {
  const addresses = arrayOf(at(object, "status", "addresses")).map(objectOf);
  return textOf(addresses.find((each) => each["type"] === type)?.["address"]) ?? "<none>";
}

function factColumn(name: string, fact: string): PrinterColumn {
  return fieldColumn(name, `status.nodeInfo.${fact}`, { ...wide, unset: "<unknown>" });
}

export const disruptionBudgetColumns: readonly PrinterColumn[] = [
  amountColumn("Min Available", "minAvailable", {
    description: "The minimum number of pods that must be available.",
  }),
  amountColumn("Max Unavailable", "maxUnavailable", {
    description: "The maximum number of pods that may be unavailable.",
  }),
  fieldColumn("Allowed Disruptions", "status.disruptionsAllowed", {
    type: "integer",
    unset: 0,
    description: "Calculated number of pods that may be disrupted at this time.",
  }),
  ageColumn,
];

/** A number or a share of the pods, as text. */
function amountColumn(
  name: string,
  field: string,
  more: Parameters<typeof textColumn>[2],
): PrinterColumn {
  return textColumn(name, (object) => printed(at(object, "spec", field) ?? "N/A"), more);
}

export const resourceQuotaColumns: readonly PrinterColumn[] = [
  textColumn("Request", (object) => quotas(object, (name) => !name.startsWith("limits.")), {
    description: "Request represents a minimum amount of cpu/memory that a container may consume.",
  }),
  textColumn("Limit", (object) => quotas(object, (name) => name.startsWith("limits.")), {
    description:
      "Limits control the maximum amount of cpu/memory that a container may use independent of " +
      "contention on the node.",
  }),
  ageColumn,
];

/** "pods: 1/10, requests.cpu: 0/4"; before anybody counts, what is asked for. */
function quotas(object: KubeObject, isShown: (name: string) => boolean): string {
  const hard = objectOf(at(object, "status", "hard") ?? at(object, "spec", "hard"));
  const used = objectOf(at(object, "status", "used"));
  return Object.keys(hard)
    .filter(isShown)
    .toSorted()
    .map((name) => `${name}: ${printed(used[name] ?? 0)}/${printed(hard[name])}`)
    .join(", ");
}

export const priorityClassColumns: readonly PrinterColumn[] = [
  fieldColumn("Value", "value", { type: "integer", unset: 0 }),
  fieldColumn("Global-Default", "globalDefault", { type: "boolean", unset: false }),
  ageColumn,
  fieldColumn("PreemptionPolicy", "preemptionPolicy", { unset: "PreemptLowerPriority" }),
];
