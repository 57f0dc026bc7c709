/** Jobs and CronJobs that Kubernetes takes, to be spoilt by tests. */
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";

export const podSpec: JsonObject = {
  restartPolicy: "Never",
  containers: [{ name: "pi", image: "perl:5.34.0", command: ["perl", "-Mbignum=bpi"] }],
};

export function templateOf(spec: JsonObject = {}, labels?: JsonObject) {
  return {
    ...(labels !== undefined && { metadata: { labels } }),
    spec: { ...podSpec, ...spec },
  };
}

/** The least that a Job must say, with `spec` over it; null takes away. */
export function job(spec: Readonly<Record<string, Json>> = {}, name = "pi"): KubeObject {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "shop" },
    spec: without({ template: templateOf(), ...spec }),
  };
}

/** A Job with indexes. */
export function indexed(spec: Readonly<Record<string, Json>> = {}, name = "pi"): KubeObject {
  return job({ completionMode: "Indexed", completions: 5, parallelism: 3, ...spec }, name);
}

export function cronJob(spec: Readonly<Record<string, Json>> = {}, name = "hello"): KubeObject {
  const jobTemplate = { spec: { template: templateOf() } };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace: "shop" },
    spec: without({ schedule: "*/5 * * * *", jobTemplate, ...spec }),
  };
}

function without(fields: Readonly<Record<string, Json>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
