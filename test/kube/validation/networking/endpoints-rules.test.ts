import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { endpointSliceRules } from "../../../../shared/kube/validation/networking/endpoint-slice-rules.ts";
import { endpointsRules } from "../../../../shared/kube/validation/networking/endpoints-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import {
  notALabel,
  notALabelValue,
  notAName,
  notAnIp,
  notASubdomain,
  portRange,
} from "../sentences.ts";
import { endpointSlice, endpoints } from "./networking-objects.ts";

type Case = readonly [behaviour: string, object: KubeObject, errors: readonly string[]];

const ip = "10.1.2.3";
const protocols = 'supported values: "SCTP", "TCP", "UDP"';
const linkLocal = "may not be in the link-local range (169.254.0.0/16, fe80::/10)";

test.each<Case>([
  [
    "without addresses",
    endpoints({ ports: [{ port: 80 }] }),
    ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"],
  ],
  [
    "with an address that is left out",
    endpoints({ addresses: [{}] }),
    [
      `subsets[0].addresses[0].ip: Invalid value: "": ${notAnIp}`,
      'subsets[0].addresses[0].ip: Invalid value: "": must be a valid IP address',
    ],
  ],
  [
    "with an address that others cannot reach, though it is not ready",
    endpoints({ notReadyAddresses: [{ ip: "169.254.1.1" }] }),
    [`subsets[0].notReadyAddresses[0].ip: Invalid value: "169.254.1.1": ${linkLocal}`],
  ],
  [
    "with a bad host and node",
    endpoints({ addresses: [{ ip, hostname: "web.shop", nodeName: "" }] }),
    [
      `subsets[0].addresses[0].hostname: Invalid value: "web.shop": ${notALabel}`,
      `subsets[0].addresses[0].nodeName: Invalid value: "": ${notASubdomain}`,
    ],
  ],
  [
    "with a bad port",
    endpoints({
      addresses: [{ ip }],
      ports: [{ name: "Http", protocol: "HTTP", appProtocol: "h2 c" }],
    }),
    [
      `subsets[0].ports[0].name: Invalid value: "Http": ${notALabel}`,
      `subsets[0].ports[0].port: Invalid value: 0: ${portRange}`,
      `subsets[0].ports[0].protocol: Unsupported value: "HTTP": ${protocols}`,
      `subsets[0].ports[0].appProtocol: Invalid value: "h2 c": ${notAName}`,
    ],
  ],
  [
    "with several ports of which one has no name",
    endpoints({ addresses: [{ ip }], ports: [{ port: 80 }, { port: 81, name: "b" }] }),
    ["subsets[0].ports[0].name: Required value"],
  ],
])("Endpoints are refused %s", (_behaviour, object, errors) => {
  expect(errorsOf(endpointsRules, object)).toEqual(errors);
});

test("Endpoints can change all of their addresses", () => {
  const before = endpoints({ addresses: [{ ip, nodeName: "a" }] });
  const after = endpoints({ addresses: [{ ip, nodeName: "b" }], ports: [{ port: 80 }] });
  expect(errorsOf(endpointsRules, after, before)).toEqual([]);
});

const ofType = (addressType: string, ...addresses: readonly Json[]) =>
  endpointSlice({ addressType, endpoints: [{ addresses }] });
const address0 = "endpoints[0].addresses[0]";
const many = (count: number, value: (index: number) => Json) =>
  Array.from({ length: count }, (_, index) => value(index));
const hints = (value: Json) => endpointSlice({ endpoints: [{ addresses: [ip], hints: value }] });

const addressCases: readonly Case[] = [
  [
    "without a type",
    endpointSlice({ addressType: "", endpoints: [{ addresses: ["anything"] }] }),
    ["addressType: Required value"],
  ],
  [
    "of an unknown type",
    ofType("IP", ip),
    ['addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"'],
  ],
  [
    "with an IPv4 address that is none",
    ofType("IPv4", "10.1.2"),
    [
      `${address0}: Invalid value: "10.1.2": must be a valid IPv4 address`,
      `${address0}: Invalid value: "10.1.2": must be a valid IP address`,
    ],
  ],
  [
    "with an IPv6 address as an IPv4 one",
    ofType("IPv4", "fd00::1"),
    [`${address0}: Invalid value: "fd00::1": must be a valid IPv4 address`],
  ],
  [
    "with an IPv4 address as an IPv6 one",
    ofType("IPv6", ip),
    [`${address0}: Invalid value: "${ip}": must be a valid IPv6 address`],
  ],
  [
    "with an address that others cannot reach",
    ofType("IPv6", "fe80::1"),
    [`${address0}: Invalid value: "fe80::1": ${linkLocal}`],
  ],
  ["with a name that is empty", ofType("FQDN", ""), [`${address0}: Required value`]],
  [
    "with a name in capitals",
    ofType("FQDN", "Shop.example.com."),
    [`${address0}: Invalid value: "Shop.example.com": ${notASubdomain}`],
  ],
  [
    "with a name of one part",
    ofType("FQDN", "shop"),
    [
      `${address0}: Invalid value: "shop": should be a domain with at least two segments ` +
        "separated by dots",
    ],
  ],
  [
    "with a name of a part that is too long",
    ofType("FQDN", `${"a".repeat(64)}.com`),
    [`${address0}: Invalid value: "${"a".repeat(64)}": must be no more than 63 characters`],
  ],
  [
    "with an endpoint of no address",
    endpointSlice({ endpoints: [{}] }),
    ["endpoints[0].addresses: Required value: must contain at least 1 address"],
  ],
  [
    "with an endpoint of more than 100 addresses",
    endpointSlice({ endpoints: [{ addresses: many(101, (i) => `10.0.0.${i}`) }] }),
    ["endpoints[0].addresses: Too many: 101: must have at most 100 items"],
  ],
  [
    "with more than 1000 endpoints, of which nothing else is told",
    endpointSlice({ endpoints: many(1001, () => ({})) }),
    ["endpoints: Too many: 1001: must have at most 1000 items"],
  ],
];

const endpointCases: readonly Case[] = [
  [
    "with a bad node, topology and host",
    endpointSlice({
      endpoints: [
        {
          addresses: [ip],
          nodeName: "Node 1",
          deprecatedTopology: { "a b": "c" },
          hostname: "",
        },
      ],
    }),
    [
      `endpoints[0].nodeName: Invalid value: "Node 1": ${notASubdomain}`,
      `endpoints[0].deprecatedTopology: Invalid value: "a b": ${notAName}`,
      `endpoints[0].hostname: Invalid value: "": ${notALabel}`,
    ],
  ],
  [
    "with more than 16 labels of topology",
    endpointSlice({
      endpoints: [
        {
          addresses: [ip],
          deprecatedTopology: Object.fromEntries(
            many(17, (i) => [`a${i}`, "b"]) as [string, Json][],
          ),
        },
      ],
    }),
    ["endpoints[0].deprecatedTopology: Too many: 17: must have at most 16 items"],
  ],
  [
    "with a zone twice, and one of a bad name",
    hints({ forZones: [{ name: "zone-1" }, { name: "zone-1" }, { name: "zone 2" }] }),
    [
      'endpoints[0].hints.forZones[1].name: Duplicate value: "zone-1"',
      `endpoints[0].hints.forZones[2].name: Invalid value: "zone 2": ${notALabelValue}`,
    ],
  ],
  [
    "with more than 8 zones",
    hints({ forZones: many(9, (i) => ({ name: `zone-${i}` })) }),
    ["endpoints[0].hints.forZones: Too many: 9: must have at most 8 items"],
  ],
  [
    "with a node twice, and one of a bad name",
    hints({ forNodes: [{ name: "node-1" }, { name: "node-1" }, { name: "Node" }] }),
    [
      'endpoints[0].hints.forNodes[1].name: Duplicate value: "node-1"',
      `endpoints[0].hints.forNodes[2].name: Invalid value: "Node": ${notASubdomain}`,
    ],
  ],
];

const portCases: readonly Case[] = [
  [
    "with a bad port",
    endpointSlice({ ports: [{ name: "Http", protocol: "HTTP", appProtocol: "h2 c" }] }),
    [
      `ports[0].name: Invalid value: "Http": ${notALabel}`,
      `ports[0].protocol: Unsupported value: "HTTP": ${protocols}`,
      `ports[0].appProtocol: Invalid value: "h2 c": ${notAName}`,
    ],
  ],
  [
    "with two ports of a name",
    endpointSlice({ ports: [{ name: "http" }, { name: "http" }] }),
    ['ports[1].name: Duplicate value: "http"'],
  ],
  [
    "with two ports of no name",
    endpointSlice({ ports: [{ port: 80 }, { port: 81, name: "" }] }),
    ['ports[1].name: Duplicate value: ""'],
  ],
  [
    "with more than 20000 ports, of which nothing else is told",
    endpointSlice({ ports: many(20_001, () => ({})) }),
    ["ports: Too many: 20001: must have at most 20000 items"],
  ],
];

test.each([...addressCases, ...endpointCases, ...portCases])(
  "an EndpointSlice is refused %s",
  (_behaviour, slice, errors) => {
    expect(errorsOf(endpointSliceRules, slice)).toEqual(errors);
  },
);

test("an EndpointSlice keeps the type of its addresses, and can change all else", () => {
  const before = ofType("IPv4", ip);
  expect(errorsOf(endpointSliceRules, ofType("IPv6", "fd00::1"), before)).toEqual([
    'addressType: Invalid value: "IPv6": field is immutable',
  ]);
  expect(errorsOf(endpointSliceRules, ofType("IPv4", "10.1.2.4"), before)).toEqual([]);
});
