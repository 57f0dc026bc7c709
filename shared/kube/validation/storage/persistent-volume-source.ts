import { invalidValue, requiredValue } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import { fields, type Rule, required } from "../rule.ts";
import { dnsLabel, dnsSubdomain, pathWithoutBackSteps } from "../text-rules.ts";
import { csiDriverName } from "./csi-driver-name.ts";
import { disks } from "./disk-sources.ts";
import { iscsiPersistentSource } from "./iscsi-source.ts";
import { oneSource, type VolumeSource } from "./one-source.ts";

/** A Secret of any namespace: a PersistentVolume has none of its own. */
const farSecret = fields({ name: required(), namespace: required() });
const csiSecret = fields({ name: required(dnsSubdomain), namespace: required(dnsLabel) });

const csiSource: Rule = fields({
  driver: csiDriverName,
  volumeHandle: required(),
  controllerPublishSecretRef: csiSecret,
  controllerExpandSecretRef: csiSecret,
  nodePublishSecretRef: csiSecret,
  nodeExpandSecretRef: csiSecret,
});

const endpointsNamespace: Rule = (value, path) => {
  const because = "if the endpointnamespace is set, it must be a valid namespace name";
  return value === "" ? [invalidValue(path, value, because)] : dnsLabel(value, path);
};

const secretNamespace: Rule = (value, path) =>
  isString(value) && value === "" ? [requiredValue(path)] : [];

/** The sources of PersistentVolumes, in the order in which a kube-apiserver looks for them. */
export const persistentVolumeSources: readonly VolumeSource[] = [
  disks.hostPath,
  disks.gcePersistentDisk,
  disks.awsElasticBlockStore,
  {
    field: "glusterfs",
    rule: fields({ endpoints: required(), path: required(), endpointsNamespace }),
  },
  disks.flocker,
  disks.nfs,
  disks.rbd,
  disks.quobyte,
  disks.cephfs,
  { field: "iscsi", rule: iscsiPersistentSource },
  { field: "cinder", rule: fields({ volumeID: required(), secretRef: farSecret }) },
  disks.fc,
  { ...disks.flexVolume, mayBeSecond: true },
  {
    field: "azureFile",
    rule: fields({ secretName: required(), shareName: required(), secretNamespace }),
  },
  disks.vsphereVolume,
  disks.photonPersistentDisk,
  disks.portworxVolume,
  disks.azureDisk,
  disks.scaleIO,
  {
    field: "local",
    rule: fields({ path: required(pathWithoutBackSteps) }),
  },
  {
    field: "storageos",
    rule: fields({
      volumeName: required(dnsLabel),
      volumeNamespace: dnsLabel,
      secretRef: farSecret,
    }),
  },
  { field: "csi", rule: csiSource },
];

const otherFields = [
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
];

/** Where the bytes of a PersistentVolume are: exactly one of the sources, in its spec. */
export const persistentVolumeSource: Rule = oneSource(persistentVolumeSources, otherFields);
