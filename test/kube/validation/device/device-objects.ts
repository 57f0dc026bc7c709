/** Objects about the devices of nodes, to be spoilt by tests. */
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";

export function deviceObject(kind: string, spec: JsonObject): KubeObject {
  const metadata = { name: "gpu", namespace: "shop" };
  return { apiVersion: "resource.k8s.io/v1", kind, metadata, spec };
}

export const claimOf = (devices: JsonObject): KubeObject =>
  deviceObject("ResourceClaim", { devices });

export const templateOf = (devices: JsonObject, metadata: JsonObject = {}): KubeObject =>
  deviceObject("ResourceClaimTemplate", { metadata, spec: { devices } });

/** A request for one device, with `fields` over what it is exactly. */
export function request(fields: JsonObject = {}, name = "gpu"): JsonObject {
  return { name, exactly: { deviceClassName: "gpu.example.com", ...fields } };
}

/** The least that a slice must say, with `spec` over it; null takes away. */
export function slice(spec: Readonly<Record<string, Json>> = {}): KubeObject {
  const all: Readonly<Record<string, Json>> = {
    driver: "gpu.example.com",
    pool: { name: "node-1", resourceSliceCount: 1 },
    nodeName: "node-1",
    ...spec,
  };
  const given = Object.entries(all).filter(([, value]) => value !== null);
  return deviceObject("ResourceSlice", Object.fromEntries(given));
}
