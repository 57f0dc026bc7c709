import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, objectOf, printed, textOf } from "../json.ts";
import type { PrinterColumn } from "../served-kind.ts";
import { textColumn } from "./core-columns.ts";
import { ageColumn, pathColumn } from "./workload-columns.ts";

/** Columns of what extends an API, as kubectl prints them of a kube-apiserver 1.34. */

function lengthColumn(name: string, ...path: readonly string[]): PrinterColumn {
  return { name, type: "integer", cell: (object) => arrayOf(at(object, ...path)).length };
}

export const webhookColumns: readonly PrinterColumn[] = [
  lengthColumn("Webhooks", "webhooks"),
  ageColumn,
];

export const admissionPolicyColumns: readonly PrinterColumn[] = [
  lengthColumn("Validations", "spec", "validations"),
  textColumn("ParamKind", (object) => {
    const { apiVersion, kind } = objectOf(at(object, "spec", "paramKind"));
    return kind === undefined ? "<unset>" : `${textOf(apiVersion) ?? ""}/${textOf(kind) ?? ""}`;
  }),
  ageColumn,
];

export const admissionBindingColumns: readonly PrinterColumn[] = [
  pathColumn("PolicyName", ".spec.policyName"),
  textColumn("ParamRef", (object) => {
    const { namespace, name, selector } = objectOf(at(object, "spec", "paramRef"));
    if (selector !== undefined) return "*";
    if (name === undefined) return "<unset>";
    return namespace === undefined ? printed(name) : `${printed(namespace)}/${printed(name)}`;
  }),
  ageColumn,
];

export const apiServiceColumns: readonly PrinterColumn[] = [
  textColumn("Service", (object) => {
    const { namespace, name } = objectOf(at(object, "spec", "service"));
    return name === undefined ? "Local" : `${textOf(namespace) ?? ""}/${textOf(name) ?? ""}`;
  }),
  textColumn("Available", (object) => availability(at(object, "status", "conditions"))),
  ageColumn,
];

function availability(conditions: Json | undefined): string {
  const found = arrayOf(conditions)
    .map(objectOf)
    .find(({ type }) => type === "Available");
  const status = textOf(found?.["status"]) ?? "Unknown";
  const reason = textOf(found?.["reason"]) ?? "";
  return status === "True" || reason === "" ? status : `${status} (${reason})`;
}

export const revisionColumns: readonly PrinterColumn[] = [
  textColumn("Controller", (object) => {
    const owner = arrayOf(object.metadata["ownerReferences"])
      .map(objectOf)
      .find(({ controller }) => controller === true);
    if (owner === undefined) return "<none>";
    const [group = ""] = (textOf(owner["apiVersion"]) ?? "").split("/");
    return `${(textOf(owner["kind"]) ?? "").toLowerCase()}.${group}/${textOf(owner["name"]) ?? ""}`;
  }),
  pathColumn("Revision", ".revision", { type: "integer" }),
  ageColumn,
];

export const runtimeClassColumns: readonly PrinterColumn[] = [
  pathColumn("Handler", ".handler"),
  ageColumn,
];

export const flowSchemaColumns: readonly PrinterColumn[] = [
  pathColumn("PriorityLevel", ".spec.priorityLevelConfiguration.name"),
  pathColumn("MatchingPrecedence", ".spec.matchingPrecedence", { type: "integer" }),
  textColumn(
    "DistinguisherMethod",
    (object) => textOf(at(object, "spec", "distinguisherMethod", "type")) ?? "<none>",
  ),
  ageColumn,
  textColumn("MissingPL", (object) => {
    const dangling = arrayOf(at(object, "status", "conditions"))
      .map(objectOf)
      .find(({ type }) => type === "Dangling");
    return textOf(dangling?.["status"]) ?? "?";
  }),
];

function limitedColumn(name: string, ...path: readonly string[]): PrinterColumn {
  return textColumn(name, (object) => {
    const value = at(object, "spec", "limited", ...path);
    return value === undefined ? "<none>" : printed(value);
  });
}

export const priorityLevelColumns: readonly PrinterColumn[] = [
  pathColumn("Type", ".spec.type"),
  limitedColumn("NominalConcurrencyShares", "nominalConcurrencyShares"),
  limitedColumn("Queues", "limitResponse", "queuing", "queues"),
  limitedColumn("HandSize", "limitResponse", "queuing", "handSize"),
  limitedColumn("QueueLengthLimit", "limitResponse", "queuing", "queueLengthLimit"),
  ageColumn,
];
