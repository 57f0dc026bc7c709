/**
 * Manifests as the pages of Kubernetes' documentation show them, and some as clusters return them:
 * all of them are good. Those of Services are in `service-examples.ts`.
 */
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import {
  endpointSlice,
  endpoints,
  ingressClass,
  ingressPath,
  networkPolicy,
  toWeb,
  webIngress,
} from "./networking-objects.ts";

export type Examples = Readonly<Record<string, KubeObject>>;

const toTest = { service: { name: "test", port: { number: 80 } } };

export const ingresses: Examples = {
  minimal: webIngress(
    {
      defaultBackend: null,
      ingressClassName: "nginx-example",
      rules: [{ http: { paths: [{ path: "/testpath", pathType: "Prefix", backend: toTest }] } }],
    },
    { annotations: { "nginx.ingress.kubernetes.io/rewrite-target": "/" } },
  ),
  "a backend alone": webIngress(),
  "a bucket and a Service's named port": webIngress({
    defaultBackend: {
      resource: { apiGroup: "k8s.example.com", kind: "StorageBucket", name: "static-assets" },
    },
    rules: [
      {
        http: {
          paths: [
            {
              path: "/icons",
              pathType: "ImplementationSpecific",
              backend: { service: { name: "icons", port: { name: "http" } } },
            },
            { pathType: "ImplementationSpecific", backend: toTest },
          ],
        },
      },
    ],
  }),
  hosts: webIngress({
    rules: [
      { host: "foo.bar.com", http: { paths: [{ pathType: "Exact", path: "/", backend: toTest }] } },
      {
        host: "*.foo.com",
        http: { paths: [{ pathType: "Prefix", path: "/a/", backend: toTest }] },
      },
      { host: "localhost" },
      {},
    ],
  }),
  certificates: webIngress({
    tls: [
      { hosts: ["https-example.foo.com", "*.foo.com"], secretName: "testsecret-tls" },
      { secretName: "" },
      {},
    ],
  }),
  "a class in the annotation alone": webIngress(
    {},
    { annotations: { "kubernetes.io/ingress.class": "azure/application-gateway" } },
  ),
  "a path with what a pattern needs": ingressPath({
    path: "/something(/|$)(.*)",
    pathType: "ImplementationSpecific",
    backend: toWeb,
  }),
  "a Service whose name starts with a digit": webIngress({
    defaultBackend: { service: { name: "2048", port: { number: 80 } } },
  }),
  "what a cluster returns": {
    ...webIngress(),
    status: { loadBalancer: { ingress: [{ ip: "40.1.2.3", ports: [] }] } },
  },
};

const controller = "example.com/ingress-controller";

export const ingressClassExamples: Examples = {
  "parameters of the cluster": ingressClass({
    controller,
    parameters: {
      scope: "Cluster",
      apiGroup: "k8s.example.net",
      kind: "ClusterIngressParameter",
      name: "external-config-1",
    },
  }),
  "parameters of a namespace": ingressClass({
    controller,
    parameters: {
      scope: "Namespace",
      apiGroup: "k8s.example.com",
      kind: "IngressParameter",
      namespace: "external-configuration",
      name: "external-config",
    },
  }),
  "parameters of no scope": ingressClass({
    controller,
    parameters: { kind: "ConfigMap", name: "settings" },
  }),
  "no parameters": ingressClass({ controller: "k8s.io/ingress-nginx/v2~a", parameters: null }),
};

export const networkPolicies: Examples = {
  "all parts": networkPolicy({
    podSelector: { matchLabels: { role: "db" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [
          { ipBlock: { cidr: "172.17.0.0/16", except: ["172.17.1.0/24"] } },
          { namespaceSelector: { matchLabels: { project: "myproject" } } },
          { podSelector: { matchLabels: { role: "frontend" } } },
        ],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ],
    egress: [
      {
        to: [{ ipBlock: { cidr: "10.0.0.0/24" } }],
        ports: [{ protocol: "TCP", port: 5978 }],
      },
    ],
  }),
  "pods of some namespaces": networkPolicy({
    podSelector: {},
    ingress: [
      {
        from: [
          {
            namespaceSelector: {
              matchExpressions: [
                { key: "namespace", operator: "In", values: ["frontend", "backend"] },
              ],
            },
            podSelector: { matchLabels: { role: "client" } },
          },
          { podSelector: {} },
        ],
      },
    ],
  }),
  "a range of ports": networkPolicy({
    podSelector: { matchLabels: { role: "db" } },
    policyTypes: ["Egress"],
    egress: [
      {
        to: [{ ipBlock: { cidr: "2001:db8::/32", except: null } }],
        ports: [
          { protocol: "TCP", port: 32_000, endPort: 32_768 },
          { protocol: "UDP", port: "dns" },
          { protocol: "SCTP" },
          { port: 80, endPort: 80 },
        ],
      },
    ],
  }),
  "deny all that comes in": networkPolicy({ podSelector: {}, policyTypes: ["Ingress"] }),
  "allow all that comes in": networkPolicy({
    podSelector: {},
    ingress: [{}],
    policyTypes: ["Ingress"],
  }),
  "allow all that goes out": networkPolicy({
    podSelector: {},
    egress: [{}],
    policyTypes: ["Egress"],
  }),
  "no selector": networkPolicy({ ingress: [], egress: null, policyTypes: [] }),
  "no spec": { ...networkPolicy({}), spec: {} },
};

export const endpointsExamples: Examples = {
  "an address and a port": endpoints({
    addresses: [{ ip: "192.0.2.42" }],
    ports: [{ port: 9376 }],
  }),
  "all fields": endpoints({
    addresses: [
      {
        ip: "10.244.0.7",
        hostname: "web-0",
        nodeName: "aks-nodepool1-12345678-vmss000000",
        targetRef: { kind: "Pod", namespace: "shop", name: "web-0", uid: "a" },
      },
    ],
    notReadyAddresses: [{ ip: "fd00::7", nodeName: null }],
    ports: [
      { name: "http", port: 80, protocol: "TCP", appProtocol: "http" },
      { name: "dns", port: 53, protocol: "UDP" },
    ],
  }),
  none: endpoints(),
  "not told": { apiVersion: "v1", kind: "Endpoints", metadata: { name: "web", namespace: "shop" } },
  "no ports, of a headless Service": endpoints({ addresses: [{ ip: "10.0.0.1" }] }),
};

export const endpointSlices: Examples = {
  "an endpoint": endpointSlice({
    ports: [{ name: "http", protocol: "TCP", port: 80 }],
    endpoints: [
      {
        addresses: ["10.1.2.3"],
        conditions: { ready: true, serving: true, terminating: false },
        hostname: "pod-1",
        nodeName: "node-1",
        zone: "us-west2-a",
        hints: { forZones: [{ name: "us-west2-a" }], forNodes: [{ name: "node-1" }] },
        targetRef: { kind: "Pod", name: "pod-1" },
        deprecatedTopology: { "kubernetes.io/hostname": "node-1" },
      },
    ],
  }),
  "addresses in IPv6": endpointSlice({
    addressType: "IPv6",
    endpoints: [{ addresses: ["2001:db8::1234:5678"] }],
  }),
  names: endpointSlice({
    addressType: "FQDN",
    endpoints: [{ addresses: ["shop.example.com", "shop.example.com."] }],
  }),
  "ports of some names, one of none": endpointSlice({
    ports: [{ name: "" }, { name: "a", port: null }, { name: "b", appProtocol: "example.com/x" }],
  }),
  "no endpoints and no ports": endpointSlice({ endpoints: [], ports: null }),
  "100 addresses": endpointSlice({
    endpoints: [{ addresses: Array.from({ length: 100 }, (_, index) => `10.0.1.${index}`) }],
  }),
};
