import { expect, test } from "vitest";
import { persistentVolumeRules } from "../../../../shared/kube/validation/storage/persistent-volume-rules.ts";
import { errorsOf } from "../errors-of.ts";
import {
  accessModes,
  anEmptyName,
  notALabel,
  notALabelValue,
  notAName,
  notASubdomain,
} from "../sentences.ts";
import { type Fields, volume } from "./storage-objects.ts";

const rules = persistentVolumeRules;
const iqn = "iqn.2001-04.com.example:storage.disk1";
const onNode = (...matchExpressions: readonly Fields[]) => ({
  required: { nodeSelectorTerms: [{ matchExpressions }] },
});
const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["1"] };
const withSource = (source: Fields) => ({ hostPath: null, ...source });

test.each<[behaviour: string, spec: Fields, errors: readonly string[]]>([
  [
    "says nothing",
    { accessModes: null, capacity: null, hostPath: null },
    [
      "spec.accessModes: Required value",
      "spec.capacity: Required value",
      'spec.capacity: Unsupported value: null: supported values: "storage"',
      "spec: Required value: must specify a volume type",
    ],
  ],
  [
    "has unknown modes",
    { accessModes: ["RWX"] },
    [`spec.accessModes: Unsupported value: "RWX": ${accessModes}`],
  ],
  [
    "is of one pod and of others",
    { accessModes: ["ReadWriteOnce", "ReadWriteOncePod"] },
    ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
  ],
  [
    "counts more than its size",
    { capacity: { storage: "1Gi", cpu: 1 } },
    ['spec.capacity: Unsupported value: {"storage":"1Gi","cpu":1}: supported values: "storage"'],
  ],
  [
    "has less than no size",
    { capacity: { storage: "-1500m" } },
    [
      "spec.capacity[storage]: Invalid value: -2: must be a valid resource quantity",
      'spec.capacity[storage]: Invalid value: "-1500m": must be greater than zero',
    ],
  ],
  [
    "is reclaimed in unknown ways",
    { persistentVolumeReclaimPolicy: "Burn" },
    [
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: ' +
        '"Delete", "Recycle", "Retain"',
    ],
  ],
  [
    "wipes the node",
    { persistentVolumeReclaimPolicy: "Recycle", hostPath: { path: "//./" } },
    [
      "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount " +
        "of '/'",
    ],
  ],
  [
    "has two sources",
    { nfs: { server: "a", path: "/" } },
    ["spec.nfs: Forbidden: may not specify more than 1 volume type"],
  ],
  [
    "is local to no node",
    withSource({ local: { path: "/a/.." } }),
    [
      `spec.local.path: Invalid value: "/a/..": must not contain '..'`,
      "spec.nodeAffinity: Required value: Local volume requires node affinity",
    ],
  ],
  [
    "is near to nodes that are not told",
    { nodeAffinity: {} },
    ["spec.nodeAffinity.required: Required value: must specify required node constraints"],
  ],
  [
    "is near to no nodes",
    { nodeAffinity: { required: { nodeSelectorTerms: [] } } },
    [
      "spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node " +
        "selector term",
    ],
  ],
  [
    "is near to nodes of no label",
    { nodeAffinity: onNode({ operator: "In", values: ["-"] }) },
    [
      `TERM.matchExpressions[0].key: Invalid value: "": ${anEmptyName}`,
      `TERM.matchExpressions[0].key: Invalid value: "": ${notAName}`,
      `TERM.matchExpressions[0].values[0]: Invalid value: "-": ${notALabelValue}`,
    ],
  ],
  [
    "is of classes of wrong names, without a driver for one of them",
    { storageClassName: "Fast_1", volumeAttributesClassName: "Gold_1" },
    [
      `spec.storageClassName: Invalid value: "Fast_1": ${notASubdomain}`,
      `spec.volumeAttributesClassName: Invalid value: "Gold_1": ${notASubdomain}`,
      "spec.csi: Required value: has to be specified when using volumeAttributesClassName",
    ],
  ],
  [
    "is of an empty class of attributes",
    withSource({
      csi: { driver: "disk.csi.azure.com", volumeHandle: "a" },
      volumeAttributesClassName: "",
    }),
    ["spec.volumeAttributesClassName: Required value: an empty string is disallowed"],
  ],
  [
    "is of an unknown mode",
    { volumeMode: "Tape" },
    ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"'],
  ],
  [
    "is of a driver without a handle",
    withSource({
      csi: {
        driver: "disk.csi.azure.com",
        controllerPublishSecretRef: {},
        controllerExpandSecretRef: { name: "A", namespace: "a" },
        nodePublishSecretRef: { name: "a", namespace: "A" },
        nodeExpandSecretRef: { name: "a" },
      },
    }),
    [
      "spec.csi.volumeHandle: Required value",
      "spec.csi.controllerPublishSecretRef.name: Required value",
      "spec.csi.controllerPublishSecretRef.namespace: Required value",
      `spec.csi.controllerExpandSecretRef.name: Invalid value: "A": ${notASubdomain}`,
      `spec.csi.nodePublishSecretRef.namespace: Invalid value: "A": ${notALabel}`,
      "spec.csi.nodeExpandSecretRef.namespace: Required value",
    ],
  ],
  [
    "is of Azure files without a namespace for the secret",
    withSource({ azureFile: { shareName: "a", secretName: "b", secretNamespace: "" } }),
    ["spec.azureFile.secretNamespace: Required value"],
  ],
  [
    "is of Azure files without names",
    withSource({ azureFile: {} }),
    ["spec.azureFile.secretName: Required value", "spec.azureFile.shareName: Required value"],
  ],
  [
    "is of Gluster without names",
    withSource({ glusterfs: { endpointsNamespace: "A" } }),
    [
      "spec.glusterfs.endpoints: Required value",
      "spec.glusterfs.path: Required value",
      `spec.glusterfs.endpointsNamespace: Invalid value: "A": ${notALabel}`,
    ],
  ],
  [
    "is of Gluster in a namespace without a name",
    withSource({ glusterfs: { endpoints: "a", path: "b", endpointsNamespace: "" } }),
    [
      'spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it ' +
        "must be a valid namespace name",
    ],
  ],
  [
    "is of Cinder with a secret of no name and nowhere",
    withSource({ cinder: { volumeID: "a", secretRef: {} } }),
    [
      "spec.cinder.secretRef.name: Required value",
      "spec.cinder.secretRef.namespace: Required value",
    ],
  ],
  [
    "is of StorageOS with a secret of nowhere",
    withSource({ storageos: { volumeName: "a", secretRef: { name: "b" } } }),
    ["spec.storageos.secretRef.namespace: Required value"],
  ],
  [
    "is of StorageOS without a name",
    withSource({ storageos: {} }),
    ["spec.storageos.volumeName: Required value"],
  ],
  [
    "is of iSCSI with a name that is none",
    withSource({
      iscsi: { targetPortal: "a", iqn: "disk", initiatorName: "disk", secretRef: {} },
    }),
    [
      'spec.iscsi.iqn: Invalid value: "disk": must be valid format',
      "spec.iscsi.secretRef.name: Required value",
      'spec.iscsi.initiatorname: Invalid value: "disk": must be valid format',
    ],
  ],
  [
    "is of iSCSI without a portal",
    withSource({ iscsi: { iqn } }),
    ["spec.iscsi.targetPortal: Required value"],
  ],
  [
    "is of iSCSI with a portal that makes a long interface",
    withSource({ iscsi: { targetPortal: "a".repeat(60), iqn, initiatorName: iqn } }),
    [
      `spec.iscsi.targetportal: Invalid value: "${"a".repeat(60)}": Total length of <volume ` +
        "name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is " +
        "specified.",
    ],
  ],
])("a volume that %s is refused", (_, spec, errors) => {
  const found = errorsOf(rules, volume(spec));
  const term = "spec.nodeAffinity.required.nodeSelectorTerms[0]";
  expect(found.map((error) => error.replace(term, "TERM"))).toEqual(errors);
});

const csi = { driver: "disk.csi.azure.com", volumeHandle: "/subscriptions/a" };
const secret = { name: "a", namespace: "b" };
const moved = "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable";

test.each<[behaviour: string, spec: Fields, before: Fields, errors: readonly string[]]>([
  ["path", { hostPath: { path: "/b" } }, {}, [`${moved} after creation`]],
  ["source", withSource({ csi }), {}, [`${moved} after creation`]],
  [
    "driver's secret",
    withSource({ csi: { ...csi, controllerExpandSecretRef: secret } }),
    withSource({ csi: { ...csi, controllerExpandSecretRef: { ...secret, name: "c" } } }),
    [`${moved} after creation`],
  ],
  ["mode", { volumeMode: "Block" }, {}, ['volumeMode: Invalid value: "Block": field is immutable']],
  [
    "nodes",
    { nodeAffinity: onNode({ ...zone, values: ["2"] }) },
    { nodeAffinity: onNode(zone) },
    [
      `nodeAffinity: Invalid value: ${JSON.stringify(onNode({ ...zone, values: ["2"] }))}: field ` +
        "is immutable, except for updating from beta label to GA",
    ],
  ],
])("the %s of a volume stays as it was", (_, spec, before, errors) => {
  expect(errorsOf(rules, volume(spec), volume(before))).toEqual(errors);
});

const azureDisk = { diskName: "a", diskURI: "https://a" };

test.each<[behaviour: string, spec: Fields, before: Fields]>([
  ["its size", { capacity: { storage: "9Gi" } }, {}],
  ["its policy", { persistentVolumeReclaimPolicy: "Retain" }, {}],
  ["its claim", { claimRef: { name: "a", namespace: "b" } }, {}],
  ["its modes", { accessModes: ["ReadWriteMany"] }, {}],
  ["its class", { storageClassName: "a" }, { storageClassName: "b" }],
  ["its nodes, once", { nodeAffinity: onNode(zone) }, {}],
  [
    "the names of labels that were beta",
    { nodeAffinity: onNode(zone) },
    { nodeAffinity: onNode({ ...zone, key: "failure-domain.beta.kubernetes.io/zone" }) },
  ],
  [
    "the secret for growth, once",
    withSource({ csi: { ...csi, controllerExpandSecretRef: secret } }),
    withSource({ csi }),
  ],
  [
    "that defaults are told",
    withSource({ azureDisk: { ...azureDisk, kind: "Shared", fsType: "ext4", readOnly: false } }),
    withSource({ azureDisk }),
  ],
  ["that an empty type is told", { hostPath: { path: "/data", type: "" } }, {}],
])("of a volume %s may change", (_, spec, before) => {
  expect(errorsOf(rules, volume(spec), volume(before))).toEqual([]);
});

test("a flex volume beside another source is taken, as a kube-apiserver does", () => {
  expect(errorsOf(rules, volume({ flexVolume: { driver: "example.com/lvm" } }))).toEqual([]);
  expect(errorsOf(rules, volume({ flexVolume: {} }))).toEqual([
    "spec.flexVolume.driver: Required value",
  ]);
});

test("a source that only a newer Kubernetes knows is taken", () => {
  expect(errorsOf(rules, volume(withSource({ bucket: { name: "a" } })))).toEqual([]);
});
