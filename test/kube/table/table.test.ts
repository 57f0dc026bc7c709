import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { humanDuration } from "../../../shared/kube/table/age.ts";
import { findAll, isJsonPath } from "../../../shared/kube/table/json-path.ts";
import { tableOf } from "../../../shared/kube/table/table.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

const value: JsonObject = {
  metadata: { labels: { "example.com/tier": "front", app: "web" }, name: "n" },
  status: {
    conditions: [
      { type: "Ready", status: "True", reason: "Fine" },
      { type: "Other", status: "False" },
    ],
  },
  spec: { ports: [{ port: 80 }, { port: 443 }], replicas: 0 },
};

test.each<[path: string, found: readonly Json[]]>([
  [".metadata.name", ["n"]],
  ["{.metadata.name}", ["n"]],
  [".spec.replicas", [0]],
  [".spec.nothing.below", []],
  [".spec.ports[0].port", [80]],
  [".spec.ports[9].port", []],
  [".spec.ports[*].port", [80, 443]],
  [".status.conditions[?(@.type=='Ready')].status", ["True"]],
  ['.status.conditions[?(@.type=="Other")].status', ["False"]],
  [".status.conditions[?(@.type == 'Ready')].reason", ["Fine"]],
  [".status.conditions[?(@.type=='None')].status", []],
  [".metadata.labels['example.com/tier']", ["front"]],
  [".metadata.labels.example\\.com/tier", ["front"]],
  [".metadata.labels.*", ["front", "web"]],
  [".metadata.constructor", []],
])("the path %s finds %j", (path, found) => {
  expect(findAll(value, path)).toEqual(found);
});

test.each(["metadata", ".a[", ".a[x]", ".a[?(@.b)]", "..a"])("the path %s is none", (path) => {
  expect(isJsonPath(path)).toBe(false);
  expect(() => findAll(value, path)).toThrow(RangeError);
});

test.each([
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [192, "3m12s"],
  [600, "10m"],
  [3 * 3600 - 1, "179m"],
  [3 * 3600, "3h"],
  [5 * 3600 + 120, "5h2m"],
  [8 * 3600, "8h"],
  [47 * 3600, "47h"],
  [48 * 3600, "2d"],
  [52 * 3600, "2d4h"],
  [8 * 86_400, "8d"],
  [729 * 86_400, "729d"],
  [760 * 86_400, "2y30d"],
  [9 * 365 * 86_400, "9y"],
  [-1, "0s"],
  [-5, "<invalid>"],
])("%i seconds are %s", (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});

const kinds = kindsOf(builtInKinds());

/** The cells that `kubectl get -o wide` shows, without name and age. */
test.each<[group: string, plural: string, object: JsonObject, cells: readonly Json[]]>([
  ["", "namespaces", { status: { phase: "Active" } }, ["Active"]],
  ["", "configmaps", { data: { a: "1" }, binaryData: { b: "" } }, [2]],
  ["", "secrets", { type: "Opaque", data: { a: "" } }, ["Opaque", 1]],
  ["", "serviceaccounts", {}, [0]],
  [
    "",
    "services",
    {
      spec: {
        type: "LoadBalancer",
        clusterIP: "10.0.0.1",
        ports: [
          { port: 80, nodePort: 30_080 },
          { port: 53, protocol: "UDP" },
        ],
        selector: { app: "web" },
      },
    },
    ["LoadBalancer", "10.0.0.1", "<pending>", "80:30080/TCP,53/UDP", "app=web"],
  ],
  ["", "services", { spec: {} }, ["ClusterIP", "<none>", "<none>", "<none>", "<none>"]],
  [
    "",
    "services",
    {
      spec: { type: "LoadBalancer" },
      status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }, { hostname: "h" }] } },
    },
    ["LoadBalancer", "<none>", "1.2.3.4,h", "<none>", "<none>"],
  ],
  [
    "apps",
    "deployments",
    {
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "web" } },
        template: {
          spec: {
            containers: [
              { name: "a", image: "i" },
              { name: "b", image: "j" },
            ],
          },
        },
      },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
    },
    ["2/3", 3, 2, "a,b", "i,j", "app=web"],
  ],
  ["apps", "statefulsets", { spec: {} }, ["0/1", "", ""]],
  [
    "batch",
    "jobs",
    { status: { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] } },
    ["Complete", "1/1", "", ""],
  ],
  [
    "discovery.k8s.io",
    "endpointslices",
    {
      addressType: "IPv4",
      ports: [{ port: 80 }],
      endpoints: [1, 2, 3, 4].map((n) => ({ addresses: [`10.0.0.${n}`] })),
    },
    ["IPv4", "80", "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more..."],
  ],
  [
    "networking.k8s.io",
    "ingresses",
    { spec: { rules: [{ host: "a.b" }], tls: [{}] } },
    ["<none>", "a.b", "", "80, 443"],
  ],
  [
    "",
    "nodes",
    {
      metadata: { labels: { "node-role.kubernetes.io/agent": "" } },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        nodeInfo: { kubeletVersion: "v1.34.1", osImage: "Linux" },
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      },
      spec: { unschedulable: true },
    },
    [
      ...["Ready,SchedulingDisabled", "agent", "v1.34.1"],
      ...["10.0.0.1", "<none>", "Linux", "<unknown>", "<unknown>"],
    ],
  ],
  [
    "",
    "endpoints",
    { subsets: [{ addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }], ports: [{ port: 80 }] }] },
    ["10.0.0.1:80,10.0.0.2:80"],
  ],
  [
    "",
    "resourcequotas",
    { spec: { hard: { pods: "4", "limits.cpu": "2" } }, status: { used: { pods: "1" } } },
    ["pods: 1/4", "limits.cpu: 0/2"],
  ],
  [
    "",
    "persistentvolumeclaims",
    { spec: { storageClassName: "fast" }, status: { phase: "Bound" } },
    ["Bound", null, null, "", "fast", "<unset>", "<unset>"],
  ],
  [
    "",
    "persistentvolumes",
    {
      spec: { accessModes: ["ReadWriteOnce"], claimRef: { namespace: "shop", name: "c" } },
      status: { phase: "Bound" },
    },
    [null, "RWO", null, "Bound", "shop/c", null, "<unset>", null, "<unset>"],
  ],
  [
    "",
    "events",
    {
      involvedObject: { kind: "Deployment", name: "web", fieldPath: "spec" },
      source: { component: "tester" },
      ...{ type: "Normal", reason: "Seen", message: "It is there\n", count: 3 },
      firstTimestamp: "2026-11-21T11:59:05Z",
      lastTimestamp: "2026-11-21T12:00:00Z",
    },
    ["5s", "Normal", "Seen", "deployment/web", "spec", "tester", "It is there", "60s", 3],
  ],
  [
    "events.k8s.io",
    "events",
    {
      regarding: { kind: "Deployment", name: "web" },
      ...{ type: "Warning", reason: "Odd", note: "What is this?", reportingController: "c" },
      eventTime: "2026-11-21T11:59:05.000000Z",
    },
    ["60s", "Warning", "Odd", "deployment/web", "", "c", "What is this?", "60s", 1],
  ],
  [
    "autoscaling",
    "horizontalpodautoscalers",
    {
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "web" },
        maxReplicas: 5,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
        ],
      },
    },
    ["Deployment/web", "cpu: <unknown>/80%", "<unset>", 5, 0],
  ],
  [
    "rbac.authorization.k8s.io",
    "rolebindings",
    {
      roleRef: { kind: "Role", name: "reader" },
      subjects: [
        { kind: "User", name: "ann" },
        { kind: "ServiceAccount", namespace: "shop", name: "robot" },
      ],
    },
    ["Role/reader", "ann", "", "shop/robot"],
  ],
  [
    "apps",
    "controllerrevisions",
    {
      revision: 2,
      metadata: {
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", controller: true },
        ],
      },
    },
    ["statefulset.apps/db", 2],
  ],
  [
    "apiregistration.k8s.io",
    "apiservices",
    { status: { conditions: [{ type: "Available", status: "False", reason: "Away" }] } },
    ["Local", "False (Away)"],
  ],
  [
    "admissionregistration.k8s.io",
    "validatingwebhookconfigurations",
    { webhooks: [{ name: "a" }, { name: "b" }] },
    [2],
  ],
  ["policy", "poddisruptionbudgets", { spec: { minAvailable: 1 } }, ["1", "N/A", null]],
  ["rbac.authorization.k8s.io", "roles", {}, ["2026-11-21T12:00:00Z"]],
])("%s/%s %j shows %j", (group, plural, object, cells) => {
  const kind = kinds.find(group, plural);
  const version = kind?.versions[0];
  if (version === undefined) throw new Error(`no kind ${plural}`);
  const metadata = {
    name: "n",
    creationTimestamp: "2026-11-21T12:00:00Z",
    ...(object["metadata"] as object),
  };
  const whole = { apiVersion: "v1", kind: "K", ...object, metadata } as KubeObject;
  const table = tableOf([whole], version, {
    includeObject: "None",
    metaVersion: "v1",
    now: "2026-11-21T12:00:05.000Z" as Instant,
    withColumns: true,
    metadata: {},
  });
  const [row] = table["rows"] as { cells: Json[] }[];
  const columns = table["columnDefinitions"] as { name: string }[];
  const shown = (row?.cells ?? []).filter(
    (_, index) => !["Name", "Age"].includes(columns[index]?.name ?? ""),
  );
  expect(shown).toEqual(cells);
  expect(row?.cells).toHaveLength(columns.length);
});
