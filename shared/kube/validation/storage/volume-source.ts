import { forbiddenField } from "../../field-errors.ts";
import { at } from "../../json.ts";
import { canonicalQuantity } from "../canonical-quantity.ts";
import { all, fields, oneOf, type Rule, required } from "../rule.ts";
import { dnsLabel, dnsSubdomain, relativePath } from "../text-rules.ts";
import { claimTemplateRule } from "./claim-template-rule.ts";
import { csiDriverName } from "./csi-driver-name.ts";
import {
  awsDiskSource,
  azureDiskSource,
  cephSource,
  fibreChannelSource,
  flexSource,
  flockerSource,
  gceDiskSource,
  hostPathSource,
  nfsSource,
  photonSource,
  portworxSource,
  quobyteSource,
  rbdSource,
  scaleIoSource,
  vsphereSource,
} from "./disk-sources.ts";
import { downwardApiSource } from "./downward-api-source.ts";
import { fileMode, keyItems } from "./file-rules.ts";
import { iscsiSource } from "./iscsi-source.ts";
import { atMostOneSource } from "./one-source.ts";
import { projectedSource } from "./projected-source.ts";

const sizeLimit: Rule = (value, path) =>
  (canonicalQuantity(value)?.nanos ?? 0n) < 0n
    ? [forbiddenField(path, "SizeLimit field must be a valid resource quantity")]
    : [];

/** A Secret's name is told at the path of the driver, as a kube-apiserver does. */
const csiSource: Rule = all(
  fields({ driver: csiDriverName, nodePublishSecretRef: fields({ name: required() }) }),
  (value, path) => dnsSubdomain(at(value, "nodePublishSecretRef", "name"), `${path}.name`),
);

const namedSecret = fields({ name: required() });

/**
 * Where the bytes of a pod's volume are: one of the sources, in the order in which a kube-apiserver
 * looks for them. A few it calls by other names in what it tells. Without any, the volume is an
 * empty directory.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/
 */
export const volumeSource: Rule = atMostOneSource([
  { field: "emptyDir", rule: fields({ sizeLimit }) },
  { field: "hostPath", rule: hostPathSource },
  { field: "gitRepo", rule: fields({ repository: required(), directory: relativePath }) },
  { field: "gcePersistentDisk", rule: gceDiskSource, shownAs: "persistentDisk" },
  { field: "awsElasticBlockStore", rule: awsDiskSource },
  {
    field: "secret",
    rule: fields({ secretName: required(), defaultMode: fileMode, items: keyItems }),
  },
  { field: "nfs", rule: nfsSource },
  { field: "iscsi", rule: iscsiSource },
  { field: "glusterfs", rule: fields({ endpoints: required(), path: required() }) },
  { field: "flocker", rule: flockerSource },
  { field: "persistentVolumeClaim", rule: fields({ claimName: required() }) },
  { field: "rbd", rule: rbdSource },
  { field: "cinder", rule: fields({ volumeID: required(), secretRef: namedSecret }) },
  { field: "cephfs", rule: cephSource, shownAsSecond: "cephFS" },
  { field: "quobyte", rule: quobyteSource },
  { field: "downwardAPI", rule: downwardApiSource, shownAsSecond: "downwarAPI" },
  { field: "fc", rule: fibreChannelSource },
  { field: "flexVolume", rule: flexSource },
  {
    field: "configMap",
    rule: fields({ name: required(), defaultMode: fileMode, items: keyItems }),
  },
  { field: "azureFile", rule: fields({ secretName: required(), shareName: required() }) },
  { field: "vsphereVolume", rule: vsphereSource },
  { field: "photonPersistentDisk", rule: photonSource },
  { field: "portworxVolume", rule: portworxSource },
  { field: "azureDisk", rule: azureDiskSource },
  {
    field: "storageos",
    rule: fields({
      volumeName: required(dnsLabel),
      volumeNamespace: dnsLabel,
      secretRef: namedSecret,
    }),
  },
  { field: "projected", rule: projectedSource },
  { field: "scaleIO", rule: scaleIoSource },
  { field: "csi", rule: csiSource },
  { field: "ephemeral", rule: fields({ volumeClaimTemplate: required(claimTemplateRule) }) },
  { field: "image", rule: fields({ pullPolicy: oneOf("Always", "IfNotPresent", "Never") }) },
]);
