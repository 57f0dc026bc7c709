import type { PrinterColumn } from "../served-kind.ts";
import { ageColumn, fieldColumn } from "./basic-columns.ts";

/** Columns of the Scale of a custom resource, as a kube-apiserver 1.34 has them. */
export const customScaleColumns: readonly PrinterColumn[] = [
  fieldColumn("Desired", "spec.replicas", {
    type: "integer",
    unset: 0,
    description: "Number of desired replicas",
  }),
  fieldColumn("Available", "status.replicas", {
    type: "integer",
    unset: 0,
    description: "Number of actual replicas",
  }),
];

/** Columns of the Scale of Kubernetes' own kinds. */
export const scaleColumns: readonly PrinterColumn[] = [...customScaleColumns, ageColumn];
