import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, isArray, isObject, isString, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, classNameColumn, fieldColumn, textColumn, wide } from "./basic-columns.ts";

/** Columns of storage, as a kube-apiserver 1.34 has them. */

const attributesClass = fieldColumn("VolumeAttributesClass", "spec.volumeAttributesClassName", {
  unset: "<unset>",
});
const volumeMode = fieldColumn("VolumeMode", "spec.volumeMode", { ...wide, unset: "Filesystem" });
const storageClass = textColumn("StorageClass", classOf);

export const volumeClaimColumns: readonly PrinterColumn[] = [
  textColumn("Status", phase),
  fieldColumn("Volume", "spec.volumeName"),
  textColumn("Capacity", (claim) =>
    isBound(claim) ? printed(at(claim, "status", "capacity", "storage") ?? 0) : "",
  ),
  textColumn("Access Modes", (claim) =>
    isBound(claim) ? accessModes(at(claim, "status", "accessModes")) : "",
  ),
  storageClass,
  attributesClass,
  ageColumn,
  volumeMode,
];

/** What a claim has is shown once it has a volume. */
function isBound(claim: KubeObject): boolean {
  return (textOf(at(claim, "spec", "volumeName")) ?? "") !== "";
}

export const volumeColumns: readonly PrinterColumn[] = [
  fieldColumn("Capacity", "spec.capacity.storage", { unset: "0" }),
  textColumn("Access Modes", (object) => accessModes(at(object, "spec", "accessModes"))),
  fieldColumn("Reclaim Policy", "spec.persistentVolumeReclaimPolicy", { unset: "Retain" }),
  textColumn("Status", phase),
  textColumn("Claim", (object) => {
    const claim = at(object, "spec", "claimRef");
    if (!isObject(claim)) return "";
    return `${textOf(claim["namespace"]) ?? ""}/${textOf(claim["name"]) ?? ""}`;
  }),
  storageClass,
  attributesClass,
  fieldColumn("Reason", "status.reason"),
  ageColumn,
  volumeMode,
];

function phase(object: KubeObject): string {
  if (object.metadata["deletionTimestamp"] !== undefined) return "Terminating";
  return textOf(at(object, "status", "phase")) ?? "Pending";
}

/** An annotation told the class before there was a field for it. */
function classOf(object: KubeObject): string {
  const old = at(object.metadata["annotations"], "volume.beta.kubernetes.io/storage-class");
  return textOf(old) ?? textOf(at(object, "spec", "storageClassName")) ?? "";
}

const shortModes = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
} as const;

function accessModes(modes: Json | undefined): string {
  const given = arrayOf(modes);
  return Object.entries(shortModes)
    .filter(([mode]) => given.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

export const storageCapacityColumns: readonly PrinterColumn[] = [
  fieldColumn("StorageClassName", "storageClassName"),
  fieldColumn("Capacity", "capacity", { unset: "<unset>" }),
];

export const storageClassColumns: readonly PrinterColumn[] = [
  classNameColumn([
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
  ]),
  fieldColumn("Provisioner", "provisioner"),
  fieldColumn("ReclaimPolicy", "reclaimPolicy", { unset: "Delete" }),
  fieldColumn("VolumeBindingMode", "volumeBindingMode", { unset: "Immediate" }),
  fieldColumn("AllowVolumeExpansion", "allowVolumeExpansion", { unset: false }),
  ageColumn,
];

export const attributesClassColumns: readonly PrinterColumn[] = [
  classNameColumn(["volumeattributesclass.alpha.kubernetes.io/is-default-class"]),
  fieldColumn("DriverName", "driverName"),
  ageColumn,
];

export const volumeAttachmentColumns: readonly PrinterColumn[] = [
  fieldColumn("Attacher", "spec.attacher", { format: "name" }),
  fieldColumn("PV", "spec.source.persistentVolumeName"),
  fieldColumn("Node", "spec.nodeName"),
  flagColumn("Attached", "status.attached"),
  ageColumn,
];

function flagColumn(name: string, path: string, unset = false): PrinterColumn {
  return fieldColumn(name, path, { type: "boolean", unset });
}

export const csiNodeColumns: readonly PrinterColumn[] = [
  {
    name: "Drivers",
    type: "integer",
    description: "Drivers indicates the number of CSI drivers registered on the node",
    cell: (object) => arrayOf(at(object, "spec", "drivers")).length,
  },
  ageColumn,
];

export const csiDriverColumns: readonly PrinterColumn[] = [
  flagColumn("AttachRequired", "spec.attachRequired", true),
  flagColumn("PodInfoOnMount", "spec.podInfoOnMount"),
  flagColumn("StorageCapacity", "spec.storageCapacity"),
  textColumn("TokenRequests", (object) => {
    const requests = at(object, "spec", "tokenRequests");
    if (!isArray(requests)) return "<unset>";
    return requests.map((each) => textOf(objectOf(each)["audience"]) ?? "").join(",");
  }),
  flagColumn("RequiresRepublish", "spec.requiresRepublish"),
  textColumn("Modes", (object) => {
    const modes = arrayOf(at(object, "spec", "volumeLifecycleModes")).filter(isString);
    return modes.length === 0 ? "Persistent" : modes.join(",");
  }),
  ageColumn,
];
