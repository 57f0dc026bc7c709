import { expect, test } from "vitest";
import { serviceRules } from "../../../../shared/kube/validation/networking/service-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { type Fields, webService } from "./networking-objects.ts";

type Update = readonly [behaviour: string, before: Fields, after: Fields];

const dual: Fields = {
  clusterIP: "10.0.0.1",
  clusterIPs: ["10.0.0.1", "fd00::1"],
  ipFamilies: ["IPv4", "IPv6"],
  ipFamilyPolicy: "PreferDualStack",
};
const once = "may not change once set";

test.each<[...Update, errors: readonly string[]]>([
  [
    "its address",
    { clusterIP: "10.0.0.1" },
    { clusterIP: "10.0.0.2" },
    [`spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: ${once}`],
  ],
  [
    "its address, where the list of them was left as it is",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] },
    { clusterIP: "10.0.0.2", clusterIPs: ["10.0.0.1"] },
    [`spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: ${once}`],
  ],
  [
    "its address, in the list alone",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] },
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.2"] },
    [
      `spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: ${once}`,
      'spec.clusterIPs: Invalid value: ["10.0.0.2"]: first value must match `clusterIP`',
    ],
  ],
  [
    "from headless to one with an address",
    { clusterIP: "None" },
    { clusterIP: "10.0.0.1" },
    [`spec.clusterIPs[0]: Invalid value: ["10.0.0.1"]: ${once}`],
  ],
  [
    "its second address",
    dual,
    { ...dual, clusterIPs: ["10.0.0.1", "fd00::2"] },
    [`spec.clusterIPs[1]: Invalid value: ["10.0.0.1","fd00::2"]: ${once}`],
  ],
  [
    "its family",
    { ipFamilies: ["IPv4"] },
    { ipFamilies: ["IPv6"] },
    [`spec.ipFamilies[0]: Invalid value: ["IPv6"]: ${once}`],
  ],
  [
    "away its second address without saying so",
    dual,
    { ...dual, clusterIPs: ["10.0.0.1"], ipFamilies: ["IPv4"] },
    [
      "spec.ipFamilyPolicy: Invalid value: \"PreferDualStack\": must be 'SingleStack' to release " +
        "the secondary cluster IP",
      "spec.ipFamilyPolicy: Invalid value: \"PreferDualStack\": must be 'SingleStack' to release " +
        "the secondary IP family",
    ],
  ],
  [
    "the class of its load balancer",
    { type: "LoadBalancer", loadBalancerClass: "example.com/a" },
    { type: "LoadBalancer", loadBalancerClass: "example.com/b" },
    [`spec.loadBalancerClass: Invalid value: "example.com/b": ${once}`],
  ],
  [
    "away the class of its load balancer",
    { type: "LoadBalancer", loadBalancerClass: "example.com/a" },
    { type: "LoadBalancer" },
    [`spec.loadBalancerClass: Invalid value: "null": ${once}`],
  ],
  [
    "the port of its health checks",
    { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: 30_100 },
    { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: 30_101 },
    ["spec.healthCheckNodePort: Forbidden: field is immutable"],
  ],
  [
    "the port of health checks that are no longer made",
    { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: 30_100 },
    { type: "LoadBalancer", healthCheckNodePort: 30_101 },
    [
      "spec.healthCheckNodePort: Invalid value: 30101: may only be set when `type` is " +
        "'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
  ],
  [
    "nothing of what was wrong before",
    { externalTrafficPolicy: "Local" },
    { externalTrafficPolicy: "Local" },
    [
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for ' +
        "externally-accessible services",
    ],
  ],
  [
    "its type but not the ranges that only the former one has",
    { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] },
    { type: "NodePort", loadBalancerSourceRanges: ["10.0.0.0/8"] },
    ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
  ],
  [
    "its type and a field that only the former one has",
    { type: "LoadBalancer", externalTrafficPolicy: "Local" },
    { type: "ClusterIP", externalTrafficPolicy: "Cluster" },
    [
      'spec.externalTrafficPolicy: Invalid value: "Cluster": may only be set for ' +
        "externally-accessible services",
    ],
  ],
  [
    "its type and the ports of nodes that only the former one has",
    { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] },
    { type: "ClusterIP", ports: [{ port: 80, nodePort: 30_081 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
])("a Service is refused to change %s", (_behaviour, before, after, errors) => {
  expect(errorsOf(serviceRules, webService(after), webService(before))).toEqual(errors);
});

test.each<Update>([
  ["nothing", dual, dual],
  ["its ports and its selector", {}, { ports: [{ port: 81 }], selector: { app: "shop" } }],
  ["to an address when it had none", {}, { clusterIP: "10.0.0.1" }],
  ["nothing by leaving its address out", { clusterIP: "10.0.0.1" }, {}],
  [
    "nothing by leaving the list of addresses out",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] },
    { clusterIP: "10.0.0.1" },
  ],
  ["nothing by staying headless", { clusterIP: "None" }, { clusterIP: "None", ports: [] }],
  [
    "the families of a headless one",
    { clusterIP: "None", ipFamilies: ["IPv4"] },
    { clusterIP: "None", ipFamilies: ["IPv6"] },
  ],
  [
    "to an address of each family",
    { clusterIP: "10.0.0.1", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" },
    dual,
  ],
  [
    "back to a single stack",
    dual,
    {
      clusterIP: "10.0.0.1",
      clusterIPs: ["10.0.0.1"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    },
  ],
  ["back to a single stack by its policy alone", dual, { ...dual, ipFamilyPolicy: "SingleStack" }],
  [
    "to an external name, whose addresses go",
    dual,
    { ...dual, type: "ExternalName", externalName: "db.example.com" },
  ],
  [
    "to an external name, its address cleared",
    { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] },
    {
      type: "ExternalName",
      externalName: "db.example.com",
      clusterIP: "",
      clusterIPs: ["10.0.0.1"],
    },
  ],
  [
    "from an external name to an address",
    { type: "ExternalName", externalName: "db.example.com" },
    { clusterIP: "10.0.0.1", ipFamilies: ["IPv4"] },
  ],
  [
    "from a load balancer to nothing of it, all else left as it is",
    {
      type: "LoadBalancer",
      allocateLoadBalancerNodePorts: true,
      loadBalancerClass: "example.com/a",
      externalTrafficPolicy: "Local",
      healthCheckNodePort: 30_100,
      ports: [{ port: 80, nodePort: 30_080 }],
    },
    {
      type: "ClusterIP",
      allocateLoadBalancerNodePorts: true,
      loadBalancerClass: "example.com/a",
      externalTrafficPolicy: "Local",
      healthCheckNodePort: 30_100,
      ports: [{ port: 80, nodePort: 30_080 }],
    },
  ],
  [
    "the traffic policy of a load balancer, the port of its health checks left as it is",
    { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: 30_100 },
    { type: "LoadBalancer", externalTrafficPolicy: "Cluster", healthCheckNodePort: 30_100 },
  ],
  [
    "to a load balancer with a class",
    { type: "ClusterIP" },
    { type: "LoadBalancer", loadBalancerClass: "example.com/a" },
  ],
])("a Service can change %s", (_behaviour, before, after) => {
  expect(errorsOf(serviceRules, webService(after), webService(before))).toEqual([]);
});
