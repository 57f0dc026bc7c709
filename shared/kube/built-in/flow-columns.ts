import { arrayOf, at, isObject, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, fieldColumn, textColumn } from "./basic-columns.ts";

/** Columns of flow control, as a kube-apiserver 1.34 has them. */

export const flowSchemaColumns: readonly PrinterColumn[] = [
  fieldColumn("PriorityLevel", "spec.priorityLevelConfiguration.name"),
  fieldColumn("MatchingPrecedence", "spec.matchingPrecedence", { unset: 1000 }),
  fieldColumn("DistinguisherMethod", "spec.distinguisherMethod.type", { unset: "<none>" }),
  ageColumn,
  textColumn("MissingPL", missingLevel, {
    description: "references a broken or non-existent PriorityLevelConfiguration",
  }),
];

function missingLevel(object: KubeObject): string {
  const dangling = arrayOf(at(object, "status", "conditions"))
    .map(objectOf)
    .find(({ type }) => type === "Dangling");
  return textOf(dangling?.["status"]) ?? "?";
}

const queuing = ["limitResponse", "queuing"];

export const priorityLevelColumns: readonly PrinterColumn[] = [
  fieldColumn("Type", "spec.type"),
  limitColumn("NominalConcurrencyShares", [], 30),
  limitColumn("Queues", queuing, 64),
  limitColumn("HandSize", queuing, 8),
  limitColumn("QueueLengthLimit", queuing, 50),
  ageColumn,
];

/** The field is named as the column; what is limited has all limits. */
function limitColumn(name: string, below: readonly string[], unset: number): PrinterColumn {
  const field = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const cell = (object: KubeObject): string | number => {
    const limits = at(object, "spec", "limited", ...below);
    if (!isObject(limits)) return "<none>";
    const limit = limits[field] ?? unset;
    return typeof limit === "number" ? limit : printed(limit);
  };
  return { name, type: "string", cell };
}
