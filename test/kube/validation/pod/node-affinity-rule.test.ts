import { expect, test } from "vitest";
import { affinityRule } from "../../../../shared/kube/validation/pod/affinity-rule.ts";
import { nodeTermsRule } from "../../../../shared/kube/validation/pod/node-affinity-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { notALabelValue, notAName, notASubdomain } from "../sentences.ts";
import { expectNeverThrows, told } from "./told.ts";

const must = "requiredDuringSchedulingIgnoredDuringExecution";
const should = "preferredDuringSchedulingIgnoredDuringExecution";
const zone = "topology.kubernetes.io/zone";

const onNodes = (expression: Json): Json => ({
  nodeAffinity: { [must]: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
});
const byField = (requirement: Json): Json => ({
  nodeAffinity: { [must]: { nodeSelectorTerms: [{ matchFields: [requirement] }] } },
});
const expression = `spec.nodeAffinity.${must}.nodeSelectorTerms[0].matchExpressions[0]`;
const field = `spec.nodeAffinity.${must}.nodeSelectorTerms[0].matchFields[0]`;

const bad: [name: string, affinity: Json, want: readonly string[]][] = [
  [
    "a requirement without terms",
    { nodeAffinity: { [must]: {} } },
    [
      `spec.nodeAffinity.${must}.nodeSelectorTerms: Required value: must have at least one node ` +
        "selector term",
    ],
  ],
  [
    "an operator that needs values and has none",
    onNodes({ key: zone, operator: "In" }),
    [
      `${expression}.values: Required value: must be specified when ` +
        "`operator` is 'In' or 'NotIn'",
    ],
  ],
  [
    "an operator that takes no values and has one",
    onNodes({ key: zone, operator: "DoesNotExist", values: ["a"] }),
    [
      `${expression}.values: Forbidden: may not be specified when ` +
        "`operator` is 'Exists' or 'DoesNotExist'",
    ],
  ],
  [
    "a comparison with two values",
    onNodes({ key: "cores", operator: "Gt", values: ["1", "2"] }),
    [
      `${expression}.values: Required value: must be specified single value when ` +
        "`operator` is 'Lt' or 'Gt'",
    ],
  ],
  [
    "an operator that there is not",
    onNodes({ key: zone, operator: "Equals", values: ["a"] }),
    [`${expression}.operator: Invalid value: "Equals": not a valid selector operator`],
  ],
  [
    "a requirement without operator and key",
    onNodes({}),
    [
      `${expression}.operator: Invalid value: "": not a valid selector operator`,
      `${expression}.key: Invalid value: "": name part must be non-empty`,
      `${expression}.key: Invalid value: "": ${notAName}`,
    ],
  ],
  [
    "a value that no label can have",
    onNodes({ key: zone, operator: "In", values: ["a", "-b"] }),
    [`${expression}.values[1]: Invalid value: "-b": ${notALabelValue}`],
  ],
  [
    "a field of nodes by two values",
    byField({ key: "metadata.name", operator: "In", values: ["a", "b"] }),
    [
      `${field}.values: Required value: must be only one value when ` +
        "`operator` is 'In' or 'NotIn' for node field selector",
    ],
  ],
  [
    "a field of nodes by an operator for labels",
    byField({ key: "metadata.name", operator: "Exists" }),
    [`${field}.operator: Invalid value: "Exists": not a valid selector operator`],
  ],
  [
    "a field of nodes that is not their name",
    byField({ key: "metadata.uid", operator: "In", values: ["a"] }),
    [`${field}.key: Invalid value: "metadata.uid": not a valid field selector key`],
  ],
  [
    "a node's name that no node can have",
    byField({ key: "metadata.name", operator: "In", values: ["A"] }),
    [`${field}.values[0]: Invalid value: "A": ${notASubdomain}`],
  ],
  [
    "preferences that weigh nothing or too much",
    {
      nodeAffinity: {
        [should]: [{ preference: {} }, { weight: 101, preference: { matchFields: [{}] } }],
      },
    },
    [
      `spec.nodeAffinity.${should}[0].weight: Invalid value: 0: must be in the range 1-100`,
      `spec.nodeAffinity.${should}[1].weight: Invalid value: 101: must be in the range 1-100`,
      `spec.nodeAffinity.${should}[1].preference.matchFields[0].operator: Invalid value: "": not ` +
        "a valid selector operator",
      `spec.nodeAffinity.${should}[1].preference.matchFields[0].key: Invalid value: "": not a ` +
        "valid field selector key",
    ],
  ],
];

test.each(bad)("a node affinity may not have %s", (_name, affinity, want) => {
  expect(told(affinityRule, affinity)).toEqual(want);
});

const good: Json = {
  nodeAffinity: {
    [must]: {
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: zone, operator: "In", values: ["antarctica-east1", "antarctica-west1"] },
            { key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" },
            { key: "kubernetes.azure.com/scalesetpriority", operator: "Exists" },
            { key: "disk", operator: "NotIn", values: ["", "hdd"] },
            { key: "cores", operator: "Gt", values: ["4"] },
            { key: "cores", operator: "Lt", values: ["65"] },
          ],
          matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["node-1.local"] }],
        },
        {},
      ],
    },
    [should]: [
      {
        weight: 1,
        preference: {
          matchExpressions: [
            { key: "another-node-label-key", operator: "In", values: ["another-node-label-value"] },
          ],
        },
      },
      { weight: 100, preference: {} },
    ],
  },
};

test.each<[name: string, affinity: Json | undefined]>([
  ["nothing", undefined],
  ["null", null],
  ["no wish", {}],
  ["empty lists", { nodeAffinity: { [should]: [] } }],
  ["wishes of all sorts", good],
  [
    "a preference whose value no label has",
    {
      nodeAffinity: {
        [should]: [
          {
            weight: 5,
            preference: { matchExpressions: [{ key: "a", operator: "In", values: ["a b"] }] },
          },
        ],
      },
    },
  ],
  ["values of wrong types, which others refuse", onNodes({ key: 1, operator: 2, values: "a" })],
])("a node affinity may have %s", (_name, affinity) => {
  expect(told(affinityRule, affinity)).toEqual([]);
});

test("the nodes of a volume are chosen by the same terms", () => {
  expect(told(nodeTermsRule, { nodeSelectorTerms: [] }, "spec.nodeAffinity.required")).toEqual([
    "spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node " +
      "selector term",
  ]);
});

test("any JSON can stand for any part of a node affinity", () => {
  expectNeverThrows(affinityRule, good);
});
