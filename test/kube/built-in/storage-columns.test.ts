import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { shownRow } from "./shown-row.ts";

const isDefault = (name: string) => ({ metadata: { annotations: { [name]: "true" } } });

test.each<[resource: string, object: JsonObject, cells: Record<string, Json>]>([
  [
    "/persistentvolumeclaims",
    { spec: { storageClassName: "fast" }, status: { capacity: { storage: "1Gi" } } },
    {
      ...{ Status: "Pending", Volume: "", Capacity: "", "Access Modes": "" },
      ...{ StorageClass: "fast", VolumeAttributesClass: "<unset>", VolumeMode: "Filesystem" },
    },
  ],
  [
    "/persistentvolumeclaims",
    {
      spec: { volumeName: "v", volumeAttributesClassName: "gold", volumeMode: "Block" },
      status: {
        ...{ phase: "Bound", capacity: { storage: "1Gi" } },
        accessModes: ["ReadWriteMany", "ReadWriteOnce", "ReadWriteOnce"],
      },
      metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "old" } },
    },
    {
      ...{ Status: "Bound", Volume: "v", Capacity: "1Gi", "Access Modes": "RWO,RWX" },
      ...{ StorageClass: "old", VolumeAttributesClass: "gold", VolumeMode: "Block" },
    },
  ],
  ["/persistentvolumeclaims", { spec: { volumeName: "v" } }, { Capacity: "0" }],
  [
    "/persistentvolumeclaims",
    { metadata: { deletionTimestamp: "2026-11-21T12:00:00Z" }, status: { phase: "Bound" } },
    { Status: "Terminating" },
  ],
  [
    "/persistentvolumes",
    {},
    {
      ...{ Capacity: "0", "Access Modes": "", "Reclaim Policy": "Retain", Status: "Pending" },
      ...{ Claim: "", StorageClass: "", VolumeAttributesClass: "<unset>", Reason: "" },
      ...{ Age: "5s", VolumeMode: "Filesystem" },
    },
  ],
  [
    "/persistentvolumes",
    {
      spec: {
        ...{ capacity: { storage: "5Gi" }, accessModes: ["ReadOnlyMany", "ReadWriteOncePod"] },
        ...{ persistentVolumeReclaimPolicy: "Delete", storageClassName: "fast" },
        claimRef: { namespace: "shop", name: "c" },
      },
      status: { phase: "Failed", reason: "Lost" },
    },
    {
      ...{ Capacity: "5Gi", "Access Modes": "ROX,RWOP", "Reclaim Policy": "Delete" },
      ...{ Status: "Failed", Claim: "shop/c", StorageClass: "fast", Reason: "Lost" },
    },
  ],
  [
    "storage.k8s.io/storageclasses",
    { provisioner: "p" },
    {
      ...{ Name: "n", Provisioner: "p", ReclaimPolicy: "Delete" },
      ...{ VolumeBindingMode: "Immediate", AllowVolumeExpansion: false, Age: "5s" },
    },
  ],
  [
    "storage.k8s.io/storageclasses",
    {
      ...isDefault("storageclass.kubernetes.io/is-default-class"),
      ...{ reclaimPolicy: "Retain", volumeBindingMode: "WaitForFirstConsumer" },
      allowVolumeExpansion: true,
    },
    {
      ...{ Name: "n (default)", ReclaimPolicy: "Retain" },
      ...{ VolumeBindingMode: "WaitForFirstConsumer", AllowVolumeExpansion: true },
    },
  ],
  [
    "storage.k8s.io/storageclasses",
    isDefault("storageclass.beta.kubernetes.io/is-default-class"),
    { Name: "n (default)" },
  ],
  [
    "storage.k8s.io/volumeattributesclasses",
    {
      ...isDefault("volumeattributesclass.alpha.kubernetes.io/is-default-class"),
      driverName: "d",
    },
    { Name: "n (default)", DriverName: "d", Age: "5s" },
  ],
  [
    "storage.k8s.io/volumeattachments",
    { spec: { attacher: "a", nodeName: "o", source: { persistentVolumeName: "v" } } },
    { Attacher: "a", PV: "v", Node: "o", Attached: false, Age: "5s" },
  ],
  [
    "storage.k8s.io/volumeattachments",
    { status: { attached: true } },
    { Attacher: "", PV: "", Node: "", Attached: true },
  ],
  [
    "storage.k8s.io/csidrivers",
    { spec: {} },
    {
      ...{ AttachRequired: true, PodInfoOnMount: false, StorageCapacity: false },
      ...{ TokenRequests: "<unset>", RequiresRepublish: false, Modes: "Persistent", Age: "5s" },
    },
  ],
  [
    "storage.k8s.io/csidrivers",
    {
      spec: {
        ...{ attachRequired: false, podInfoOnMount: true, storageCapacity: true },
        ...{ tokenRequests: [{ audience: "a" }, { audience: "b" }], requiresRepublish: true },
        volumeLifecycleModes: ["Persistent", "Ephemeral"],
      },
    },
    {
      ...{ AttachRequired: false, PodInfoOnMount: true, StorageCapacity: true },
      ...{ TokenRequests: "a,b", RequiresRepublish: true, Modes: "Persistent,Ephemeral" },
    },
  ],
  ["storage.k8s.io/csinodes", { spec: { drivers: [{}, {}] } }, { Drivers: 2, Age: "5s" }],
  [
    "storage.k8s.io/csistoragecapacities",
    { storageClassName: "fast" },
    { StorageClassName: "fast", Capacity: "<unset>" },
  ],
  ["storage.k8s.io/csistoragecapacities", { capacity: "1Gi" }, { Capacity: "1Gi" }],
])("%s %j shows %j", (resource, object, cells) => {
  expect(shownRow(resource, object).cells).toMatchObject(cells);
});
