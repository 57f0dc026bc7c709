/** Small good objects of the networking kinds, for a test to change a field of. */
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";

export type Fields = Readonly<Record<string, Json>>;

/** A Service with one port, and the given fields of its spec. */
export function webService(spec: Fields = {}, metadata: Fields = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop", ...metadata },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec },
  };
}

export function loadBalancer(spec: Fields = {}, metadata: Fields = {}): KubeObject {
  return webService({ type: "LoadBalancer", ...spec }, metadata);
}

export const toWeb: JsonObject = { service: { name: "web", port: { number: 80 } } };

/** An Ingress that sends all to one Service, and the given fields of its spec. */
export function webIngress(spec: Fields = {}, metadata: Fields = {}): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web", namespace: "shop", ...metadata },
    spec: { defaultBackend: toWeb, ...spec },
  };
}

/** An Ingress with one path. */
export function ingressPath(path: Json): KubeObject {
  return webIngress({ rules: [{ http: { paths: [path] } }] });
}

export function ingressClass(spec: Json): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "public" },
    spec,
  };
}

export function networkPolicy(spec: Json): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "web", namespace: "shop" },
    spec,
  };
}

export function endpoints(...subsets: readonly Json[]): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "web", namespace: "shop" },
    subsets,
  };
}

/** An EndpointSlice of one address, and the given fields. */
export function endpointSlice(fields: Fields = {}): KubeObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-1", namespace: "shop" },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [{ port: 80 }],
    ...fields,
  };
}
