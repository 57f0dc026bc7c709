import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { apiServiceRules } from "../../../../shared/kube/validation/cluster/api-service-rules.ts";
import { leaseRules } from "../../../../shared/kube/validation/cluster/lease-rules.ts";
import { namespaceRules } from "../../../../shared/kube/validation/cluster/namespace-rules.ts";
import { nodeRules } from "../../../../shared/kube/validation/cluster/node-rules.ts";
import { runtimeClassRules } from "../../../../shared/kube/validation/cluster/runtime-class-rules.ts";
import type { ObjectRule } from "../../../../shared/kube/validation/rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notA1035Label, notALabel, notALabelValue, notAName } from "../sentences.ts";

function objectOf(content: Readonly<Record<string, Json>>, name = "a"): KubeObject {
  return { apiVersion: "v1", kind: "Any", metadata: { name, namespace: "shop" }, ...content };
}

const lease = (spec: Json): KubeObject => objectOf({ spec });
const namespace = (...finalizers: Json[]): KubeObject => objectOf({ spec: { finalizers } });
const node = (spec: Json): KubeObject => objectOf({ spec });
const tainted = (...taints: Json[]): KubeObject => node({ taints });
const apiService = (spec: Json = {}, name = "v1beta1.metrics.k8s.io"): KubeObject =>
  objectOf(
    {
      spec: {
        group: "metrics.k8s.io",
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { namespace: "kube-system", name: "metrics-server" },
        ...(spec as object),
      },
    },
    name,
  );
const runtimeClass = (content: Readonly<Record<string, Json>>): KubeObject =>
  objectOf({ handler: "gvisor", ...content });

const noFinalizer = "name is neither a standard finalizer name nor is it fully qualified";
const taint = "metadata.taints[0]";

type Refused = [name: string, rules: ObjectRule, object: KubeObject, want: readonly string[]];

const bad: Refused[] = [
  [
    "a lease of no time that has gone back",
    leaseRules,
    lease({ leaseDurationSeconds: 0, leaseTransitions: -1 }),
    [
      "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
      "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
    ],
  ],
  [
    "a lease for somebody without a strategy",
    leaseRules,
    lease({ preferredHolder: "me" }),
    ["spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined"],
  ],
  [
    "a namespace with a finalizer of nobody",
    namespaceRules,
    namespace("mine", "a b"),
    [
      `spec.finalizers: Invalid value: "mine": ${noFinalizer}`,
      `spec.finalizers: Invalid value: "a b": ${notAName}`,
      `spec.finalizers: Invalid value: "a b": ${noFinalizer}`,
    ],
  ],
  [
    "a node with an empty taint",
    nodeRules,
    tainted({}),
    [
      `${taint}.key: Invalid value: "": name part must be non-empty`,
      `${taint}.key: Invalid value: "": ${notAName}`,
      `${taint}.effect: Required value`,
    ],
  ],
  [
    "a node with a wrong taint",
    nodeRules,
    tainted({ key: "a b", value: "c d", effect: "Never" }),
    [
      `${taint}.key: Invalid value: "a b": ${notAName}`,
      `${taint}.value: Invalid value: "c d": ${notALabelValue}`,
      `${taint}.effect: Unsupported value: "Never": supported values: "NoSchedule", ` +
        '"PreferNoSchedule", "NoExecute"',
    ],
  ],
  [
    "a node with one taint twice",
    nodeRules,
    tainted({ key: "a", effect: "NoExecute" }, { key: "a", value: "b", effect: "NoExecute" }),
    [
      'metadata.taints[1]: Duplicate value: {"key":"a","value":"b","effect":"NoExecute"}: taints ' +
        "must be unique by key and effect pair",
    ],
  ],
  [
    "a runtime class without a handler",
    runtimeClassRules,
    objectOf({}),
    [`handler: Invalid value: "": ${notALabel}`],
  ],
  [
    "a runtime class with a wrong handler",
    runtimeClassRules,
    runtimeClass({ handler: "Kata" }),
    [`handler: Invalid value: "Kata": ${notALabel}`],
  ],
  [
    "a runtime class that costs what cannot be paid",
    runtimeClassRules,
    runtimeClass({ overhead: { podFixed: { cpu: "-1", disks: "1" } } }),
    [
      'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'overhead.limits[disks]: Invalid value: "disks": must be a standard resource type or fully ' +
        "qualified",
      'overhead.limits[disks]: Invalid value: "disks": must be a standard resource for containers',
    ],
  ],
  [
    "a runtime class on no nodes",
    runtimeClassRules,
    runtimeClass({
      scheduling: {
        nodeSelector: { "a b": "c" },
        tolerations: [{ operator: "Exists", value: "x" }],
      },
    }),
    [
      `scheduling.nodeSelector: Invalid value: "a b": ${notAName}`,
      'scheduling.tolerations[0].operator: Invalid value: "x": ' +
        "value must be empty when `operator` is 'Exists'",
    ],
  ],
  [
    "an APIService that says nothing",
    apiServiceRules,
    objectOf({}, "v1.apps"),
    [
      'metadata.name: Invalid value: "v1.apps": must be `spec.version+"."+spec.group`: "."',
      "spec.group: Required value: only v1 may have an empty group and it better be legacy kube",
      `spec.version: Invalid value: "": ${notA1035Label}`,
      "spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000",
      "spec.versionPriority: Invalid value: 0: must be positive and less than 1000",
    ],
  ],
  [
    "an APIService with another name",
    apiServiceRules,
    apiService({}, "metrics"),
    [
      'metadata.name: Invalid value: "metrics": must be `spec.version+"."+spec.group`: ' +
        '"v1beta1.metrics.k8s.io"',
    ],
  ],
  [
    "an APIService of no group",
    apiServiceRules,
    apiService({ group: "Metrics" }, "v1beta1.Metrics"),
    [
      'spec.group: Invalid value: "Metrics": a lowercase RFC 1123 subdomain must consist of ' +
        "lower case alphanumeric characters, '-' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'example.com', regex used for validation is " +
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    "an APIService above all",
    apiServiceRules,
    apiService({ groupPriorityMinimum: 20_001, versionPriority: 1_001 }),
    [
      "spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000",
      "spec.versionPriority: Invalid value: 1001: must be positive and less than 1000",
    ],
  ],
  [
    "an APIService in half a service",
    apiServiceRules,
    apiService({ service: { port: 0 }, caBundle: "Q0E=", insecureSkipTLSVerify: true }),
    [
      "spec.service.namespace: Required value",
      "spec.service.name: Required value",
      "spec.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, " +
        "inclusive",
      "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present",
    ],
  ],
  [
    "an APIService of the server itself, with certificates",
    apiServiceRules,
    apiService({ service: null, caBundle: "Q0E=", insecureSkipTLSVerify: true }),
    [
      'spec.caBundle: Invalid value: "2 bytes": local APIServices may not have a caBundle',
      "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have " +
        "insecureSkipTLSVerify",
    ],
  ],
];

test.each(bad)("%s is refused", (_, rules, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

const fullLease = lease({
  holderIdentity: "node-1",
  leaseDurationSeconds: 40,
  leaseTransitions: 0,
  acquireTime: "2024-01-01T00:00:00.000000Z",
  renewTime: "2024-01-01T00:00:10.000000Z",
  strategy: "OldestEmulationVersion",
  preferredHolder: "node-2",
});
const fullNode = node({
  podCIDR: "10.0.1.0/24",
  podCIDRs: ["10.0.1.0/24", "fd00::/64"],
  providerID: "azure:///vm/1",
  unschedulable: true,
  taints: [
    { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
    { key: "a", value: "b", effect: "NoExecute", timeAdded: "2024-01-01T00:00:00Z" },
    { key: "a", value: "b", effect: "PreferNoSchedule" },
  ],
});
const fullClass = runtimeClass({
  overhead: { podFixed: { memory: "120Mi", cpu: "250m" } },
  scheduling: {
    nodeSelector: { runtime: "kata" },
    tolerations: [{ key: "runtime", operator: "Equal", value: "kata", effect: "NoSchedule" }],
  },
});
const insecure = apiService({
  service: { namespace: "a", name: "b", port: 443 },
  insecureSkipTLSVerify: true,
});

test.each<[name: string, rules: ObjectRule, object: KubeObject]>([
  ["a lease of all that there is", leaseRules, fullLease],
  ["a lease of nobody", leaseRules, objectOf({})],
  ["a namespace", namespaceRules, objectOf({})],
  ["a namespace with finalizers", namespaceRules, namespace("kubernetes", "example.com/backup")],
  ["a node of all that there is", nodeRules, fullNode],
  ["a node of nothing", nodeRules, objectOf({})],
  ["a runtime class", runtimeClassRules, runtimeClass({})],
  ["a runtime class of all that there is", runtimeClassRules, fullClass],
  ["an APIService", apiServiceRules, apiService()],
  ["an APIService with a certificate", apiServiceRules, apiService({ caBundle: "Q0E=" })],
  ["an APIService without a check", apiServiceRules, insecure],
  [
    "an APIService of the server itself",
    apiServiceRules,
    apiService({ group: "", version: "v1", service: null }, "v1."),
  ],
])("%s is taken, new or unchanged", (_, rules, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, object)).toEqual([]);
});

test("a node keeps its machine and its addresses once it has them", () => {
  const other = node({ podCIDRs: ["10.0.2.0/24"], providerID: "azure:///vm/2" });
  expect(errorsOf(nodeRules, other, fullNode)).toEqual([
    'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
  ]);
  expect(errorsOf(nodeRules, fullNode, node({}))).toEqual([]);
  const ranges = ["10.0.1.0/24", "fd00::/64"];
  const without = node({ podCIDRs: ranges, providerID: "azure:///vm/1" });
  expect(errorsOf(nodeRules, without, fullNode)).toEqual([]);
  const first = node({ podCIDR: "10.0.1.0/24" });
  expect(errorsOf(nodeRules, node({ podCIDRs: ["10.0.1.0/24"] }), first)).toEqual([]);
});

test("a runtime class keeps its handler, and changes all else", () => {
  const before = runtimeClass({});
  expect(errorsOf(runtimeClassRules, fullClass, before)).toEqual([]);
  expect(errorsOf(runtimeClassRules, runtimeClass({ handler: "kata" }), before)).toEqual([
    'handler: Invalid value: "kata": field is immutable',
  ]);
});

test("the finalizers of a namespace are looked at when it is new", () => {
  expect(errorsOf(namespaceRules, namespace("mine"), namespace())).toEqual([]);
});

test("the rules of small kinds never throw", () => {
  expectNeverThrows(leaseRules, fullLease);
  expectNeverThrows(namespaceRules, namespace("kubernetes", "a.b/c"));
  expectNeverThrows(nodeRules, fullNode);
  expectNeverThrows(runtimeClassRules, fullClass);
  expectNeverThrows(apiServiceRules, insecure, apiService({ service: null, caBundle: "Q0E=" }));
});
