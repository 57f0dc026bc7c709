import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, isString, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { textColumn } from "./core-columns.ts";
import { ageColumn, pathColumn } from "./workload-columns.ts";

/** Columns of storage, as kubectl prints them of a kube-apiserver 1.34. */

const attributesClass = textColumn(
  "VolumeAttributesClass",
  (object) => textOf(at(object, "spec", "volumeAttributesClassName")) ?? "<unset>",
);
const volumeMode = textColumn(
  "VolumeMode",
  (object) => textOf(at(object, "spec", "volumeMode")) ?? "<unset>",
  1,
);

export const volumeClaimColumns: readonly PrinterColumn[] = [
  textColumn("Status", phase),
  pathColumn("Volume", ".spec.volumeName"),
  pathColumn("Capacity", ".status.capacity.storage"),
  textColumn("Access Modes", (object) => accessModes(at(object, "status", "accessModes"))),
  pathColumn("StorageClass", ".spec.storageClassName"),
  attributesClass,
  ageColumn,
  volumeMode,
];

export const volumeColumns: readonly PrinterColumn[] = [
  pathColumn("Capacity", ".spec.capacity.storage"),
  textColumn("Access Modes", (object) => accessModes(at(object, "spec", "accessModes"))),
  pathColumn("Reclaim Policy", ".spec.persistentVolumeReclaimPolicy"),
  textColumn("Status", phase),
  textColumn("Claim", (object) => {
    const { namespace, name } = objectOf(at(object, "spec", "claimRef"));
    return isString(name) ? `${textOf(namespace) ?? ""}/${name}` : "";
  }),
  pathColumn("StorageClass", ".spec.storageClassName"),
  attributesClass,
  pathColumn("Reason", ".status.reason"),
  ageColumn,
  volumeMode,
];

function phase(object: KubeObject): string {
  if (object.metadata["deletionTimestamp"] !== undefined) return "Terminating";
  return textOf(at(object, "status", "phase")) ?? "";
}

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

function accessModes(modes: Json | undefined): string {
  return arrayOf(modes)
    .filter(isString)
    .map((mode) => shortModes[mode] ?? mode)
    .join(",");
}

export const storageCapacityColumns: readonly PrinterColumn[] = [
  pathColumn("StorageClassName", ".storageClassName"),
  pathColumn("Capacity", ".capacity"),
  ageColumn,
];
