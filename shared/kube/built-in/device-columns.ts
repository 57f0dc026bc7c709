import { arrayOf, at, isObject } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, fieldColumn, textColumn } from "./basic-columns.ts";

/** Columns of runtimes and devices, as a kube-apiserver 1.34 has them. */

export const runtimeClassColumns: readonly PrinterColumn[] = [
  fieldColumn("Handler", "handler"),
  ageColumn,
];

export const resourceClaimColumns: readonly PrinterColumn[] = [
  textColumn("State", claimState, {
    description: "A summary of the current state (allocated, pending, reserved, etc.).",
  }),
  ageColumn,
];

/** "pending", "allocated,reserved", "deleted" */
function claimState(claim: KubeObject): string {
  const isDeleted = claim.metadata["deletionTimestamp"] !== undefined;
  const isAllocated = isObject(at(claim, "status", "allocation"));
  const isReserved = arrayOf(at(claim, "status", "reservedFor")).length > 0;
  const states = [
    ...(isDeleted ? ["deleted"] : []),
    ...(isAllocated ? ["allocated"] : []),
    ...(isAllocated && isReserved ? ["reserved"] : []),
  ];
  return states.length === 0 ? "pending" : states.join(",");
}

export const resourceSliceColumns: readonly PrinterColumn[] = [
  fieldColumn("Node", "spec.nodeName"),
  fieldColumn("Driver", "spec.driver"),
  fieldColumn("Pool", "spec.pool.name"),
  ageColumn,
];
