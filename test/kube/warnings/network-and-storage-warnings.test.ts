import { expect, test } from "vitest";
import { persistentVolumeClaimWarnings } from "../../../shared/kube/warnings/claim-warnings.ts";
import * as network from "../../../shared/kube/warnings/network-warnings.ts";
import * as storage from "../../../shared/kube/warnings/storage-warnings.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { objectOf, warned } from "./warned.ts";

const headless = { clusterIP: "None" };
const invalid = "will be considered invalid in a future Kubernetes release";

test.each<[what: string, spec: JsonObject, warnings: readonly string[]]>([
  [
    "what a headless Service ignores",
    {
      ...headless,
      loadBalancerIP: "10.0.0.1",
      externalIPs: ["10.0.0.1"],
      sessionAffinity: "ClientIP",
    },
    [
      "spec.loadBalancerIP is ignored for headless services",
      "spec.externalIPs is ignored for headless services",
      "spec.SessionAffinity is ignored for headless services",
    ],
  ],
  ["nothing of a plain headless Service", { ...headless, sessionAffinity: "None" }, []],
  [
    "addresses in ways of their own",
    {
      clusterIP: "010.0.0.1",
      externalIPs: ["::ffff:10.0.0.1", "2001:db8:0:0::1"],
      loadBalancerIP: "10.0.00.1",
    },
    [
      `spec.clusterIPs[0]: non-standard IP address "010.0.0.1" ${invalid}: use "10.0.0.1"`,
      `spec.externalIPs[0]: non-standard IP address "::ffff:10.0.0.1" ${invalid}: use "10.0.0.1"`,
      'spec.externalIPs[1]: IPv6 address "2001:db8:0:0::1" should be in RFC 5952 canonical ' +
        'format ("2001:db8::1")',
      `spec.loadBalancerIP: non-standard IP address "10.0.00.1" ${invalid}: use "10.0.0.1"`,
    ],
  ],
  [
    "blocks in ways of their own",
    { loadBalancerSourceRanges: ["10.0.0.1/8", "010.0.0.0/8", "2001:DB8::/32", "10.0.0.0/8"] },
    [
      'spec.loadBalancerSourceRanges[0]: CIDR value "10.0.0.1/8" is ambiguous in this context ' +
        '(should be "10.0.0.0/8" or "10.0.0.1/32"?)',
      `spec.loadBalancerSourceRanges[1]: non-standard CIDR value "010.0.0.0/8" ${invalid}: use ` +
        '"10.0.0.0/8"',
      'spec.loadBalancerSourceRanges[2]: IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 ' +
        'canonical format ("2001:db8::/32")',
    ],
  ],
  [
    "addresses of what is only a name",
    { type: "ExternalName", externalName: "example.com", externalIPs: ["10.0.0.1"] },
    ['spec.externalIPs is ignored when spec.type is "ExternalName"'],
  ],
  [
    "a name that is not used",
    { externalName: "example.com" },
    ['spec.externalName is ignored when spec.type is not "ExternalName"'],
  ],
  [
    "nothing of a common Service",
    { ports: [{ port: 80 }], clusterIPs: ["10.0.0.1", "fd00::1"] },
    [],
  ],
])("a Service is warned of %s", (_, spec, warnings) => {
  expect(warned(network.serviceWarnings, objectOf({ spec }))).toEqual(warnings);
});

test("a Service is warned of an annotation that was renamed", () => {
  const annotations = { "service.kubernetes.io/topology-aware-hints": "auto" };
  expect(warned(network.serviceWarnings, objectOf({ spec: {} }, { annotations }))).toEqual([
    "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use " +
      "service.kubernetes.io/topology-mode instead",
  ]);
});

test("a new Ingress is warned of a class by annotation", () => {
  const annotations = { "kubernetes.io/ingress.class": "nginx" };
  const ingress = objectOf({}, { annotations });
  expect(warned(network.ingressWarnings, ingress)).toEqual([
    `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' ` +
      "instead",
  ]);
  expect(warned(network.ingressWarnings, ingress, ingress)).toEqual([]);
  const named = objectOf({ spec: { ingressClassName: "nginx" } }, { annotations });
  expect(warned(network.ingressWarnings, named)).toEqual([]);
});

const nonStandard = `non-standard IP address "010.0.0.1" ${invalid}: use "10.0.0.1"`;
const ambiguous =
  'CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)';

test("blocks and addresses are warned of wherever they are", () => {
  const ipBlock = { cidr: "10.0.0.1/8", except: ["10.0.0.1/8"] };
  const spec = { ingress: [{ from: [{ ipBlock }] }], egress: [{ to: [{ ipBlock }] }] };
  expect(warned(network.networkPolicyWarnings, objectOf({ spec }))).toEqual([
    `spec.ingress[0].from[0].ipBlock.cidr: ${ambiguous}`,
    `spec.ingress[0].from[0].ipBlock.except[0]: ${ambiguous}`,
    `spec.egress[0].to[0].ipBlock.cidr: ${ambiguous}`,
    `spec.egress[0].to[0].ipBlock.except[0]: ${ambiguous}`,
  ]);
  const addresses = [{ ip: "010.0.0.1" }];
  const subsets = [{ addresses, notReadyAddresses: addresses }];
  expect(warned(network.endpointsWarnings, objectOf({ subsets }))).toEqual([
    `subsets[0].addresses[0].ip: ${nonStandard}`,
    `subsets[0].notReadyAddresses[0].ip: ${nonStandard}`,
  ]);
  const endpoints = [{ addresses: ["010.0.0.1", "10.0.0.2"] }];
  expect(warned(network.endpointSliceWarnings, objectOf({ endpoints }))).toEqual([
    `endpoints[0].addresses[0]: ${nonStandard}`,
  ]);
});

const osLabel = "beta.kubernetes.io/os";
const osSentence = 'deprecated since v1.14; use "kubernetes.io/os" instead';

test("a PersistentVolume is warned of all that is out of date", () => {
  const annotations = { "volume.beta.kubernetes.io/storage-class": "fast" };
  const spec = {
    persistentVolumeReclaimPolicy: "Recycle",
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: osLabel }] }] } },
    rbd: {},
  };
  expect(warned(storage.persistentVolumeWarnings, objectOf({ spec }, { annotations }))).toEqual([
    "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use " +
      '"storageClassName" attribute instead',
    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the " +
      "recommended approach is to use dynamic provisioning.",
    "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: " +
      `${osLabel} is ${osSentence}`,
    "spec.rbd: deprecated in v1.28, non-functional in v1.31+",
  ]);
  expect(warned(persistentVolumeClaimWarnings, objectOf({}, { annotations }))).toHaveLength(1);
});

test("renamed labels of nodes are warned of wherever they are", () => {
  const expressions = [{ key: osLabel, values: ["linux"] }];
  const allowedTopologies = [{ matchLabelExpressions: expressions }];
  expect(warned(storage.storageClassWarnings, objectOf({ allowedTopologies }))).toEqual([
    `allowedTopologies[0].matchLabelExpressions[0].key: ${osSentence}`,
  ]);
  const nodeTopology = { matchExpressions: expressions, matchLabels: { [osLabel]: "linux" } };
  expect(warned(storage.storageCapacityWarnings, objectOf({ nodeTopology }))).toEqual([
    `nodeTopology.matchExpressions[0].key: ${osLabel} is ${osSentence}`,
    `nodeTopology.matchLabels.${osLabel}: ${osSentence}`,
  ]);
  const scheduling = { nodeSelector: { [osLabel]: "linux" } };
  expect(warned(storage.runtimeClassWarnings, objectOf({ scheduling }))).toEqual([
    `scheduling.nodeSelector: ${osSentence}`,
  ]);
});

test("a ServiceAccount is warned of an annotation that is new to it", () => {
  const name = "kubernetes.io/enforce-mountable-secrets";
  const account = objectOf({}, { annotations: { [name]: "true" } });
  const sentence =
    `metadata.annotations[${name}]: deprecated in v1.32+; prefer separate namespaces to isolate ` +
    "access to mounted secrets";
  expect(warned(storage.serviceAccountWarnings, account)).toEqual([sentence]);
  expect(warned(storage.serviceAccountWarnings, account, objectOf({}))).toEqual([sentence]);
  expect(warned(storage.serviceAccountWarnings, account, account)).toEqual([]);
});
