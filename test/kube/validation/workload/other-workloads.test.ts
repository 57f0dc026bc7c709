import { expect, test } from "vitest";
import type { ObjectRule } from "../../../../shared/kube/validation/rule.ts";
import { daemonSetRules } from "../../../../shared/kube/validation/workload/daemon-set-rules.ts";
import { replicaSetRules } from "../../../../shared/kube/validation/workload/replica-set-rules.ts";
import { statefulSetRules } from "../../../../shared/kube/validation/workload/stateful-set-rules.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { podSpec, templateOf, workload } from "./workloads.ts";

const rules: Readonly<Record<string, ObjectRule>> = {
  DaemonSet: daemonSetRules,
  ReplicaSet: replicaSetRules,
  StatefulSet: statefulSetRules,
};

type Spec = Readonly<Record<string, Json>>;

const errorsFor = (kind: string, spec: Spec, before?: Spec): readonly string[] =>
  errorsOf(
    rules[kind] ?? (() => []),
    workload(kind, spec),
    before === undefined ? undefined : workload(kind, before),
  );

const rolling = (rollingUpdate: JsonObject) => ({
  updateStrategy: { type: "RollingUpdate", rollingUpdate },
});
const maxUnavailable = "spec.updateStrategy.rollingUpdate.maxUnavailable";
const maxSurge = "spec.updateStrategy.rollingUpdate.maxSurge";
const negative = (field: string) =>
  `${field}: Invalid value: -1: must be greater than or equal to 0`;

test.each<[kind: string, behaviour: string, spec: Spec, errors: readonly string[]]>([
  [
    "DaemonSet",
    "both a surge and pods that are away",
    rolling({ maxSurge: 1 }),
    [`${maxSurge}: Invalid value: 1: may not be set when maxUnavailable is non-zero`],
  ],
  [
    "DaemonSet",
    "neither a surge nor pods that are away",
    rolling({ maxUnavailable: 0 }),
    [`${maxUnavailable}: Required value: cannot be 0 when maxSurge is 0`],
  ],
  [
    "DaemonSet",
    "more than all pods away",
    rolling({ maxUnavailable: "110%" }),
    [`${maxUnavailable}: Invalid value: "110%": must not be greater than 100%`],
  ],
  [
    "DaemonSet",
    "a strategy that there is not",
    { updateStrategy: { type: "Recreate" } },
    [
      'spec.updateStrategy: Unsupported value: {"type":"Recreate"}: ' +
        'supported values: "RollingUpdate", "OnDelete"',
    ],
  ],
  [
    "DaemonSet",
    "a roll by a strategy that there is not",
    { updateStrategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
    [
      'spec.updateStrategy: Unsupported value: {"type":"Recreate","rollingUpdate":' +
        '{"maxSurge":1}}: supported values: "RollingUpdate", "OnDelete"',
    ],
  ],
  [
    "DaemonSet",
    "an empty selector",
    { selector: {} },
    ["spec.selector: Invalid value: {}: empty selector is invalid for daemonset"],
  ],
  ["DaemonSet", "negative seconds", { minReadySeconds: -1 }, [negative("spec.minReadySeconds")]],
  [
    "DaemonSet",
    "pods that end",
    { template: templateOf({ ...podSpec, activeDeadlineSeconds: 1 }) },
    [
      "spec.template.spec.activeDeadlineSeconds: Forbidden: " +
        "activeDeadlineSeconds in DaemonSet is not Supported",
    ],
  ],
  ["ReplicaSet", "negative replicas", { replicas: -1 }, [negative("spec.replicas")]],
  [
    "ReplicaSet",
    "an empty selector",
    { selector: {} },
    ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
  ],
  [
    "StatefulSet",
    "a policy that there is not",
    { podManagementPolicy: "Serial" },
    [
      'spec.podManagementPolicy: Invalid value: "Serial": ' +
        "must be 'OrderedReady' or 'Parallel'",
    ],
  ],
  [
    "StatefulSet",
    "a strategy that there is not",
    { updateStrategy: { type: "Recreate" } },
    [
      'spec.updateStrategy: Invalid value: {"type":"Recreate"}: ' +
        "must be 'RollingUpdate' or 'OnDelete'",
    ],
  ],
  [
    "StatefulSet",
    "a roll of what is replaced on deletion",
    { updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 1 } } },
    [
      'spec.updateStrategy.rollingUpdate: Invalid value: {"partition":1}: ' +
        "only allowed for updateStrategy 'RollingUpdate'",
    ],
  ],
  [
    "StatefulSet",
    "a negative partition",
    rolling({ partition: -1 }),
    [negative("spec.updateStrategy.rollingUpdate.partition")],
  ],
  [
    "StatefulSet",
    "negative numbers",
    { replicas: -1, minReadySeconds: -1, ordinals: { start: -1 } },
    [negative("spec.replicas"), negative("spec.minReadySeconds"), negative("spec.ordinals.start")],
  ],
  [
    "StatefulSet",
    "claims that are neither kept nor deleted",
    { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Archive", whenScaled: "Retain" } },
    [
      "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: " +
        'Unsupported value: "Archive": supported values: "Delete", "Retain"',
    ],
  ],
  [
    "StatefulSet",
    "no selector",
    { selector: null },
    [
      "spec.selector: Required value",
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: ' +
        "`selector` does not match template `labels`",
    ],
  ],
  [
    "StatefulSet",
    "pods that end",
    { template: templateOf({ restartPolicy: "OnFailure" }) },
    [
      'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": ' +
        'supported values: "Always"',
    ],
  ],
])("a %s is refused: %s", (kind, _, spec, errors) => {
  expect(errorsFor(kind, spec)).toEqual(errors);
});

const claim = {
  metadata: { name: "data", creationTimestamp: null },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

test.each<[kind: string, behaviour: string, spec: Spec]>([
  ["DaemonSet", "with the least", {}],
  ["DaemonSet", "that surges", rolling({ maxSurge: "10%", maxUnavailable: 0 })],
  ["DaemonSet", "with what may be away", rolling({ maxUnavailable: "50%" })],
  ["DaemonSet", "that waits for deletions", { updateStrategy: { type: "OnDelete" } }],
  ["ReplicaSet", "with the least", {}],
  ["ReplicaSet", "that waits", { replicas: 3, minReadySeconds: 10 }],
  ["StatefulSet", "with the least", {}],
  ["StatefulSet", "with empty texts", { updateStrategy: { type: "" }, podManagementPolicy: "" }],
  [
    "DaemonSet",
    "with what is empty in its template",
    { template: templateOf({ ...podSpec, restartPolicy: "", ephemeralContainers: [] }) },
  ],
  [
    "StatefulSet",
    "with all that it can have",
    {
      serviceName: "web",
      replicas: 3,
      podManagementPolicy: "Parallel",
      minReadySeconds: 10,
      revisionHistoryLimit: 5,
      ordinals: { start: 1 },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
      volumeClaimTemplates: [claim],
    },
  ],
])("a %s is taken: %s", (kind, _, spec) => {
  expect(errorsFor(kind, spec)).toEqual([]);
});

test.each(["DaemonSet", "ReplicaSet"])("a %s's selector stays as it was created", (kind) => {
  const labels = { app: "web", tier: "front" };
  const other = {
    selector: { matchLabels: labels },
    template: templateOf(podSpec, { labels }),
  };
  expect(errorsFor(kind, other, {})).toEqual([
    'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"front"}}: ' +
      "field is immutable",
  ]);
  expect(errorsFor(kind, { minReadySeconds: 3 }, {})).toEqual([]);
});

const changed =
  "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', " +
  "'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' " +
  "and 'minReadySeconds' are forbidden";
const before = { serviceName: "web", volumeClaimTemplates: [claim] };
const larger = { ...claim.spec, resources: { requests: { storage: "2Gi" } } };
const same = { ...claim.spec, selector: null, resources: { requests: { storage: "1024Mi" } } };
const defaulted = {
  ...claim,
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data" },
  spec: { ...claim.spec, volumeMode: "Filesystem" },
  status: { phase: "Pending" },
};

test.each<[change: string, after: Spec, errors: readonly string[]]>([
  ["its service", { ...before, serviceName: "other" }, [changed]],
  [
    "the size of its claims",
    { ...before, volumeClaimTemplates: [{ ...claim, spec: larger }] },
    [changed],
  ],
  ["how its pods are managed", { ...before, podManagementPolicy: "Parallel" }, [changed]],
  ["a default that is said", { ...before, podManagementPolicy: "OrderedReady" }, []],
  ["its claims as a server shows them", { ...before, volumeClaimTemplates: [defaulted] }, []],
  [
    "its claims in other words",
    { ...before, volumeClaimTemplates: [{ ...claim, spec: same }], podManagementPolicy: "" },
    [],
  ],
  ["its replicas", { ...before, replicas: 5, minReadySeconds: 1, ordinals: { start: 1 } }, []],
  ["a field that is new to Kubernetes", { ...before, maxUnavailableTogether: 2 }, []],
])("a StatefulSet is changed: %s", (_, after, errors) => {
  expect(errorsFor("StatefulSet", after, before)).toEqual(errors);
});

test.each(["DaemonSet", "ReplicaSet", "StatefulSet"])("the rules of a %s never throw", (kind) => {
  const full = workload(kind, {
    ...before,
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, partition: 1 } },
  });
  expectNeverThrows(rules[kind] ?? (() => []), workload(kind), full);
});
