import { expect, test } from "vitest";
import { csiDriverRules } from "../../../../shared/kube/validation/storage/csi-driver-rules.ts";
import { csiNodeRules } from "../../../../shared/kube/validation/storage/csi-node-rules.ts";
import { storageClassRules } from "../../../../shared/kube/validation/storage/storage-class-rules.ts";
import { volumeAttachmentRules } from "../../../../shared/kube/validation/storage/volume-attachment-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { anEmptyName, notAName, notASubdomain } from "../sentences.ts";
import { attachment, csiDriver, csiNode, type Fields, storageClass } from "./storage-objects.ts";

const zone = (...values: readonly string[]) => ({ key: "topology.kubernetes.io/zone", values });
const topologies = (...terms: readonly (readonly Json[])[]) => ({
  allowedTopologies: terms.map((matchLabelExpressions) => ({ matchLabelExpressions })),
});
const many = Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`p${index}`, ""]));

test.each<[behaviour: string, fields: Fields, errors: readonly string[]]>([
  ["without a provisioner", { provisioner: null }, ["provisioner: Required value"]],
  [
    "of a provisioner that is no name",
    { provisioner: "Disk!" },
    [`provisioner: Invalid value: "disk!": ${notAName}`],
  ],
  [
    "of too many parameters",
    { parameters: many },
    ["parameters: Too long: may not be more than 512 bytes"],
  ],
  [
    "of a parameter without a name",
    { parameters: { "": "a" } },
    ['parameters: Invalid value: "": field can not be empty.'],
  ],
  [
    "of long parameters",
    { parameters: { a: "é".repeat(128 * 1024) } },
    ["parameters: Too long: may not be more than 262144 bytes"],
  ],
  [
    "of unknown policies",
    { reclaimPolicy: "Recycle", volumeBindingMode: "Late" },
    [
      'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
      'volumeBindingMode: Unsupported value: "Late": supported values: "Immediate", ' +
        '"WaitForFirstConsumer"',
    ],
  ],
  [
    "for zones without names",
    topologies([{ key: "" }]),
    [
      "allowedTopologies[0].matchLabelExpressions[0].values: Required value",
      `allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: "": ${anEmptyName}`,
      `allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: "": ${notAName}`,
    ],
  ],
  [
    "for zones that are told twice",
    topologies([zone("1", "1"), zone("2")]),
    [
      'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "1"',
      "allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: " +
        '"topology.kubernetes.io/zone"',
    ],
  ],
  [
    "for terms that are told twice",
    topologies([zone("1", "2")], [zone("2", "1")]),
    ['allowedTopologies[1].matchLabelExpressions: Duplicate value: ""'],
  ],
])("a class %s is refused", (_, fields, errors) => {
  expect(errorsOf(storageClassRules, storageClass(fields))).toEqual(errors);
});

test("a class takes as many parameters, and as long ones, as there may be", () => {
  const { p0: _, ...most } = many;
  expect(errorsOf(storageClassRules, storageClass({ parameters: most }))).toEqual([]);
  const longest = { a: "x".repeat(256 * 1024 - 1) };
  expect(errorsOf(storageClassRules, storageClass({ parameters: longest }))).toEqual([]);
});

test("a class stays as it was, but for how its volumes grow and where they are", () => {
  const before = storageClass({ parameters: { skuName: "Premium_LRS" } });
  const after = storageClass({
    provisioner: "file.csi.azure.com",
    parameters: { skuName: "Standard_LRS" },
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
  });
  expect(errorsOf(storageClassRules, after, before)).toEqual([
    "parameters: Forbidden: updates to parameters are forbidden.",
    "provisioner: Forbidden: updates to provisioner are forbidden.",
    "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.",
    'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
  ]);
  const same = storageClass({
    parameters: { skuName: "Premium_LRS" },
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
    allowVolumeExpansion: true,
    mountOptions: ["debug"],
    ...topologies([zone("1")]),
  });
  expect(errorsOf(storageClassRules, same, before)).toEqual([]);
});

test.each<[behaviour: string, spec: Fields, errors: readonly string[]]>([
  [
    "of an unknown policy",
    { fsGroupPolicy: "Always" },
    [
      'spec.fsGroupPolicy: Unsupported value: "Always": supported values: "File", "None", ' +
        '"ReadWriteOnceWithFSType"',
    ],
  ],
  [
    "of unknown modes",
    { volumeLifecycleModes: ["Persistent", "Eternal"] },
    [
      'spec.volumeLifecycleModes: Unsupported value: "Eternal": supported values: "Persistent", ' +
        '"Ephemeral"',
    ],
  ],
  [
    "of tokens for one audience twice",
    { tokenRequests: [{ audience: "a" }, { audience: "a" }, {}, { audience: "" }] },
    [
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
      'spec.tokenRequests[3].audience: Duplicate value: ""',
    ],
  ],
  [
    "of tokens that live shortly or for ever",
    {
      tokenRequests: [
        { audience: "a", expirationSeconds: 1 },
        { audience: "b", expirationSeconds: 2 ** 33 },
      ],
    },
    [
      "spec.tokenRequests[0].expirationSeconds: Invalid value: 1: may not specify a duration " +
        "less than 10 minutes",
      "spec.tokenRequests[1].expirationSeconds: Invalid value: 8589934592: may not specify a " +
        "duration larger than 2^32 seconds",
    ],
  ],
  [
    "that counts too often",
    { nodeAllocatableUpdatePeriodSeconds: 9 },
    [
      "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal " +
        "to 10 seconds",
    ],
  ],
])("a driver %s is refused", (_, spec, errors) => {
  expect(errorsOf(csiDriverRules, csiDriver(spec))).toEqual(errors);
});

test("how a driver attaches volumes stays as it was", () => {
  const after = csiDriver({ attachRequired: false, volumeLifecycleModes: ["Ephemeral"] });
  expect(errorsOf(csiDriverRules, after, csiDriver())).toEqual([
    "spec.attachedRequired: Invalid value: false: field is immutable",
    'spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable',
  ]);
  const same = { attachRequired: true, volumeLifecycleModes: ["Persistent"], podInfoOnMount: true };
  expect(errorsOf(csiDriverRules, csiDriver(same), csiDriver())).toEqual([]);
});

const onNode = { name: "disk.csi.azure.com", nodeID: "node-1" };

test.each<[behaviour: string, drivers: readonly Json[], errors: readonly string[]]>([
  [
    "without names",
    [{}],
    [
      "spec.drivers[0].name: Required value",
      `spec.drivers[0].name: Invalid value: "": ${notASubdomain}`,
      "spec.drivers[0].nodeID: Required value",
    ],
  ],
  [
    "that are there twice, with long names for the node and debts",
    [onNode, { ...onNode, nodeID: "a".repeat(257), allocatable: { count: -1 } }],
    [
      `spec.drivers[1].nodeID: Invalid value: "${"a".repeat(257)}": must be 256 characters or less`,
      "spec.drivers[1].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
      'spec.drivers[1].name: Duplicate value: "disk.csi.azure.com"',
    ],
  ],
  [
    "of labels that are none",
    [{ ...onNode, topologyKeys: ["zone", "zone", ""] }],
    [
      'spec.drivers[0]: Duplicate value: "zone"',
      "spec.drivers[0]: Required value",
      `spec.drivers[0]: Invalid value: "": ${anEmptyName}`,
      `spec.drivers[0]: Invalid value: "": ${notAName}`,
    ],
  ],
])("drivers of a node %s are refused", (_, drivers, errors) => {
  expect(errorsOf(csiNodeRules, csiNode(...drivers))).toEqual(errors);
});

test("a driver of a node stays as it is, but for how many volumes it takes", () => {
  const renamed = { ...onNode, nodeID: "node-2" };
  expect(errorsOf(csiNodeRules, csiNode(renamed), csiNode(onNode))).toEqual([
    `spec.drivers: Invalid value: ${JSON.stringify(renamed)}: field is immutable`,
  ]);
  const counted = { ...onNode, allocatable: { count: 8 } };
  const other = { name: "file.csi.azure.com", nodeID: "node-1" };
  expect(errorsOf(csiNodeRules, csiNode(counted, other), csiNode(onNode))).toEqual([]);
  expect(errorsOf(csiNodeRules, csiNode(), csiNode(onNode))).toEqual([]);
});

const oneSource = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";

test.each<[behaviour: string, spec: Fields, errors: readonly string[]]>([
  [
    "of nothing",
    { attacher: null, nodeName: null, source: null },
    [
      "spec.attacher: Required value",
      `spec.source: Required value: ${oneSource}`,
      `spec.nodeName: Invalid value: "": ${notASubdomain}`,
      "spec.attacher: Required value",
      `spec.attacher: Invalid value: "": ${notASubdomain}`,
    ],
  ],
  [
    "of two volumes",
    { source: { persistentVolumeName: "a", inlineVolumeSpec: {} } },
    [`spec.source: Forbidden: ${oneSource}`],
  ],
  [
    "of a volume without a name",
    { source: { persistentVolumeName: "" } },
    [
      "spec.source.persistentVolumeName: Required value: must specify non empty " +
        "persistentVolumeName",
      `spec.source.persistentVolumeName: Invalid value: "": ${notASubdomain}`,
    ],
  ],
  [
    "of a volume and a driver of wrong names",
    { attacher: "a_b", source: { persistentVolumeName: "A" } },
    [
      `spec.attacher: Invalid value: "a_b": ${notASubdomain}`,
      `spec.source.persistentVolumeName: Invalid value: "A": ${notASubdomain}`,
    ],
  ],
])("an attachment %s is refused", (_, spec, errors) => {
  expect(errorsOf(volumeAttachmentRules, attachment(spec))).toEqual(errors);
});

test("the spec of an attachment stays as it was", () => {
  const after = attachment({ nodeName: "node-2" });
  expect(errorsOf(volumeAttachmentRules, after, attachment())).toEqual([
    `spec: Invalid value: ${JSON.stringify(after["spec"])}: field is immutable`,
  ]);
  const old = attachment({ attacher: "a_b" });
  expect(errorsOf(volumeAttachmentRules, old, old)).toEqual([]);
});
