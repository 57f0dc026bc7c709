/** A hub that serves placements, over a store in memory. */
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { binding } from "../../../shared/hub/kinds/binding.ts";
import { oldPlacement, placement } from "../../../shared/hub/kinds/placement.ts";
import { snapshot } from "../../../shared/hub/kinds/snapshot.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import { watchSource } from "../../../shared/kube/watch/watch-source.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { fleetId, noon } from "../../builders.ts";

const clock = { now: () => noon };

export function hub() {
  let uid = 0;
  const ids = () => `uid-${uid++}`;
  const store = memoryStore({ clock, ids });
  const kinds = kindsOf([placement, oldPlacement, binding, snapshot]);
  const watch = watchSource(store);
  const api = { store, fleet: fleetId, kinds, basePath: "", clock, ids, watch };
  async function ask(method: string, path: string, body?: object, accept = "application/json") {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const request = new Request(`https://hub${path}`, {
      method,
      headers: { "content-type": contentType, accept },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await serveKube(request, { ...api, serverVersion: "1.34.0" });
    return (await response.json()) as JsonObject;
  }
  return { store, ask };
}

export const v1 = "/apis/placement.kubernetes-fleet.io/v1/clusterresourceplacements";
export const v1beta1 = "/apis/placement.kubernetes-fleet.io/v1beta1/clusterresourceplacements";
export const v1alpha1 = "/apis/fleet.azure.com/v1alpha1/clusterresourceplacements";

export const demo = { group: "", version: "v1", kind: "Namespace", name: "demo" };

export const placementObject = (policy: object, more: object = {}) => ({
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
  metadata: { name: "web" },
  spec: { resourceSelectors: [demo], policy, ...more },
});

export const eu = { labelSelector: { matchLabels: { region: "eu" } } };
export const requiredTerms = (...clusterSelectorTerms: object[]) => ({
  clusterAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { clusterSelectorTerms } },
});
