import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { shownRow } from "./shown-row.ts";

const containers = [
  { name: "a", image: "i" },
  { name: "b", image: "j" },
];
const template = { spec: { containers } };
const matchLabels = { tier: "front", app: "web" };
const selector = {
  matchLabels,
  matchExpressions: [
    { key: "zone", operator: "NotIn", values: ["b", "a"] },
    { key: "old", operator: "DoesNotExist" },
    { key: "new", operator: "Exists" },
    { key: "kind", operator: "In", values: ["x"] },
  ],
};
const selected = "app=web,kind in (x),new,!old,tier=front,zone notin (a,b)";
const shown = { Containers: "a,b", Images: "i,j" };
const unset = { Containers: "", Images: "" };
const condition = (type: string, status = "True") => ({ conditions: [{ type, status }] });

test.each<[resource: string, object: JsonObject, cells: Record<string, Json>]>([
  [
    "apps/deployments",
    {},
    { Name: "n", Ready: "0/1", "Up-to-date": 0, Available: 0, ...unset, Selector: "" },
  ],
  [
    "apps/deployments",
    {
      spec: { replicas: 3, selector, template },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
    },
    { Ready: "2/3", "Up-to-date": 3, Available: 2, Age: "5s", ...shown, Selector: selected },
  ],
  [
    "apps/deployments",
    { spec: { selector: { matchExpressions: [{ key: "a", operator: "Odd" }] } } },
    { Selector: "<invalid>" },
  ],
  ["apps/statefulsets", {}, { Ready: "0/1", ...unset }],
  [
    "apps/replicasets",
    { spec: { replicas: 0, selector, template }, status: { replicas: 2, readyReplicas: 1 } },
    { Desired: 0, Current: 2, Ready: 1, ...shown, Selector: selected },
  ],
  ["apps/replicasets", {}, { Desired: 1, Current: 0, Ready: 0, Selector: "<none>" }],
  [
    "apps/replicasets",
    { spec: { selector: { matchExpressions: [{ key: "a", operator: "Odd" }] } } },
    { Selector: "<error>" },
  ],
  [
    "/replicationcontrollers",
    { spec: { selector: matchLabels } },
    { Desired: 1, Selector: "app=web,tier=front" },
  ],
  [
    "apps/daemonsets",
    {
      spec: { template: { spec: { nodeSelector: { os: "linux", arch: "arm" } } } },
      status: {
        ...{ desiredNumberScheduled: 5, currentNumberScheduled: 4, numberReady: 3 },
        ...{ updatedNumberScheduled: 2, numberAvailable: 1 },
      },
    },
    {
      ...{ Desired: 5, Current: 4, Ready: 3, "Up-to-date": 2, Available: 1 },
      ...{ "Node Selector": "arch=arm,os=linux", Selector: "<none>" },
    },
  ],
  ["apps/daemonsets", {}, { Desired: 0, "Node Selector": "<none>" }],
  [
    "apps/controllerrevisions",
    {
      revision: 2,
      metadata: {
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", controller: true },
        ],
      },
    },
    { Controller: "statefulset.apps/db", Revision: 2 },
  ],
  [
    "apps/controllerrevisions",
    {
      metadata: {
        ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", controller: true }],
      },
    },
    { Controller: "pod/p", Revision: 0 },
  ],
  [
    "apps/controllerrevisions",
    { metadata: { ownerReferences: [{ kind: "Pod", name: "p" }] } },
    { Controller: "<none>" },
  ],
  [
    "batch/cronjobs",
    { spec: { schedule: "* * * * *" } },
    {
      ...{ Schedule: "* * * * *", Timezone: "<none>", Suspend: "False", Active: 0 },
      ...{ "Last Schedule": "<none>", Age: "5s", ...unset, Selector: "<none>" },
    },
  ],
  [
    "batch/cronjobs",
    {
      spec: { timeZone: "Etc/UTC", suspend: true, jobTemplate: { spec: { template, selector } } },
      status: { active: [{}, {}], lastScheduleTime: "2026-11-21T11:00:05Z" },
    },
    {
      ...{ Schedule: "", Timezone: "Etc/UTC", Suspend: "True", Active: 2 },
      ...{ "Last Schedule": "60m", ...shown, Selector: selected },
    },
  ],
  [
    "batch/jobs",
    {},
    { Status: "Running", Completions: "0/1", Duration: "", ...unset, Selector: "<none>" },
  ],
  [
    "batch/jobs",
    {
      spec: { completions: 3, parallelism: 2, selector, template },
      status: {
        ...condition("Complete"),
        ...{ succeeded: 3, startTime: "2026-11-21T11:00:00Z" },
        completionTime: "2026-11-21T11:03:12Z",
      },
    },
    { Status: "Complete", Completions: "3/3", Duration: "3m12s", ...shown, Selector: selected },
  ],
  [
    "batch/jobs",
    { spec: { parallelism: 4 }, status: { startTime: "2026-11-21T12:00:00Z" } },
    { Completions: "0/1 of 4", Duration: "5s" },
  ],
  ["batch/jobs", { status: condition("Failed") }, { Status: "Failed" }],
  ["batch/jobs", { status: condition("Complete", "False") }, { Status: "Running" }],
  ["batch/jobs", { status: condition("Suspended") }, { Status: "Suspended" }],
  ["batch/jobs", { status: condition("FailureTarget") }, { Status: "FailureTarget" }],
  ["batch/jobs", { metadata: { deletionTimestamp: "x" } }, { Status: "Terminating" }],
  [
    "autoscaling/horizontalpodautoscalers",
    { spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 5 } },
    {
      ...{ Reference: "Deployment/web", Targets: "cpu: <unknown>/80%" },
      ...{ MinPods: "1", MaxPods: 5, Replicas: 0 },
    },
  ],
])("%s %j shows %j", (resource, object, cells) => {
  expect(shownRow(resource, object).cells).toMatchObject(cells);
});

const metric = (type: string, target: JsonObject, name?: string): JsonObject => {
  const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return { type, [field]: { ...(name !== undefined && { name }), target } };
};
const seen = (type: string, current: JsonObject): JsonObject => {
  const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return { type, [field]: { current } };
};

test.each<[metrics: readonly JsonObject[], current: readonly JsonObject[], targets: string]>([
  [
    [metric("Resource", { averageUtilization: 80 }, "cpu")],
    [seen("Resource", { averageUtilization: 12, averageValue: "1" })],
    "cpu: 12%/80%",
  ],
  [
    [metric("ContainerResource", { averageValue: "1Gi" }, "memory")],
    [seen("ContainerResource", { averageValue: "512Mi" })],
    "memory: 512Mi/1Gi",
  ],
  [[metric("Resource", {}, "cpu")], [], "cpu: <unknown>/<auto>"],
  [[metric("Pods", { averageValue: "5" })], [seen("Pods", { averageValue: "3" })], "3/5"],
  [[metric("Object", { value: "5" })], [seen("Object", { value: "3" })], "3/5"],
  [[metric("Object", { averageValue: "5" })], [], "<unknown>/5 (avg)"],
  [[metric("External", { averageValue: "5" })], [], "<unknown>/5 (avg)"],
  [[metric("External", { value: "5" })], [], "<unknown>/5"],
  [[metric("Odd", { value: "5" })], [], "<unknown type>"],
  [
    [1, 2, 3, 4].map((value) => metric("Pods", { averageValue: value })),
    [],
    "<unknown>/1, <unknown>/2 + 2 more...",
  ],
])("an autoscaler of %j at %j shows %s", (metrics, currentMetrics, targets) => {
  const object = { spec: { metrics }, status: { currentMetrics } };
  const { cells } = shownRow("autoscaling/horizontalpodautoscalers", object, "v2");
  expect(cells["Targets"]).toBe(targets);
});

test("an autoscaler of the first version shows the same", () => {
  const object = { spec: { targetCPUUtilizationPercentage: 50, minReplicas: 2, maxReplicas: 4 } };
  const { cells } = shownRow("autoscaling/horizontalpodautoscalers", object, "v1");
  expect(cells).toMatchObject({ Targets: "cpu: <unknown>/50%", MinPods: "2", MaxPods: 4 });
});
