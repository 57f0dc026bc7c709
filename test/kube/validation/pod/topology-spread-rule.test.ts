import { expect, test } from "vitest";
import { topologySpreadConstraintsRule } from "../../../../shared/kube/validation/pod/topology-spread-rule.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

const path = "spec.topologySpreadConstraints";

function spread(change: JsonObject = {}): JsonObject {
  return {
    maxSkew: 1,
    topologyKey: "zone",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { app: "web" } },
    ...change,
  };
}

test.each<[name: string, constraints: Json, want: readonly string[]]>([
  [
    "nothing in it",
    [{}],
    [
      `${path}[0].maxSkew: Invalid value: 0: must be greater than zero`,
      `${path}[0].topologyKey: Required value: can not be empty`,
      `${path}[0].whenUnsatisfiable: Unsupported value: "": supported values: "DoNotSchedule", ` +
        '"ScheduleAnyway"',
    ],
  ],
  [
    "a skew below one",
    [spread({ maxSkew: -1 })],
    [`${path}[0].maxSkew: Invalid value: -1: must be greater than zero`],
  ],
  [
    "another action",
    [spread({ whenUnsatisfiable: "Wait" })],
    [
      `${path}[0].whenUnsatisfiable: Unsupported value: "Wait": supported values: ` +
        '"DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    "the kind of a later one",
    [spread(), spread({ topologyKey: "node" }), spread({ maxSkew: 2 }), spread({ maxSkew: 3 })],
    [0, 2].map(
      (index) =>
        `${path}[${index}].{topologyKey, whenUnsatisfiable}: Duplicate value: ` +
        '"{zone, DoNotSchedule}"',
    ),
  ],
  [
    "a least number of domains below one",
    [spread({ minDomains: 0 })],
    [`${path}[0].minDomains: Invalid value: 0: must be greater than zero`],
  ],
  [
    "a least number of domains with an action that ignores it",
    [spread({ minDomains: 2, whenUnsatisfiable: "ScheduleAnyway" })],
    [
      `${path}[0].minDomains: Invalid value: 2: can only use minDomains if ` +
        "whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
    ],
  ],
  [
    "policies that there are not",
    [spread({ nodeAffinityPolicy: "Obey", nodeTaintsPolicy: "" })],
    [
      `${path}[0].nodeAffinityPolicy: Unsupported value: "Obey": supported values: "Honor", ` +
        `"Ignore"`,
      `${path}[0].nodeTaintsPolicy: Unsupported value: "": supported values: "Honor", "Ignore"`,
    ],
  ],
  [
    "keys without a selector",
    [
      {
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "ScheduleAnyway",
        matchLabelKeys: ["pod-template-hash"],
      },
    ],
    [`${path}[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set`],
  ],
  [
    "a selector that selects nothing",
    [
      spread({
        labelSelector: { matchExpressions: [{ key: "a", operator: "Exists", values: ["b"] }] },
      }),
    ],
    [
      `${path}[0].labelSelector.matchExpressions[0].values: Forbidden: may not be specified when ` +
        "`operator` is 'Exists' or 'DoesNotExist'",
    ],
  ],
])("a constraint may not have %s", (_name, constraints, want) => {
  expect(told(topologySpreadConstraintsRule, constraints, path)).toEqual(want);
});

const good: Json = [
  spread({
    minDomains: 3,
    matchLabelKeys: ["pod-template-hash"],
    nodeAffinityPolicy: "Honor",
    nodeTaintsPolicy: "Ignore",
  }),
  spread({ whenUnsatisfiable: "ScheduleAnyway" }),
  spread({ topologyKey: "node", labelSelector: null }),
  spread({ topologyKey: "kubernetes.io/hostname", maxSkew: 5, matchLabelKeys: [] }),
];

test("constraints of different kinds are fine", () => {
  expect(told(topologySpreadConstraintsRule, good)).toEqual([]);
  expect(told(topologySpreadConstraintsRule, undefined)).toEqual([]);
});

test("constraints of wrong types are nobody's double", () => {
  const odd = spread({ topologyKey: 1 });
  expect(told(topologySpreadConstraintsRule, [odd, odd, "a", "a", null, null])).toEqual([]);
});

test("any JSON can stand for any part of constraints", () => {
  expectNeverThrows(topologySpreadConstraintsRule, good);
});
