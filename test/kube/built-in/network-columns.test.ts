import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { shownRow } from "./shown-row.ts";

const balancer = (...ingress: readonly JsonObject[]) => ({ loadBalancer: { ingress } });
const hosts = (...names: readonly string[]) => ({
  spec: { rules: names.map((host) => (host === "" ? {} : { host })) },
});

test.each<[resource: string, object: JsonObject, cells: Record<string, Json>]>([
  [
    "/services",
    {},
    {
      ...{ Type: "ClusterIP", "Cluster-IP": "<none>", "External-IP": "<none>" },
      ...{ "Port(s)": "<none>", Age: "5s", Selector: "<none>" },
    },
  ],
  [
    "/services",
    {
      spec: {
        type: "LoadBalancer",
        clusterIP: "10.0.0.1",
        ports: [
          { port: 80, nodePort: 30_080 },
          { port: 53, protocol: "UDP" },
        ],
        selector: { tier: "front", app: "web" },
      },
    },
    {
      ...{ Type: "LoadBalancer", "Cluster-IP": "10.0.0.1", "External-IP": "<pending>" },
      ...{ "Port(s)": "80:30080/TCP,53/UDP", Selector: "app=web,tier=front" },
    },
  ],
  [
    "/services",
    { spec: { clusterIP: "", clusterIPs: ["10.0.0.2", "fd00::2"], externalIPs: ["1.1.1.1"] } },
    { "Cluster-IP": "10.0.0.2", "External-IP": "1.1.1.1" },
  ],
  ["/services", { spec: { clusterIP: "None" } }, { "Cluster-IP": "None" }],
  [
    "/services",
    {
      spec: { type: "LoadBalancer", externalIPs: ["5.5.5.5"] },
      status: balancer({ hostname: "h" }, { ip: "1.2.3.4" }, { ip: "1.2.3.4" }),
    },
    { "External-IP": "1.2.3.4,h,5.5.5.5" },
  ],
  [
    "/services",
    { spec: { type: "ExternalName", externalName: "a.example" } },
    { Type: "ExternalName", "Cluster-IP": "<none>", "External-IP": "a.example" },
  ],
  ["/endpoints", {}, { Endpoints: "<none>" }],
  ["/endpoints", { subsets: [{ ports: [{ port: 80 }] }] }, { Endpoints: "" }],
  [
    "/endpoints",
    { subsets: [{ addresses: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }], ports: [{ port: 80 }] }] },
    { Endpoints: "10.0.0.1:80,[fd00::1]:80" },
  ],
  [
    "/endpoints",
    { subsets: [{ addresses: [{ ip: "1" }, { ip: "2" }] }, { addresses: [{ ip: "3" }] }] },
    { Endpoints: "1,2,3" },
  ],
  [
    "/endpoints",
    { subsets: [{ addresses: [{ ip: "1" }, { ip: "2" }], ports: [{ port: 8 }, { port: 9 }] }] },
    { Endpoints: "1:8,2:8,1:9 + 1 more..." },
  ],
  [
    "discovery.k8s.io/endpointslices",
    {
      addressType: "IPv4",
      ports: [{ port: 80 }, { name: "web" }, {}],
      endpoints: [1, 2, 3, 4].map((n) => ({ addresses: [`10.0.0.${n}`] })),
    },
    {
      ...{ AddressType: "IPv4", Ports: "80,web,*" },
      Endpoints: "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...",
    },
  ],
  ["discovery.k8s.io/endpointslices", {}, { Ports: "<unset>", Endpoints: "<unset>" }],
  [
    "networking.k8s.io/ingresses",
    { spec: {} },
    { Class: "<none>", Hosts: "*", Address: "", Ports: "80", Age: "5s" },
  ],
  [
    "networking.k8s.io/ingresses",
    {
      spec: { ingressClassName: "nginx", rules: [{ host: "a.b" }, {}], tls: [{}] },
      status: balancer({ hostname: "h" }, { ip: "1.2.3.4" }),
    },
    { Class: "nginx", Hosts: "a.b", Address: "1.2.3.4,h", Ports: "80, 443" },
  ],
  ["networking.k8s.io/ingresses", hosts("a", "b", "c"), { Hosts: "a,b,c" }],
  ["networking.k8s.io/ingresses", hosts("a", "b", "c", "d"), { Hosts: "a,b,c + 1 more..." }],
  ["networking.k8s.io/ingresses", hosts("", "a", "b", "c", "d"), { Hosts: "a,b,c + 2 more..." }],
  [
    "networking.k8s.io/ingressclasses",
    { spec: { controller: "example.com/nginx" } },
    { Controller: "example.com/nginx", Parameters: "<none>", Age: "5s" },
  ],
  [
    "networking.k8s.io/ingressclasses",
    { spec: { parameters: { apiGroup: "k8s.example.com", kind: "Params", name: "external" } } },
    { Parameters: "Params.k8s.example.com/external" },
  ],
  [
    "networking.k8s.io/ingressclasses",
    { spec: { parameters: { kind: "ConfigMap", name: "external" } } },
    { Parameters: "ConfigMap/external" },
  ],
  [
    "networking.k8s.io/networkpolicies",
    { spec: { podSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } } },
    { "Pod-Selector": "a" },
  ],
  ["networking.k8s.io/networkpolicies", { spec: {} }, { "Pod-Selector": "<none>" }],
  [
    "networking.k8s.io/ipaddresses",
    { spec: { parentRef: { resource: "services", namespace: "shop", name: "web" } } },
    { ParentRef: "services/shop/web" },
  ],
  ["networking.k8s.io/ipaddresses", {}, { ParentRef: "<none>" }],
  [
    "networking.k8s.io/servicecidrs",
    { spec: { cidrs: ["10.0.0.0/16", "fd00::/112"] } },
    { CIDRs: "10.0.0.0/16,fd00::/112" },
  ],
])("%s %j shows %j", (resource, object, cells) => {
  expect(shownRow(resource, object).cells).toMatchObject(cells);
});
