/** Objects of the kinds that say how workloads may behave, to be spoilt by tests. */
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";

type Fields = Readonly<Record<string, Json>>;

export function objectOf(
  apiVersion: string,
  kind: string,
  ...[content, name = "web"]: readonly [content: Fields, name?: string]
): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: "shop" }, ...content };
}

/** The least that an autoscaler must say, with `spec` over it; null takes away. */
export function autoscaler(spec: Fields = {}): KubeObject {
  const all: Fields = {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    maxReplicas: 10,
    ...spec,
  };
  return objectOf("autoscaling/v2", "HorizontalPodAutoscaler", { spec: without(all) });
}

export function budget(spec: Fields): KubeObject {
  return objectOf("policy/v1", "PodDisruptionBudget", { spec });
}

export function priorityClass(content: Fields, name?: string): KubeObject {
  return objectOf("scheduling.k8s.io/v1", "PriorityClass", content, name);
}

export function quota(spec: Fields): KubeObject {
  return objectOf("v1", "ResourceQuota", { spec });
}

export function limitRange(...limits: readonly Json[]): KubeObject {
  return objectOf("v1", "LimitRange", { spec: { limits } });
}

function without(fields: Fields): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
