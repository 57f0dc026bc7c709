/** Workloads that Kubernetes takes, to be spoilt by tests. */

import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";

export const labels = { app: "web" };

export const podSpec: JsonObject = { containers: [{ name: "web", image: "nginx:1" }] };

export function templateOf(spec: JsonObject = podSpec, metadata: JsonObject = { labels }) {
  return { metadata, spec };
}

/** A workload whose spec is the least that is needed, with `spec` over it; null takes away. */
export function workload(kind: string, spec: Readonly<Record<string, Json>> = {}): KubeObject {
  const least = { selector: { matchLabels: labels }, template: templateOf() };
  const all: Readonly<Record<string, Json>> = { ...least, ...spec };
  const kept = Object.entries(all).filter(([, value]) => value !== null);
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "web", namespace: "shop" },
    spec: Object.fromEntries(kept),
  };
}
