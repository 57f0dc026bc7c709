import { expect, test } from "vitest";
import { checkVolumes } from "../../../../shared/kube/validation/storage/volumes-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { told } from "../errors-of.ts";
import { notALabel, notASubdomain } from "../sentences.ts";

type Case = readonly [behaviour: string, volume: Readonly<Record<string, Json>>, string[]];

const path = "spec.template.spec.volumes";
const errorsFor = (volume: Readonly<Record<string, Json>>) =>
  checkVolumes([{ name: "content", ...volume }], path)
    .errors.map(told)
    .map((error) => error.replace(`${path}[0]`, "VOLUME"));

const disks: readonly Case[] = [
  [
    "an NFS export without anything",
    { nfs: {} },
    [
      "VOLUME.nfs.server: Required value",
      "VOLUME.nfs.path: Required value",
      'VOLUME.nfs.path: Invalid value: "": must be an absolute path',
    ],
  ],
  [
    "an NFS export that is relative",
    { nfs: { server: "a", path: "b" } },
    ['VOLUME.nfs.path: Invalid value: "b": must be an absolute path'],
  ],
  [
    "a disk of GCE without a name",
    { gcePersistentDisk: { partition: 256 } },
    [
      "VOLUME.persistentDisk.pdName: Required value",
      "VOLUME.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive",
    ],
  ],
  [
    "a disk of AWS without an id",
    { awsElasticBlockStore: { partition: -1 } },
    [
      "VOLUME.awsElasticBlockStore.volumeID: Required value",
      "VOLUME.awsElasticBlockStore.partition: Invalid value: -1: must be between 1 and 255, " +
        "inclusive",
    ],
  ],
  [
    "an Azure disk without anything",
    { azureDisk: { cachingMode: "All", kind: "Rented" } },
    [
      "VOLUME.azureDisk.diskName: Required value",
      "VOLUME.azureDisk.diskURI: Required value",
      'VOLUME.azureDisk.cachingMode: Unsupported value: "All": supported values: "None", ' +
        '"ReadOnly", "ReadWrite"',
      'VOLUME.azureDisk.kind: Unsupported value: "Rented": supported values: "Dedicated", ' +
        '"Managed", "Shared"',
      'VOLUME.azureDisk.diskURI: Unsupported value: "": supported values: ' +
        '"https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
    ],
  ],
  [
    "a managed Azure disk at a blob's address",
    { azureDisk: { diskName: "a", diskURI: "https://a", kind: "Managed" } },
    [
      'VOLUME.azureDisk.diskURI: Unsupported value: "https://a": supported values: ' +
        '"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/' +
        '{disk-id}"',
    ],
  ],
  [
    "an Azure disk of no kind, which is a blob",
    { azureDisk: { diskName: "a", diskURI: "/subscriptions/a" } },
    [
      'VOLUME.azureDisk.diskURI: Unsupported value: "/subscriptions/a": supported values: ' +
        '"https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
    ],
  ],
  [
    "an Azure share without a name",
    { azureFile: {} },
    ["VOLUME.azureFile.secretName: Required value", "VOLUME.azureFile.shareName: Required value"],
  ],
  [
    "a CSI driver without a name",
    { csi: { nodePublishSecretRef: {} } },
    [
      "VOLUME.csi.driver: Required value",
      `VOLUME.csi.driver: Invalid value: "": ${notASubdomain}`,
      "VOLUME.csi.nodePublishSecretRef.name: Required value",
    ],
  ],
  [
    "a CSI driver of a long name, with a secret of a wrong one",
    { csi: { driver: `Disk.${"a".repeat(60)}`, nodePublishSecretRef: { name: "A" } } },
    [
      "VOLUME.csi.driver: Too long: may not be more than 63 bytes",
      `VOLUME.csi.name: Invalid value: "A": ${notASubdomain}`,
    ],
  ],
  [
    "fibre channels of both sorts",
    { fc: { targetWWNs: ["a"], wwids: ["b"] } },
    [
      'VOLUME.fc.targetWWNs: Invalid value: ["a"]: targetWWNs and wwids can not be specified ' +
        "simultaneously",
      "VOLUME.fc.lun: Required value: lun is required if targetWWNs is specified",
    ],
  ],
  [
    "fibre channels of no sort",
    { fc: { lun: 300 } },
    ["VOLUME.fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both"],
  ],
  [
    "a unit of a fibre channel out of range",
    { fc: { targetWWNs: ["a"], lun: 256 } },
    ["VOLUME.fc.lun: Invalid value: 256: must be between 0 and 255, inclusive"],
  ],
  [
    "an iSCSI disk without anything",
    { iscsi: { lun: 256, chapAuthSession: true } },
    [
      "VOLUME.iscsi.targetPortal: Required value",
      "VOLUME.iscsi.iqn: Required value",
      "VOLUME.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive",
      "VOLUME.iscsi.secretRef: Required value",
    ],
  ],
  [
    "an iSCSI disk of a name that is none",
    { iscsi: { targetPortal: "127.0.0.1", iqn: "disk", initiatorName: "iqn.2001" } },
    [
      'VOLUME.iscsi.iqn: Invalid value: "disk": must be valid format starting with iqn, eui, or ' +
        "naa",
      'VOLUME.iscsi.initiatorname: Invalid value: "iqn.2001": must be valid format',
    ],
  ],
  [
    "iSCSI names that are too short",
    { iscsi: { targetPortal: "127.0.0.1", iqn: "eui.0123", initiatorName: "naa.0123" } },
    [
      'VOLUME.iscsi.iqn: Invalid value: "eui.0123": must be valid format',
      'VOLUME.iscsi.initiatorname: Invalid value: "naa.0123": must be valid format',
    ],
  ],
  [
    "an iSCSI portal that makes a long interface",
    {
      iscsi: {
        targetPortal: "a".repeat(60),
        iqn: "iqn.2001-04.com.example:a",
        initiatorName: "iqn.2001-04.com.example:b",
      },
    },
    [
      'VOLUME.name: Invalid value: "content": Total length of <volume name>:<iscsi.targetPortal> ' +
        "must be under 64 characters if iscsi.initiatorName is specified.",
    ],
  ],
  [
    "a Gluster volume without anything",
    { glusterfs: {} },
    ["VOLUME.glusterfs.endpoints: Required value", "VOLUME.glusterfs.path: Required value"],
  ],
  [
    "a dataset without a name",
    { flocker: {} },
    ["VOLUME.flocker: Required value: one of datasetName and datasetUUID is required"],
  ],
  [
    "a dataset with two names",
    { flocker: { datasetName: "a/b", datasetUUID: "c" } },
    [
      'VOLUME.flocker: Invalid value: "resource": datasetName and datasetUUID can not be ' +
        "specified simultaneously",
      `VOLUME.flocker.datasetName: Invalid value: "a/b": must not contain '/'`,
    ],
  ],
  [
    "a block device of Ceph without anything",
    { rbd: {} },
    ["VOLUME.rbd.monitors: Required value", "VOLUME.rbd.image: Required value"],
  ],
  [
    "files of Ceph without monitors",
    { cephfs: { monitors: [] } },
    ["VOLUME.cephfs.monitors: Required value"],
  ],
  [
    "a Cinder volume without an id",
    { cinder: { secretRef: {} } },
    ["VOLUME.cinder.volumeID: Required value", "VOLUME.cinder.secretRef.name: Required value"],
  ],
  [
    "a Quobyte volume without anything",
    { quobyte: {} },
    [
      "VOLUME.quobyte.registry: Required value: must be a host:port pair or multiple pairs " +
        "separated by commas",
      "VOLUME.quobyte.volume: Required value",
    ],
  ],
  [
    "a Quobyte registry without a port",
    { quobyte: { registry: "a:1,b", volume: "c" } },
    [
      'VOLUME.quobyte.registry: Invalid value: "a:1,b": must be a host:port pair or multiple ' +
        "pairs separated by commas",
    ],
  ],
  [
    "a Quobyte tenant of a long name",
    { quobyte: { registry: "a", tenant: "t".repeat(65), volume: "c" } },
    [
      "VOLUME.quobyte.tenant: Required value: must be a UUID and may not exceed a length of 64 " +
        "characters",
    ],
  ],
  [
    "a flex volume with options of Kubernetes",
    { flexVolume: { options: { "kubernetes.io/a": "", "x.K8s.io": "", "example.com/a": "" } } },
    [
      "VOLUME.flexVolume.driver: Required value",
      'VOLUME.flexVolume.options[kubernetes.io/a]: Invalid value: "kubernetes.io/a": ' +
        "kubernetes.io and k8s.io namespaces are reserved",
      'VOLUME.flexVolume.options[x.K8s.io]: Invalid value: "x.K8s.io": ' +
        "kubernetes.io and k8s.io namespaces are reserved",
    ],
  ],
  [
    "a vSphere disk without a path",
    { vsphereVolume: {} },
    ["VOLUME.vsphereVolume.volumePath: Required value"],
  ],
  [
    "a Photon disk without an id",
    { photonPersistentDisk: {} },
    ["VOLUME.photonPersistentDisk.pdID: Required value"],
  ],
  [
    "a Portworx volume without an id",
    { portworxVolume: {} },
    ["VOLUME.portworxVolume.volumeID: Required value"],
  ],
  [
    "a ScaleIO volume without anything",
    { scaleIO: {} },
    [
      "VOLUME.scaleIO.gateway: Required value",
      "VOLUME.scaleIO.system: Required value",
      "VOLUME.scaleIO.volumeName: Required value",
    ],
  ],
  [
    "a StorageOS volume of wrong names",
    { storageos: { volumeName: "A", volumeNamespace: "B", secretRef: {} } },
    [
      `VOLUME.storageos.volumeName: Invalid value: "A": ${notALabel}`,
      `VOLUME.storageos.volumeNamespace: Invalid value: "B": ${notALabel}`,
      "VOLUME.storageos.secretRef.name: Required value",
    ],
  ],
  [
    "a StorageOS volume without a name",
    { storageos: {} },
    ["VOLUME.storageos.volumeName: Required value"],
  ],
];

test.each(disks)("a volume with %s is refused", (_, volume, errors) => {
  expect(errorsFor(volume)).toEqual(errors);
});
