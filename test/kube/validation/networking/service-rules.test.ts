import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { serviceRules } from "../../../../shared/kube/validation/networking/service-rules.ts";
import { errorsOf } from "../errors-of.ts";
import {
  notABlock,
  notALabel,
  notALabelValue,
  notAName,
  notAnIp,
  notASubdomain,
  portRange,
} from "../sentences.ts";
import { loadBalancer, webService } from "./networking-objects.ts";

type Case = readonly [behaviour: string, service: KubeObject, errors: readonly string[]];

const ports = (...list: readonly Readonly<Record<string, never | string | number>>[]) =>
  webService({ ports: list });
const sameHttpPort = '{"port":80,"protocol":"TCP"}';
const loadBalancersOnly = "Forbidden: may only be used when `type` is 'LoadBalancer'";
const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
const topologyMode = "service.kubernetes.io/topology-mode";
const topologyHints = "service.kubernetes.io/topology-aware-hints";

const portCases: readonly Case[] = [
  ["without ports", webService({ ports: [] }), ["spec.ports: Required value"]],
  [
    "without a spec",
    { apiVersion: "v1", kind: "Service", metadata: { name: "web" } },
    ["spec.ports: Required value"],
  ],
  [
    "with a port that has no number",
    ports({}),
    [
      `spec.ports[0].port: Invalid value: 0: ${portRange}`,
      `spec.ports[0].targetPort: Invalid value: 0: ${portRange}`,
    ],
  ],
  [
    "with a port above the range",
    ports({ port: 65_536, targetPort: 80 }),
    [`spec.ports[0].port: Invalid value: 65536: ${portRange}`],
  ],
  [
    "with several ports of which one has no name",
    ports({ port: 80, name: "http" }, { port: 443 }),
    ["spec.ports[1].name: Required value"],
  ],
  [
    "with a port's name that is no label",
    ports({ port: 80, name: "Web" }),
    [`spec.ports[0].name: Invalid value: "Web": ${notALabel}`],
  ],
  [
    "with two ports of a name",
    ports({ port: 80, name: "http" }, { port: 81, name: "http" }),
    ['spec.ports[1].name: Duplicate value: "http"'],
  ],
  [
    "with an unknown protocol",
    ports({ port: 80, protocol: "HTTP" }),
    ['spec.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"'],
  ],
  [
    "with a target port above the range",
    ports({ port: 80, targetPort: 70_000 }),
    [`spec.ports[0].targetPort: Invalid value: 70000: ${portRange}`],
  ],
  [
    "with a target port that is a number in quotes",
    ports({ port: 80, targetPort: "8080" }),
    ['spec.ports[0].targetPort: Invalid value: "8080": must contain at least one letter (a-z)'],
  ],
  [
    "with a target port's name of more than 15 characters",
    ports({ port: 80, targetPort: "abcdefghijklmnop" }),
    [
      'spec.ports[0].targetPort: Invalid value: "abcdefghijklmnop": must be no more than 15 ' +
        "characters",
    ],
  ],
  [
    "with an application protocol that is no qualified name",
    ports({ port: 80, appProtocol: "h2 c" }),
    [`spec.ports[0].appProtocol: Invalid value: "h2 c": ${notAName}`],
  ],
  [
    "with an empty application protocol",
    ports({ port: 80, appProtocol: "" }),
    [
      'spec.ports[0].appProtocol: Invalid value: "": name part must be non-empty',
      `spec.ports[0].appProtocol: Invalid value: "": ${notAName}`,
    ],
  ],
  [
    "with a port of a node that none opens",
    ports({ port: 80, nodePort: 30_080 }),
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    "with ports of a node that no node has",
    webService({
      type: "NodePort",
      ports: [
        { port: 80, name: "a", nodePort: 65_536 },
        { port: 81, name: "b", nodePort: -1 },
      ],
    }),
    [
      "spec.ports[0].nodePort: Invalid value: 65536: provided port is not in the valid range. " +
        "The range of valid ports is 1-65535",
      "spec.ports[1].nodePort: Invalid value: -1: provided port is not in the valid range. " +
        "The range of valid ports is 1-65535",
    ],
  ],
  [
    "with a port of a node twice",
    webService({
      type: "NodePort",
      ports: [
        { port: 80, name: "a", nodePort: 30_080 },
        { port: 81, name: "b", nodePort: 30_080, protocol: "TCP" },
      ],
    }),
    ["spec.ports[1].nodePort: Duplicate value: 30080"],
  ],
  [
    "with a port twice, once with the protocol that the other has by default",
    ports({ port: 80, name: "a" }, { port: 80, name: "b", protocol: "TCP", targetPort: "c" }),
    [`spec.ports[1]: Duplicate value: ${sameHttpPort}`],
  ],
];

const specCases: readonly Case[] = [
  [
    "of an unknown type",
    webService({ type: "Public" }),
    [
      'spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", ' +
        '"LoadBalancer", "NodePort"',
    ],
  ],
  [
    "with a selector that is no label",
    webService({ selector: { "app name": "web server" } }),
    [
      `spec.selector: Invalid value: "app name": ${notAName}`,
      `spec.selector: Invalid value: "web server": ${notALabelValue}`,
    ],
  ],
  [
    "with an unknown session affinity",
    webService({ sessionAffinity: "Cookie" }),
    ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
  ],
  ...[0, 86_401].map(
    (timeoutSeconds): Case => [
      `with an affinity of ${timeoutSeconds} seconds`,
      webService({
        sessionAffinity: "ClientIP",
        sessionAffinityConfig: { clientIP: { timeoutSeconds } },
      }),
      [
        `spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: ${timeoutSeconds}: ` +
          "must be greater than 0 and less than 86400",
      ],
    ],
  ),
  [
    "with an internal traffic policy of no name",
    webService({ internalTrafficPolicy: "Node" }),
    ['spec.internalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"'],
  ],
  [
    "with topology annotations that differ",
    webService({}, { annotations: { [topologyMode]: "Auto", [topologyHints]: "disabled" } }),
    [
      `metadata.annotations[${topologyMode}]: Invalid value: "Auto": must match ` +
        `annotations[${topologyHints}] when both are specified`,
    ],
  ],
  [
    "with errors in each part, told in the order of Kubernetes",
    webService({
      ports: [{ port: 0, targetPort: 80, nodePort: 30_000 }],
      type: "ClusterIP",
      sessionAffinity: "Cookie",
      clusterIP: "10.0.0",
      externalIPs: ["::1"],
      externalTrafficPolicy: "Node",
      internalTrafficPolicy: "Node",
      loadBalancerClass: "example.com/public",
    }),
    [
      `spec.ports[0].port: Invalid value: 0: ${portRange}`,
      'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"',
      `spec.clusterIPs[0]: Invalid value: "10.0.0": ${notAnIp}`,
      'spec.externalIPs[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ' +
        "::1/128)",
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
      `spec.loadBalancerClass: ${loadBalancersOnly}`,
      'spec.externalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"',
      'spec.internalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"',
    ],
  ],
];

const externalNameCases: readonly Case[] = [
  [
    "of an external name that is not given",
    webService({ type: "ExternalName", ports: [] }),
    ["spec.externalName: Required value"],
  ],
  [
    "of an external name that is only a dot",
    webService({ type: "ExternalName", externalName: "." }),
    ["spec.externalName: Required value"],
  ],
  [
    "of an external name with a scheme",
    webService({ type: "ExternalName", externalName: "https://example.com" }),
    [`spec.externalName: Invalid value: "https://example.com": ${notASubdomain}`],
  ],
  [
    "of an external name with addresses",
    webService({
      type: "ExternalName",
      externalName: "db.example.com",
      clusterIP: "None",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    }),
    ["clusterIPs", "ipFamilies", "ipFamilyPolicy"].map(
      (field) => `spec.${field}: Forbidden: may not be set for ExternalName services`,
    ),
  ],
];

const outsideCases: readonly Case[] = [
  [
    "with source ranges but no load balancer",
    webService({ loadBalancerSourceRanges: ["10.0.0.0/8"] }),
    [`spec.LoadBalancerSourceRanges: ${loadBalancersOnly}`],
  ],
  [
    "with a source range that is an address",
    loadBalancer({ loadBalancerSourceRanges: ["10.0.0.0/8", "10.1.2.3", "10.0.0.0/33"] }),
    [
      `spec.LoadBalancerSourceRanges[1]: Invalid value: "10.1.2.3": ${notABlock}`,
      `spec.LoadBalancerSourceRanges[2]: Invalid value: "10.0.0.0/33": ${notABlock}`,
    ],
  ],
  [
    "with source ranges in an annotation but no load balancer",
    webService({}, { annotations: { [rangesAnnotation]: "" } }),
    [`metadata.annotations[${rangesAnnotation}]: ${loadBalancersOnly}`],
  ],
  [
    "with a source range in an annotation that is none",
    loadBalancer({}, { annotations: { [rangesAnnotation]: "10.0.0.0/8, everyone" } }),
    [`metadata.annotations[${rangesAnnotation}]: Invalid value: "everyone": ${notABlock}`],
  ],
  [
    "that allocates ports of nodes for no load balancer",
    webService({ allocateLoadBalancerNodePorts: false }),
    [`spec.allocateLoadBalancerNodePorts: ${loadBalancersOnly}`],
  ],
  [
    "with the class of a load balancer that it is not",
    webService({ type: "NodePort", loadBalancerClass: "example.com/public" }),
    [`spec.loadBalancerClass: ${loadBalancersOnly}`],
  ],
  [
    "with a class that is no qualified name",
    loadBalancer({ loadBalancerClass: "my class" }),
    [`spec.loadBalancerClass: Invalid value: "my class": ${notAName}`],
  ],
  [
    "with a policy for traffic that cannot come from outside",
    webService({ externalTrafficPolicy: "Local" }),
    [
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for ' +
        "externally-accessible services",
    ],
  ],
  [
    "with an external traffic policy of no name",
    loadBalancer({ externalTrafficPolicy: "Node" }),
    ['spec.externalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"'],
  ],
  [
    "with a port for health checks that nobody makes",
    loadBalancer({ healthCheckNodePort: 30_100 }),
    [
      "spec.healthCheckNodePort: Invalid value: 30100: may only be set when `type` is " +
        "'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
  ],
  [
    "with a port for health checks above the range",
    loadBalancer({ externalTrafficPolicy: "Local", healthCheckNodePort: 70_000 }),
    [`spec.healthCheckNodePort: Invalid value: 70000: ${portRange}`],
  ],
];

test.each([...portCases, ...specCases, ...externalNameCases, ...outsideCases])(
  "a Service is refused %s",
  (_behaviour, service, errors) => {
    expect(errorsOf(serviceRules, service)).toEqual(errors);
  },
);

test("a Service is silent about values of a wrong type: their decoding refuses them", () => {
  const wrong = loadBalancer({
    ports: "80",
    selector: "app=web",
    clusterIP: true,
    clusterIPs: "None",
    externalIPs: [5, null],
    externalName: 5,
    loadBalancerSourceRanges: [5],
    loadBalancerClass: 5,
    sessionAffinityConfig: 5,
    externalTrafficPolicy: 5,
    internalTrafficPolicy: 5,
  });
  expect(errorsOf(serviceRules, wrong)).toEqual([]);
  expect(errorsOf(serviceRules, { ...wrong, spec: 5 })).toEqual([]);
});
