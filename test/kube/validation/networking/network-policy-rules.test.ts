import { expect, test } from "vitest";
import { networkPolicyRules } from "../../../../shared/kube/validation/networking/network-policy-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { notABlock, notAName, portRange } from "../sentences.ts";
import { networkPolicy } from "./networking-objects.ts";

type Case = readonly [behaviour: string, spec: Json, errors: readonly string[]];

const port0 = "spec.ingress[0].ports[0]";
const from0 = "spec.ingress[0].from[0]";
const port = (value: Json): Json => ({ podSelector: {}, ingress: [{ ports: [value] }] });
const from = (value: Json): Json => ({ podSelector: {}, ingress: [{ from: [value] }] });
const block = (cidr: string, ...except: readonly string[]): Json =>
  from({ ipBlock: { cidr, except } });

const portCases: readonly Case[] = [
  [
    "an unknown protocol",
    port({ protocol: "ICMP" }),
    [`${port0}.protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"`],
  ],
  ["a port of no number", port({ port: 0 }), [`${port0}.port: Invalid value: 0: ${portRange}`]],
  [
    "a port of a bad name, that has no end either",
    port({ port: "80", endPort: 90 }),
    [
      `${port0}.endPort: Invalid value: 90: may not be specified when \`port\` is non-numeric`,
      `${port0}.port: Invalid value: "80": must contain at least one letter (a-z)`,
    ],
  ],
  [
    "the end of a range without its start",
    port({ endPort: 90 }),
    [`${port0}.endPort: Invalid value: 90: may not be specified when \`port\` is not specified`],
  ],
  [
    "a range that ends before it starts",
    port({ port: 90, endPort: 80 }),
    [`${port0}.endPort: Invalid value: 90: must be greater than or equal to \`port\``],
  ],
  [
    "a range that ends above all ports",
    port({ port: 80, endPort: 70_000 }),
    [`${port0}.endPort: Invalid value: 70000: ${portRange}`],
  ],
];

const peerCases: readonly Case[] = [
  ["a peer that is nobody", from({}), [`${from0}: Required value: must specify a peer`]],
  [
    "a peer that is an address and pods",
    from({ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }),
    [`${from0}: Forbidden: may not specify both ipBlock and another peer`],
  ],
  [
    "bad labels of pods and namespaces",
    from({
      podSelector: { matchLabels: { "a b": "c" } },
      namespaceSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
    }),
    [
      `${from0}.podSelector.matchLabels: Invalid value: "a b": ${notAName}`,
      `${from0}.namespaceSelector.matchExpressions[0].values: Required value: must be specified ` +
        "when `operator` is 'In' or 'NotIn'",
    ],
  ],
  [
    "a block of no addresses",
    from({ ipBlock: { except: ["all"] } }),
    [`${from0}.ipBlock.cidr: Required value`],
  ],
  [
    "a block that is an address",
    block("10.1.2.3", "10.1.2.3/32"),
    [`${from0}.ipBlock.cidr: Invalid value: "10.1.2.3": ${notABlock}`],
  ],
  [
    "an exception that is no block",
    block("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3"),
    [`${from0}.ipBlock.except[1]: Invalid value: "10.1.2.3": ${notABlock}`],
  ],
  ...[
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["10.0.0.0/8", "10.0.0.0/7"],
    ["10.0.0.0/8", "11.0.0.0/16"],
    ["10.0.0.0/8", "fd00::/16"],
    ["::/0", "10.0.0.0/8"],
    ["fd00::/64", "fd01::/65"],
  ].map(
    ([cidr = "", except = ""]): Case => [
      `the exception ${except} of ${cidr}`,
      block(cidr, except),
      [
        `${from0}.ipBlock.except[0]: Invalid value: "${except}": must be a strict subset of ` +
          "`cidr`",
      ],
    ],
  ),
];

const specCases: readonly Case[] = [
  [
    "bad labels of the pods that it is for",
    { podSelector: { matchLabels: { "a b": "c" } } },
    [`spec.podSelector.matchLabels: Invalid value: "a b": ${notAName}`],
  ],
  [
    "bad peers and ports of what goes out",
    { egress: [{ ports: [{ port: 0 }], to: [{}] }] },
    [
      `spec.egress[0].ports[0].port: Invalid value: 0: ${portRange}`,
      "spec.egress[0].to[0]: Required value: must specify a peer",
    ],
  ],
  [
    "an unknown type",
    { podSelector: {}, policyTypes: ["Ingress", "Both"] },
    ['spec.policyTypes[1]: Unsupported value: "Both": supported values: "Ingress", "Egress"'],
  ],
  [
    "three types",
    { podSelector: {}, policyTypes: ["Ingress", "Egress", "Both"] },
    [
      'spec.policyTypes: Invalid value: ["Ingress","Egress","Both"]: may not specify more than ' +
        "two policyTypes",
    ],
  ],
];

test.each([...portCases, ...peerCases, ...specCases])(
  "a NetworkPolicy is refused %s",
  (_behaviour, spec, errors) => {
    expect(errorsOf(networkPolicyRules, networkPolicy(spec))).toEqual(errors);
  },
);

test.each([
  ["10.0.0.0/8", "10.1.0.0/16"],
  ["010.0.0.0/08", "10.1.0.0/16"],
  ["10.9.9.9/8", "10.1.2.3/32"],
  ["0.0.0.0/0", "10.0.0.0/8"],
  ["fd00::/16", "fd00:1::/32"],
  ["::/0", "2001:db8::/32"],
])("a NetworkPolicy takes %s except %s", (cidr, except) => {
  expect(errorsOf(networkPolicyRules, networkPolicy(block(cidr, except)))).toEqual([]);
});

test("a NetworkPolicy can change all of its spec", () => {
  const before = networkPolicy({ podSelector: { matchLabels: { app: "web" } } });
  expect(errorsOf(networkPolicyRules, networkPolicy(block("10.0.0.0/8")), before)).toEqual([]);
});
