import { csiDriverRules } from "../validation/storage/csi-driver-rules.ts";
import { csiNodeRules } from "../validation/storage/csi-node-rules.ts";
import { storageClassRules } from "../validation/storage/storage-class-rules.ts";
import { volumeAttachmentRules } from "../validation/storage/volume-attachment-rules.ts";
import { volumeAttributesClassRules } from "../validation/storage/volume-attributes-class-rules.ts";
import type { BuiltIn } from "./built-in.ts";
import * as shapes from "./merge-shapes.ts";
import * as columns from "./storage-columns.ts";

const storage = { group: "storage.k8s.io", namespaced: false, hasGeneration: false } as const;

/** What volumes are made of: storage. */
export const storageKinds: readonly BuiltIn[] = [
  {
    ...storage,
    kind: "CSIDriver",
    plural: "csidrivers",
    columns: columns.csiDriverColumns,
    mergeShape: shapes.csiDriver,
    validate: csiDriverRules,
  },
  {
    ...storage,
    kind: "CSINode",
    plural: "csinodes",
    columns: columns.csiNodeColumns,
    mergeShape: shapes.csiNode,
    validate: csiNodeRules,
  },
  {
    ...storage,
    kind: "CSIStorageCapacity",
    plural: "csistoragecapacities",
    namespaced: true,
    columns: columns.storageCapacityColumns,
  },
  {
    ...storage,
    kind: "StorageClass",
    plural: "storageclasses",
    shortNames: ["sc"],
    columns: columns.storageClassColumns,
    mergeShape: shapes.storageClass,
    validate: storageClassRules,
  },
  {
    ...storage,
    kind: "VolumeAttachment",
    plural: "volumeattachments",
    columns: columns.volumeAttachmentColumns,
    hasStatus: true,
    mergeShape: shapes.volumeAttachment,
    validate: volumeAttachmentRules,
  },
  {
    ...storage,
    kind: "VolumeAttributesClass",
    plural: "volumeattributesclasses",
    shortNames: ["vac"],
    columns: columns.attributesClassColumns,
    validate: volumeAttributesClassRules,
  },
];
