import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { shownRow } from "./shown-row.ts";

const created = { "Created At": "2026-11-21T12:00:00Z" };

test.each<[resource: string, object: JsonObject, cells: Record<string, Json>]>([
  ["/namespaces", {}, { Status: "Active", Age: "5s" }],
  ["/namespaces", { status: { phase: "Terminating" } }, { Status: "Terminating" }],
  ["/configmaps", { data: { a: "1" }, binaryData: { b: "" } }, { Data: 2 }],
  ["/secrets", { type: "Opaque", data: { a: "" } }, { Type: "Opaque", Data: 1 }],
  ["/secrets", {}, { Type: "", Data: 0 }],
  ["/serviceaccounts", {}, { Secrets: 0 }],
  ["/serviceaccounts", { secrets: [{ name: "a" }] }, { Secrets: 1 }],
  ["/limitranges", {}, created],
  ["rbac.authorization.k8s.io/roles", {}, created],
  ["apiextensions.k8s.io/customresourcedefinitions", {}, created],
  [
    "/nodes",
    {
      metadata: {
        labels: {
          "node-role.kubernetes.io/worker": "",
          "node-role.kubernetes.io/agent": "",
          "node-role.kubernetes.io/": "",
          "kubernetes.io/role": "old",
        },
      },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        nodeInfo: { kubeletVersion: "v1.34.1", osImage: "Linux" },
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      },
      spec: { unschedulable: true },
    },
    {
      ...{ Status: "Ready,SchedulingDisabled", Roles: "agent,old,worker", Version: "v1.34.1" },
      ...{ "Internal-IP": "10.0.0.1", "External-IP": "<none>", "OS-Image": "Linux" },
      ...{ "Kernel-Version": "<unknown>", "Container-Runtime": "<unknown>" },
    },
  ],
  ["/nodes", {}, { Status: "Unknown", Roles: "<none>", Version: "" }],
  [
    "/resourcequotas",
    { spec: { hard: { pods: "4", "limits.cpu": "2" } }, status: { used: { pods: "1" } } },
    { Request: "pods: 1/4", Limit: "limits.cpu: 0/2" },
  ],
  [
    "policy/poddisruptionbudgets",
    { spec: { minAvailable: 1 } },
    { "Min Available": "1", "Max Unavailable": "N/A", "Allowed Disruptions": 0 },
  ],
  [
    "policy/poddisruptionbudgets",
    { spec: { maxUnavailable: "20%" }, status: { disruptionsAllowed: 2 } },
    { "Min Available": "N/A", "Max Unavailable": "20%", "Allowed Disruptions": 2 },
  ],
  [
    "scheduling.k8s.io/priorityclasses",
    { value: 1000 },
    { Value: 1000, "Global-Default": false, PreemptionPolicy: "PreemptLowerPriority" },
  ],
  [
    "scheduling.k8s.io/priorityclasses",
    { globalDefault: true, preemptionPolicy: "Never" },
    { Value: 0, "Global-Default": true, PreemptionPolicy: "Never" },
  ],
  [
    "/events",
    {
      involvedObject: { kind: "Deployment", name: "web", fieldPath: "spec" },
      source: { component: "tester", host: "node" },
      ...{ type: "Normal", reason: "Seen", message: "It is there\n", count: 3 },
      firstTimestamp: "2026-11-21T11:59:05Z",
      lastTimestamp: "2026-11-21T12:00:00Z",
    },
    {
      ...{ "Last Seen": "5s", Type: "Normal", Reason: "Seen", Object: "deployment/web" },
      ...{ Subobject: "spec", Source: "tester, node", Message: "It is there" },
      ...{ "First Seen": "60s", Count: 3, Name: "n" },
    },
  ],
  ["/events", {}, { "Last Seen": "<unknown>", "First Seen": "<unknown>", Object: "", Count: 1 }],
  [
    "events.k8s.io/events",
    {
      regarding: { kind: "Deployment", name: "web" },
      ...{ type: "Warning", reason: "Odd", note: "What is this?", reportingController: "c" },
      eventTime: "2026-11-21T11:59:05.000000Z",
      series: { count: 7, lastObservedTime: "2026-11-21T12:00:02.000000Z" },
    },
    {
      ...{ "Last Seen": "3s", Type: "Warning", Reason: "Odd", Object: "deployment/web" },
      ...{ Source: "c", Message: "What is this?", "First Seen": "60s", Count: 7 },
    },
  ],
  ["coordination.k8s.io/leases", {}, { Holder: "" }],
  ["coordination.k8s.io/leases", { spec: { holderIdentity: "a" } }, { Holder: "a" }],
  ["node.k8s.io/runtimeclasses", { handler: "gvisor" }, { Handler: "gvisor" }],
])("%s %j shows %j", (resource, object, cells) => {
  expect(shownRow(resource, object).cells).toMatchObject(cells);
});
