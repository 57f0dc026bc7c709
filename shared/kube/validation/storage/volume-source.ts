import { forbiddenField } from "../../field-errors.ts";
import { at } from "../../json.ts";
import { canonicalQuantity } from "../canonical-quantity.ts";
import { all, fields, oneOf, type Rule, required } from "../rule.ts";
import { dnsLabel, dnsSubdomain, relativePath } from "../text-rules.ts";
import { claimTemplateRule } from "./claim-template-rule.ts";
import { csiDriverName } from "./csi-driver-name.ts";
import { disks } from "./disk-sources.ts";
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
  disks.hostPath,
  { field: "gitRepo", rule: fields({ repository: required(), directory: relativePath }) },
  disks.gcePersistentDisk,
  disks.awsElasticBlockStore,
  {
    field: "secret",
    rule: fields({ secretName: required(), defaultMode: fileMode, items: keyItems }),
  },
  disks.nfs,
  { field: "iscsi", rule: iscsiSource },
  { field: "glusterfs", rule: fields({ endpoints: required(), path: required() }) },
  disks.flocker,
  { field: "persistentVolumeClaim", rule: fields({ claimName: required() }) },
  disks.rbd,
  { field: "cinder", rule: fields({ volumeID: required(), secretRef: namedSecret }) },
  disks.cephfs,
  disks.quobyte,
  { field: "downwardAPI", rule: downwardApiSource, shownAsSecond: "downwarAPI" },
  disks.fc,
  disks.flexVolume,
  {
    field: "configMap",
    rule: fields({ name: required(), defaultMode: fileMode, items: keyItems }),
  },
  { field: "azureFile", rule: fields({ secretName: required(), shareName: required() }) },
  disks.vsphereVolume,
  disks.photonPersistentDisk,
  disks.portworxVolume,
  disks.azureDisk,
  {
    field: "storageos",
    rule: fields({
      volumeName: required(dnsLabel),
      volumeNamespace: dnsLabel,
      secretRef: namedSecret,
    }),
  },
  { field: "projected", rule: projectedSource },
  disks.scaleIO,
  { field: "csi", rule: csiSource },
  { field: "ephemeral", rule: fields({ volumeClaimTemplate: required(claimTemplateRule) }) },
  { field: "image", rule: fields({ pullPolicy: oneOf("Always", "IfNotPresent", "Never") }) },
]);
