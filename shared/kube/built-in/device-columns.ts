import { arrayOf, at, isObject } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { textColumn } from "./core-columns.ts";
import { ageColumn, pathColumn } from "./workload-columns.ts";

/** Columns of devices, as kubectl prints them of a kube-apiserver 1.34. */

export const resourceClaimColumns: readonly PrinterColumn[] = [
  textColumn("State", claimState),
  ageColumn,
];

/** "pending", "allocated,reserved" */
function claimState(claim: KubeObject): string {
  const { deletionTimestamp } = claim.metadata;
  const isAllocated = isObject(at(claim, "status", "allocation"));
  const isReserved = arrayOf(at(claim, "status", "reservedFor")).length > 0;
  const states = [
    ...(deletionTimestamp === undefined ? [] : ["deleted"]),
    ...(isAllocated ? ["allocated"] : []),
    ...(isReserved ? ["reserved"] : []),
  ];
  return states.length === 0 ? "pending" : states.join(",");
}

export const resourceSliceColumns: readonly PrinterColumn[] = [
  pathColumn("Node", ".spec.nodeName"),
  pathColumn("Driver", ".spec.driver"),
  pathColumn("Pool", ".spec.pool.name"),
  ageColumn,
];
