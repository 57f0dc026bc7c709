/** Templates that leave out every field for which a kube-apiserver has a default. */
import type { JsonObject } from "../../shared/lib/kube-object.ts";

interface Template {
  /** "deploy/bare" */
  readonly name: string;
  readonly object: JsonObject;
  /** What `kubectl describe` says of the defaults. */
  readonly told: readonly RegExp[];
}

const labels = { app: "bare" };
const selector = { matchLabels: labels };

const podSpec = {
  containers: [{ name: "main", image: "nginx", livenessProbe: { grpc: { port: 80 } } }],
  volumes: [
    { name: "token", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
    {
      name: "disk",
      azureDisk: { diskName: "d", diskURI: "https://a.blob.core.windows.net/c/d.vhd" },
    },
  ],
};
const template = { metadata: { labels }, spec: podSpec };
const once = { metadata: { labels }, spec: { ...podSpec, restartPolicy: "OnFailure" } };

const pods = [/TokenExpirationSeconds: +3600$/m, /CachingMode: +ReadWrite$/m];

const objectOf = (apiVersion: string, kind: string, content: JsonObject): JsonObject => ({
  ...{ apiVersion, kind },
  metadata: { name: "bare" },
  ...content,
});

const target = { apiVersion: "apps/v1", kind: "Deployment", name: "bare" };
const disk = { diskName: "d", diskURI: "https://a.blob.core.windows.net/c/d.vhd" };

/** Those that live in a namespace. */
export const bareTemplates: readonly Template[] = [
  {
    name: "deploy/bare",
    object: objectOf("apps/v1", "Deployment", { spec: { selector, template } }),
    told: [/^Replicas: +1 desired/m, ...pods],
  },
  {
    name: "sts/bare",
    object: objectOf("apps/v1", "StatefulSet", { spec: { selector, template, serviceName: "a" } }),
    told: [/^Replicas: +1 desired/m, ...pods],
  },
  {
    name: "ds/bare",
    object: objectOf("apps/v1", "DaemonSet", { spec: { selector, template } }),
    told: pods,
  },
  {
    name: "rc/bare",
    object: objectOf("v1", "ReplicationController", { spec: { selector: labels, template } }),
    told: [/^Replicas: +0 current \/ 1 desired/m, ...pods],
  },
  {
    name: "job/bare",
    object: objectOf("batch/v1", "Job", { spec: { template: once } }),
    told: [/^Parallelism: +1/m, ...pods],
  },
  {
    name: "cj/bare",
    object: objectOf("batch/v1", "CronJob", {
      spec: { schedule: "* * * * *", jobTemplate: { spec: { template: once } } },
    }),
    told: [/^Suspend: +False/m, ...pods],
  },
  {
    name: "podtemplate/bare",
    object: objectOf("v1", "PodTemplate", { template }),
    told: [/Expiration Seconds: +3600/],
  },
  {
    name: "hpa/bare",
    object: objectOf("autoscaling/v2", "HorizontalPodAutoscaler", {
      spec: { maxReplicas: 3, scaleTargetRef: target },
    }),
    told: [/^Min replicas: +1$/m],
  },
  {
    name: "endpointslice/bare",
    object: objectOf("discovery.k8s.io/v1", "EndpointSlice", {
      ...{ addressType: "IPv4", ports: [{ port: 80 }] },
      endpoints: [{ addresses: ["10.0.0.1"] }],
    }),
    told: [/<unset> +80 +TCP/],
  },
];

/** Those that live in none, by a name of one's own: many use the same cluster. */
export const bareClusterTemplates = (name: string): readonly Template[] => [
  {
    name: `pv/${name}`,
    object: {
      ...{ apiVersion: "v1", kind: "PersistentVolume", metadata: { name } },
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], azureDisk: disk },
    },
    told: [/FSType: +ext4\n/],
  },
  {
    name: `pc/${name}`,
    object: {
      ...{ apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name } },
      value: 1,
    },
    told: [/PreemptionPolicy: +PreemptLowerPriority/],
  },
];
