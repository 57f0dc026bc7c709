import { expect, test } from "vitest";
import { affinityRule } from "../../../../shared/kube/validation/pod/affinity-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { notALabel, notAName } from "../sentences.ts";
import { expectNeverThrows, told } from "./told.ts";

const must = "requiredDuringSchedulingIgnoredDuringExecution";
const should = "preferredDuringSchedulingIgnoredDuringExecution";
const zone = "topology.kubernetes.io/zone";

const nearPods = (term: Json): Json => ({ podAffinity: { [must]: [term] } });
const near = `spec.podAffinity.${must}[0]`;
const app = { matchLabels: { app: "web" } };

const bad: [name: string, affinity: Json, want: readonly string[]][] = [
  [
    "a term without a topology",
    nearPods({ labelSelector: app }),
    [
      `${near}.topologyKey: Required value: can not be empty`,
      `${near}.topologyKey: Invalid value: "": name part must be non-empty`,
      `${near}.topologyKey: Invalid value: "": ${notAName}`,
    ],
  ],
  [
    "a topology that no label can name",
    nearPods({ labelSelector: app, topologyKey: "a zone" }),
    [`${near}.topologyKey: Invalid value: "a zone": ${notAName}`],
  ],
  [
    "selectors that select nothing",
    nearPods({
      labelSelector: { matchExpressions: [{ key: "app", operator: "In" }] },
      namespaceSelector: { matchExpressions: [{ key: "app", operator: "Is" }] },
      topologyKey: zone,
    }),
    [
      `${near}.labelSelector.matchExpressions[0].values: Required value: must be specified when ` +
        "`operator` is 'In' or 'NotIn'",
      `${near}.namespaceSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid ` +
        "selector operator",
    ],
  ],
  [
    "a namespace by a wrong name, named as a kube-apiserver does",
    nearPods({ labelSelector: app, namespaces: ["a", "B"], topologyKey: zone }),
    [`${near}.namespace: Invalid value: "B": ${notALabel}`],
  ],
  [
    "keys without a selector",
    nearPods({ matchLabelKeys: ["a"], mismatchLabelKeys: ["b"], topologyKey: zone }),
    [
      `${near}.matchLabelKeys: Forbidden: must not be specified when labelSelector is not set`,
      `${near}.mismatchLabelKeys: Forbidden: must not be specified when labelSelector is not set`,
    ],
  ],
  [
    "keys that no label can have",
    nearPods({
      labelSelector: app,
      matchLabelKeys: ["a", "/b"],
      mismatchLabelKeys: ["-"],
      topologyKey: zone,
    }),
    [
      `${near}.matchLabelKeys[1]: Invalid value: "/b": prefix part must be non-empty`,
      `${near}.mismatchLabelKeys[0]: Invalid value: "-": ${notAName}`,
    ],
  ],
  [
    "a key that must match and differ",
    nearPods({
      labelSelector: app,
      matchLabelKeys: ["a", "b"],
      mismatchLabelKeys: ["b"],
      topologyKey: zone,
    }),
    [
      `${near}.matchLabelKeys[1]: Invalid value: "b": exists in both matchLabelKeys and ` +
        "mismatchLabelKeys",
    ],
  ],
  [
    "a matched key that its selector has twice",
    nearPods({
      labelSelector: {
        matchLabels: { app: "web" },
        matchExpressions: [{ key: "app", operator: "In", values: ["web"] }],
      },
      matchLabelKeys: ["tier", "app"],
      topologyKey: zone,
    }),
    [`${near}[1]: Invalid value: "app": exists in both matchLabelKeys and labelSelector`],
  ],
  [
    "weighted terms, of pods to be far from, too",
    { podAntiAffinity: { [should]: [{ weight: -1, podAffinityTerm: { topologyKey: "/" } }] } },
    [
      `spec.podAntiAffinity.${should}[0].weight: Invalid value: -1: must be in the range 1-100`,
      ...["prefix part must be non-empty", "name part must be non-empty", notAName].map(
        (because) =>
          `spec.podAntiAffinity.${should}[0].podAffinityTerm.topologyKey: Invalid value: "/": ` +
          because,
      ),
    ],
  ],
  [
    "a weighted term that is not there",
    { podAffinity: { [should]: [{ weight: 1 }] } },
    [
      "Required value: can not be empty",
      'Invalid value: "": name part must be non-empty',
      `Invalid value: "": ${notAName}`,
    ].map((message) => `spec.podAffinity.${should}[0].podAffinityTerm.topologyKey: ${message}`),
  ],
];

test.each(bad)("a pod affinity may not have %s", (_name, affinity, want) => {
  expect(told(affinityRule, affinity)).toEqual(want);
});

const good: Json = {
  podAffinity: {
    [must]: [
      {
        labelSelector: { matchExpressions: [{ key: "security", operator: "In", values: ["S1"] }] },
        topologyKey: zone,
      },
      {
        labelSelector: { matchLabels: { app: "web" } },
        matchLabelKeys: ["pod-template-hash"],
        mismatchLabelKeys: ["tenant"],
        namespaceSelector: {},
        namespaces: ["web", "web-2"],
        topologyKey: "kubernetes.io/hostname",
      },
    ],
  },
  podAntiAffinity: {
    [should]: [
      {
        weight: 100,
        podAffinityTerm: {
          labelSelector: { matchLabels: { "app.kubernetes.io/name": "store" } },
          topologyKey: zone,
        },
      },
    ],
  },
};

test.each<[name: string, affinity: Json]>([
  ["empty lists", { podAffinity: { [must]: [], [should]: null }, podAntiAffinity: {} }],
  ["wishes of all sorts", good],
  [
    "a matched key that its selector names once",
    nearPods({ labelSelector: app, matchLabelKeys: ["app"], topologyKey: zone }),
  ],
  ["values of wrong types, which others refuse", nearPods({ namespaces: "a", topologyKey: 1 })],
])("a pod affinity may have %s", (_name, affinity) => {
  expect(told(affinityRule, affinity)).toEqual([]);
});

test("any JSON can stand for any part of a pod affinity", () => {
  expectNeverThrows(affinityRule, good);
});
