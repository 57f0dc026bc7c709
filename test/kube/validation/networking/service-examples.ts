/** Services as Kubernetes' documentation shows them, and as clusters return them: all are good. */
import type { Examples } from "./networking-examples.ts";
import { loadBalancer, webService } from "./networking-objects.ts";

export const services: Examples = {
  "a port to a port": webService({
    selector: { "app.kubernetes.io/name": "MyApp" },
    ports: [{ protocol: "TCP", port: 80, targetPort: 9376 }],
  }),
  "a port to a named port": webService({
    ports: [
      { name: "name-of-service-port", protocol: "TCP", port: 80, targetPort: "http-web-svc" },
    ],
  }),
  "several ports": webService({
    ports: [
      { name: "http", protocol: "TCP", port: 80, targetPort: 9376 },
      { name: "https", protocol: "TCP", port: 443, targetPort: 9376 },
    ],
  }),
  "a port of two protocols": webService({
    clusterIP: "10.96.0.10",
    ports: [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "dns-tcp", port: 53, protocol: "TCP" },
    ],
  }),
  "ports with protocols of applications": webService({
    ports: [
      { name: "a", port: 80, appProtocol: "kubernetes.io/h2c" },
      { name: "b", port: 81, appProtocol: "http", protocol: "SCTP", targetPort: 0 },
      { name: "1", port: 82, targetPort: "" },
    ],
  }),
  "no selector": webService({ selector: null, ports: [{ port: 80, targetPort: 9376 }] }),
  "no spec but ports": webService({ selector: {}, type: "" }),
  headless: webService({ clusterIP: "None" }),
  "headless without ports": webService({ clusterIP: "None", ports: [] }),
  "headless, by both fields": webService({
    clusterIP: "None",
    clusterIPs: ["None"],
    ports: null,
    publishNotReadyAddresses: true,
  }),
  "ports of nodes": webService({
    type: "NodePort",
    ports: [{ port: 80, targetPort: 80, nodePort: 30_007 }],
  }),
  "a port of nodes of two protocols": webService({
    type: "NodePort",
    ports: [
      { name: "a", port: 53, nodePort: 30_053, protocol: "UDP" },
      { name: "b", port: 53, nodePort: 30_053, protocol: "TCP" },
    ],
  }),
  "a load balancer": loadBalancer({
    clusterIP: "10.0.171.239",
    loadBalancerIP: "78.11.24.19",
    ports: [{ protocol: "TCP", port: 80, targetPort: 9376 }],
  }),
  "a load balancer of a class, for some": loadBalancer({
    loadBalancerClass: "internal-vip",
    allocateLoadBalancerNodePorts: false,
    loadBalancerSourceRanges: ["130.211.204.1/32", " 130.211.204.2/32 ", "2001:db8::/32"],
    externalTrafficPolicy: "Local",
    healthCheckNodePort: 32_000,
    internalTrafficPolicy: "Local",
  }),
  "a load balancer for some, by an annotation": loadBalancer(
    {},
    {
      annotations: {
        "service.beta.kubernetes.io/load-balancer-source-ranges": " 10.0.0.0/8, 172.16.0.0/12 ",
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
      },
    },
  ),
  "a load balancer for some, beside an annotation that nobody reads": loadBalancer(
    { loadBalancerSourceRanges: ["10.0.0.0/8"] },
    { annotations: { "service.beta.kubernetes.io/load-balancer-source-ranges": "everyone" } },
  ),
  "headless, of families": webService({ clusterIP: "None", ipFamilies: ["IPv6", "IPv4"] }),
  "an external name": webService({
    type: "ExternalName",
    externalName: "my.database.example.com",
    selector: null,
    ports: [],
  }),
  "an external name with a dot and a port": webService({
    type: "ExternalName",
    externalName: "my.database.example.com.",
    clusterIP: "",
    sessionAffinity: "None",
  }),
  "external addresses": webService({
    ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 49_152 }],
    externalIPs: ["198.51.100.32"],
    externalTrafficPolicy: "Cluster",
  }),
  affinity: webService({
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
  }),
  "affinity without seconds": webService({
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: null },
  }),
  "a configuration of affinity that it has not": webService({
    sessionAffinity: "None",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } },
  }),
  "two families, if there are two": webService({ ipFamilyPolicy: "PreferDualStack" }),
  "two families": webService({
    ipFamilyPolicy: "RequireDualStack",
    ipFamilies: ["IPv6", "IPv4"],
    clusterIP: "fd00::1",
    clusterIPs: ["fd00::1", "10.0.0.1"],
  }),
  "one family": webService({ ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv6"] }),
  "its topology": webService(
    { trafficDistribution: "PreferClose" },
    {
      annotations: {
        "service.kubernetes.io/topology-mode": "Auto",
        "service.kubernetes.io/topology-aware-hints": "Auto",
      },
    },
  ),
  "a distribution of traffic of a later release": webService({ trafficDistribution: "Later" }),
  "what a cluster returns": {
    ...loadBalancer({
      allocateLoadBalancerNodePorts: true,
      clusterIP: "10.0.37.27",
      clusterIPs: ["10.0.37.27"],
      externalTrafficPolicy: "Cluster",
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      ports: [{ nodePort: 31_572, port: 80, protocol: "TCP", targetPort: 80 }],
      sessionAffinity: "None",
    }),
    status: { loadBalancer: { ingress: [{ ip: "40.1.2.3", ipMode: "VIP" }] } },
  },
};
