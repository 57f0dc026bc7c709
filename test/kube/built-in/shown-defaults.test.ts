/** Which defaults clients are shown of each built-in kind, and that nothing but them is. */
import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { withoutShown, withShown } from "../../../shared/kube/object/shown-defaults.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";

const kinds = new Map(builtInKinds().map((kind) => [kind.kind, kind]));

function shownOf(kindName: string, content: JsonObject): JsonObject {
  const kind = kinds.get(kindName);
  if (kind === undefined) throw new Error(`no kind ${kindName}`);
  const object: KubeObject = { apiVersion: "v1", kind: kindName, metadata: {}, ...content };
  const shown = withShown(object, kind);
  expect(withShown(shown, kind)).toBe(shown);
  expect(withoutShown(shown, object, kind)).toEqual(object);
  const { apiVersion, kind: _, metadata, ...rest } = shown;
  expect({ apiVersion, metadata }).toEqual({ apiVersion: "v1", metadata: {} });
  return rest;
}

const rolling = (rollingUpdate: JsonObject) => ({ type: "RollingUpdate", rollingUpdate });
const quarter = { maxSurge: "25%", maxUnavailable: "25%" };
const daemons = { maxSurge: 0, maxUnavailable: 1 };
const retries = { backoffLimit: 6, suspend: false };

test.each<[kind: string, spec: JsonObject, more: JsonObject]>([
  ["Deployment", {}, { replicas: 1, strategy: rolling(quarter) }],
  ["Deployment", { replicas: 0 }, { strategy: rolling(quarter) }],
  ["Deployment", { strategy: { type: "Recreate" } }, { replicas: 1 }],
  ["Deployment", { strategy: {} }, { replicas: 1, strategy: rolling(quarter) }],
  [
    "Deployment",
    { replicas: 2, strategy: { rollingUpdate: { maxSurge: 1 } } },
    { strategy: rolling({ maxSurge: 1, maxUnavailable: "25%" }) },
  ],
  ["StatefulSet", {}, { replicas: 1, updateStrategy: rolling({ partition: 0 }) }],
  ["StatefulSet", { updateStrategy: { type: "OnDelete" } }, { replicas: 1 }],
  [
    "StatefulSet",
    { replicas: 3, updateStrategy: { rollingUpdate: { maxUnavailable: 1 } } },
    { updateStrategy: rolling({ maxUnavailable: 1, partition: 0 }) },
  ],
  ["DaemonSet", {}, { updateStrategy: rolling(daemons) }],
  ["DaemonSet", { updateStrategy: { type: "OnDelete" } }, {}],
  ["ReplicaSet", {}, { replicas: 1 }],
  ["ReplicationController", {}, { replicas: 1 }],
  ["Job", {}, { completions: 1, parallelism: 1, ...retries }],
  ["Job", { completions: 5 }, { parallelism: 1, ...retries }],
  ["Job", { parallelism: 3 }, retries],
  [
    "Job",
    { completions: 5, parallelism: 3, suspend: true, backoffLimitPerIndex: 1 },
    { backoffLimit: 2_147_483_647 },
  ],
  ["CronJob", {}, { suspend: false }],
  ["CronJob", { suspend: true, jobTemplate: { spec: {} } }, {}],
  ["HorizontalPodAutoscaler", {}, { minReplicas: 1 }],
  ["HorizontalPodAutoscaler", { minReplicas: 0 }, {}],
  [
    "PersistentVolume",
    { azureDisk: { diskName: "d", readOnly: true } },
    {
      azureDisk: {
        diskName: "d",
        ...{ cachingMode: "ReadWrite", fsType: "ext4", kind: "Shared", readOnly: true },
      },
    },
  ],
  ["PersistentVolume", { csi: { driver: "d" } }, {}],
])("a %s of %j shows %j besides", (kind, spec, more) => {
  expect(shownOf(kind, { spec })).toEqual({ spec: { ...spec, ...more } });
});

test.each<[kind: string, content: JsonObject, shown: JsonObject]>([
  ["PriorityClass", { value: 1 }, { value: 1, preemptionPolicy: "PreemptLowerPriority" }],
  ["PriorityClass", { preemptionPolicy: "Never" }, { preemptionPolicy: "Never" }],
  ["EndpointSlice", {}, {}],
  [
    "EndpointSlice",
    { ports: [{ port: 80 }, { name: "dns", protocol: "UDP" }] },
    {
      ports: [
        { port: 80, name: "", protocol: "TCP" },
        { name: "dns", protocol: "UDP" },
      ],
    },
  ],
  ["ConfigMap", { data: {} }, { data: {} }],
])("a %s of %j shows %j", (kind, content, shown) => {
  expect(shownOf(kind, content)).toEqual(shown);
});

const bare = {
  containers: [{ name: "main", livenessProbe: { grpc: { port: 1 } } }, { name: "other" }],
  initContainers: [{ name: "first", startupProbe: { grpc: { port: 2 } } }],
  volumes: [
    { name: "token", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
    { name: "disk", azureDisk: { diskName: "d", diskURI: "u" } },
    { name: "empty", emptyDir: {} },
  ],
};
const filled = {
  containers: [
    { name: "main", livenessProbe: { grpc: { port: 1, service: "" } } },
    { name: "other" },
  ],
  initContainers: [{ name: "first", startupProbe: { grpc: { port: 2, service: "" } } }],
  volumes: [
    {
      name: "token",
      projected: { sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 3600 } }] },
    },
    {
      name: "disk",
      azureDisk: {
        ...{ diskName: "d", diskURI: "u" },
        ...{ cachingMode: "ReadWrite", fsType: "ext4", kind: "Shared", readOnly: false },
      },
    },
    { name: "empty", emptyDir: {} },
  ],
};

/** The object around a pod's spec. */
const around: Readonly<Record<string, (pod: JsonObject) => JsonObject>> = {
  Pod: (spec) => ({ spec }),
  PodTemplate: (spec) => ({ template: { spec } }),
  CronJob: (spec) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } }),
};

test.each([
  ...["Pod", "PodTemplate", "CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet"],
  ...["ReplicationController", "StatefulSet"],
])("a %s shows the defaults of its pods", (kind) => {
  const wrap = around[kind] ?? ((spec: JsonObject) => ({ spec: { template: { spec } } }));
  expect(shownOf(kind, wrap(bare))).toMatchObject(wrap(filled));
  expect(shownOf(kind, wrap({}))).toMatchObject(wrap({}));
});
