/** Kubernetes objects that journeys apply, and how they are applied and looked at. */
import {
  type KubernetesObject,
  type KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { readIfThere, type Seen } from "../../infra/local/tour/kube.ts";
import { eventually, eventuallyDespiteFaults } from "./eventually.ts";
import { nameOf } from "./members.ts";

/** As `kubectl apply --server-side`. */
export async function apply(
  api: KubernetesObjectApi,
  objects: readonly KubernetesObject[],
): Promise<void> {
  for (const object of objects) {
    await api.patch(object, undefined, undefined, "journey", true, PatchStrategy.ServerSideApply);
  }
}

/** As `kubectl delete`: resolves when the API took it, which may be before the object is gone. */
export async function remove(api: KubernetesObjectApi, object: KubernetesObject): Promise<void> {
  await api.delete(object);
}

/** The object as it is now; undefined when there is none. */
export async function read(
  api: KubernetesObjectApi,
  { apiVersion = "", kind = "", metadata }: KubernetesObject,
): Promise<Seen | undefined> {
  const { name = "", namespace } = metadata ?? {};
  const header = { apiVersion, kind, name };
  return await readIfThere(api, namespace === undefined ? header : { ...header, namespace });
}

/** Waits until the object is gone. */
export async function gone(
  api: KubernetesObjectApi,
  object: KubernetesObject,
  { limitSeconds = 30, faults = false } = {},
): Promise<void> {
  const wanted = {
    expected: `${object.kind} ${nameOf(object)} is gone`,
    look: async () => await read(api, object),
    missing: (seen: Seen | undefined) =>
      seen === undefined ? undefined : `it is there: ${JSON.stringify(seen).slice(0, 1_000)}`,
    limitSeconds,
  };
  await (faults ? eventuallyDespiteFaults(wanted) : eventually(wanted));
}

export const namespace = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

export interface ConfigMap extends KubernetesObject {
  readonly data: Readonly<Record<string, string>>;
}

export const configMap = (within: string, name: string, text: string): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: within },
  data: { text },
});

export interface Workload extends KubernetesObject {
  readonly spec: object;
}

/** Two replicas of a web server. */
export const deployment = (within: string, name: string, image = "v1"): Workload => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: within },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: `example.com/web:${image}` }] },
    },
  },
});

/** What a Deployment is reached by from outside its cluster. */
export const service = (within: string, name: string): Workload => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: within },
  spec: {
    type: "LoadBalancer",
    selector: { app: name },
    ports: [{ name: "http", port: 80, targetPort: 80 }],
  },
});
