import { csiDriverRules } from "../validation/storage/csi-driver-rules.ts";
import { csiNodeRules } from "../validation/storage/csi-node-rules.ts";
import { storageClassRules } from "../validation/storage/storage-class-rules.ts";
import { volumeAttachmentRules } from "../validation/storage/volume-attachment-rules.ts";
import type { BuiltIn } from "./built-in.ts";
import * as shapes from "./merge-shapes.ts";
import { storageCapacityColumns } from "./storage-columns.ts";
import { ageColumn, pathColumn } from "./workload-columns.ts";

const storage = { group: "storage.k8s.io", namespaced: false, hasGeneration: false } as const;

/** What volumes are made of: storage. */
export const storageKinds: readonly BuiltIn[] = [
  {
    ...storage,
    kind: "CSIDriver",
    plural: "csidrivers",
    mergeShape: shapes.csiDriver,
    validate: csiDriverRules,
  },
  {
    ...storage,
    kind: "CSINode",
    plural: "csinodes",
    mergeShape: shapes.csiNode,
    validate: csiNodeRules,
  },
  {
    ...storage,
    kind: "CSIStorageCapacity",
    plural: "csistoragecapacities",
    namespaced: true,
    columns: storageCapacityColumns,
  },
  {
    ...storage,
    kind: "StorageClass",
    plural: "storageclasses",
    shortNames: ["sc"],
    columns: [
      pathColumn("Provisioner", ".provisioner"),
      pathColumn("ReclaimPolicy", ".reclaimPolicy"),
      pathColumn("VolumeBindingMode", ".volumeBindingMode"),
      pathColumn("AllowVolumeExpansion", ".allowVolumeExpansion"),
      ageColumn,
    ],
    mergeShape: shapes.storageClass,
    validate: storageClassRules,
  },
  {
    ...storage,
    kind: "VolumeAttachment",
    plural: "volumeattachments",
    hasStatus: true,
    mergeShape: shapes.volumeAttachment,
    validate: volumeAttachmentRules,
  },
  {
    ...storage,
    kind: "VolumeAttributesClass",
    plural: "volumeattributesclasses",
    shortNames: ["vac"],
    columns: [pathColumn("DriverName", ".driverName"), ageColumn],
  },
];
