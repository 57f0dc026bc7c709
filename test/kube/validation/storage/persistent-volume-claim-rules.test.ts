import { expect, test } from "vitest";
import { persistentVolumeClaimRules } from "../../../../shared/kube/validation/storage/persistent-volume-claim-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { accessModes, notALabel, notASubdomain } from "../sentences.ts";
import { claim, type Fields } from "./storage-objects.ts";

const rules = persistentVolumeClaimRules;

const oneMode = "at least 1 access mode is required";
const other = { apiGroup: "example.com", kind: "Disk", name: "a" };
const snapshot = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "a" };

test.each<[behaviour: string, spec: Fields, errors: readonly string[]]>([
  [
    "says nothing",
    { accessModes: null, resources: null },
    [`spec.accessModes: Required value: ${oneMode}`, "spec.resources[storage]: Required value"],
  ],
  ["has no modes", { accessModes: [] }, [`spec.accessModes: Required value: ${oneMode}`]],
  [
    "has unknown modes",
    { accessModes: ["RWO"] },
    [`spec.accessModes: Unsupported value: "RWO": ${accessModes}`],
  ],
  [
    "is of one pod and of others",
    { accessModes: ["ReadWriteOncePod", "ReadWriteMany"] },
    ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
  ],
  [
    "selects by a wrong operator",
    { selector: { matchExpressions: [{ key: "a", operator: "Like" }] } },
    [
      'spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector ' +
        "operator",
    ],
  ],
  [
    "has no size",
    { resources: { limits: { storage: "1Gi" } } },
    ["spec.resources[storage]: Required value"],
  ],
  [
    "asks for nothing",
    { resources: { requests: { storage: "0Gi" } } },
    ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
  ],
  [
    "asks for less than nothing",
    { resources: { requests: { storage: "-1Gi" } } },
    ['spec.resources[storage]: Invalid value: "-1Gi": must be greater than zero'],
  ],
  [
    "is of classes of wrong names",
    { storageClassName: "Fast_1", volumeAttributesClassName: "Gold_1" },
    [
      `spec.storageClassName: Invalid value: "Fast_1": ${notASubdomain}`,
      `spec.volumeAttributesClassName: Invalid value: "Gold_1": ${notASubdomain}`,
    ],
  ],
  [
    "is of an unknown mode",
    { volumeMode: "Tape" },
    ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"'],
  ],
  [
    "is filled from a claim without a name",
    { dataSource: { kind: "PersistentVolumeClaim" } },
    ["spec.dataSource.name: Required value", "spec.dataSourceRef.name: Required value"],
  ],
  [
    "is filled from nothing",
    { dataSourceRef: {} },
    [
      "spec.dataSource.name: Required value",
      "spec.dataSource.kind: Required value",
      "spec.dataSource: Invalid value: \"\": must be 'PersistentVolumeClaim' when referencing " +
        "the default apiGroup",
      "spec.dataSourceRef.name: Required value",
      "spec.dataSourceRef.kind: Required value",
      "spec.dataSourceRef: Invalid value: \"\": must be 'PersistentVolumeClaim' when referencing " +
        "the default apiGroup",
    ],
  ],
  [
    "is filled from a group of a wrong name in another namespace of a wrong name",
    { dataSourceRef: { apiGroup: "A", kind: "Disk", name: "a", namespace: "B" } },
    [
      `spec.dataSourceRef.apiGroup: Invalid value: "A": ${notASubdomain}`,
      `spec.dataSourceRef.namespace: Invalid value: "B": ${notALabel}`,
    ],
  ],
  [
    "is filled from two places",
    { dataSource: snapshot, dataSourceRef: other },
    ["spec: Invalid value: {}: must match dataSourceRef"],
  ],
  [
    "is filled from two namespaces",
    { dataSource: snapshot, dataSourceRef: { ...snapshot, namespace: "b" } },
    ["spec: Invalid value: {}: may not be specified when dataSourceRef.namespace is specified"],
  ],
])("a claim that %s is refused", (_, spec, errors) => {
  expect(errorsOf(rules, claim(spec))).toEqual(errors);
});

test("a claim without a spec is refused", () => {
  const { spec: _, ...nothing } = claim();
  expect(errorsOf(rules, nothing)).toEqual([
    `spec.accessModes: Required value: ${oneMode}`,
    "spec.resources[storage]: Required value",
  ]);
});

test.each<[behaviour: string, spec: Fields]>([
  ["has the least that is needed", {}],
  ["has a size in plain bytes", { resources: { requests: { storage: 8589934592 } } }],
  ["has a size with an exponent", { resources: { requests: { storage: "1e10" } } }],
  ["asks for no class", { storageClassName: "" }],
  ["is a bare disk", { volumeMode: "Block" }],
  ["is shared", { accessModes: ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"] }],
  ["is of one pod", { accessModes: ["ReadWriteOncePod"] }],
  ["is filled from a claim", { dataSource: { kind: "PersistentVolumeClaim", name: "a" } }],
  ["is filled from a snapshot", { dataSource: snapshot }],
  ["is filled from another kind", { dataSourceRef: other }],
  ["names another kind in the old field, which is emptied", { dataSource: { kind: "Disk" } }],
  [
    "is filled from one place that is told twice",
    { dataSource: snapshot, dataSourceRef: snapshot },
  ],
  ["is filled from another namespace", { dataSourceRef: { ...snapshot, namespace: "b" } }],
  ["is of a class of attributes", { volumeAttributesClassName: "gold" }],
  ["has fields of a newer Kubernetes", { encryption: { key: "a" } }],
])("a claim that %s is taken", (_, spec) => {
  expect(errorsOf(rules, claim(spec))).toEqual([]);
});

const immutable =
  "spec: Forbidden: spec is immutable after creation except resources.requests and " +
  "volumeAttributesClassName for bound claims";

test.each<[behaviour: string, spec: Fields, before: Fields, errors: readonly string[]]>([
  ["modes", { accessModes: ["ReadWriteMany"] }, {}, [immutable]],
  ["class", { storageClassName: "slow" }, { storageClassName: "fast" }, [immutable]],
  ["lost class", {}, { storageClassName: "fast" }, [immutable]],
  ["volume", { volumeName: "b" }, { volumeName: "a" }, [immutable]],
  ["selector", { selector: { matchLabels: { a: "b" } } }, {}, [immutable]],
  ["source", { dataSource: snapshot }, {}, [immutable]],
  [
    "limits",
    { resources: { requests: { storage: "8Gi" }, limits: { storage: "9Gi" } } },
    {},
    [immutable],
  ],
  [
    "mode",
    { volumeMode: "Block" },
    {},
    [immutable, 'volumeMode: Invalid value: "Block": field is immutable'],
  ],
])("the %s of a claim stays as it was", (_, spec, before, errors) => {
  expect(errorsOf(rules, claim(spec), claim(before))).toEqual(errors);
});

test.each<[behaviour: string, spec: Fields, before: Fields]>([
  ["nothing", {}, {}],
  ["its size", { resources: { requests: { storage: "9Gi" } } }, {}],
  ["its size, which comes down again", { resources: { requests: { storage: "7Gi" } } }, {}],
  [
    "how its limits are written",
    { resources: { requests: { storage: "8Gi" }, limits: { storage: "1024Mi" } } },
    { resources: { requests: { storage: "8Gi" }, limits: { storage: "1Gi" } } },
  ],
  ["its attributes' class", { volumeAttributesClassName: "a" }, { volumeAttributesClassName: "b" }],
  ["its class, once", { storageClassName: "fast" }, {}],
  ["its volume, once", { volumeName: "a" }, {}],
  ["that defaults are told", { volumeMode: "Filesystem", selector: null, volumeName: "" }, {}],
  ["that a source is told by its new name", { dataSourceRef: snapshot }, { dataSource: snapshot }],
])("of a claim %s may change", (_, spec, before) => {
  expect(errorsOf(rules, claim(spec), claim(before))).toEqual([]);
});

const annotation = "volume.beta.kubernetes.io/storage-class";
const annotated = (name: string) => ({ metadata: { annotations: { [annotation]: name } } });

test("the annotation for a class stays, or becomes the field", () => {
  expect(errorsOf(rules, claim({}, annotated("slow")), claim({}, annotated("fast")))).toEqual([
    `metadata.annotations.${annotation}: Invalid value: "slow": field is immutable`,
  ]);
  expect(
    errorsOf(rules, claim({ storageClassName: "fast" }), claim({}, annotated("fast"))),
  ).toEqual([]);
  expect(
    errorsOf(rules, claim({ storageClassName: "slow" }), claim({}, annotated("fast"))),
  ).toEqual([
    `metadata.annotations.${annotation}: Invalid value: "": field is immutable`,
    immutable,
  ]);
});

test("the annotation does not go while the field says the same", () => {
  const fast = { storageClassName: "fast" };
  expect(errorsOf(rules, claim(fast), claim(fast, annotated("fast")))).toEqual([
    `metadata.annotations.${annotation}: Invalid value: "": field is immutable`,
  ]);
});

test("a claim does not shrink to the size that its volume has", () => {
  const before = claim({}, { status: { capacity: { storage: "7Gi" } } });
  const sized = (storage: string) => claim({ resources: { requests: { storage } } });
  expect(errorsOf(rules, sized("7168Mi"), before)).toEqual([
    "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity",
  ]);
  expect(errorsOf(rules, sized("7500Mi"), before)).toEqual([]);
});
