import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { podDisruptionBudgetRules } from "../../../../shared/kube/validation/policy/pod-disruption-budget-rules.ts";
import { priorityClassRules } from "../../../../shared/kube/validation/policy/priority-class-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { budget, priorityClass } from "./policies.ts";

const selector = { matchLabels: { app: "zookeeper" } };
const percent =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or " +
  "'93%', regex used for validation is '[0-9]+%')";

const badBudgets: [name: string, budget: KubeObject, want: readonly string[]][] = [
  [
    "in two ways at once",
    budget({ minAvailable: 1, maxUnavailable: 1 }),
    [
      'spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: ' +
        "minAvailable and maxUnavailable cannot be both set",
    ],
  ],
  [
    "of less than none",
    budget({ minAvailable: -1 }),
    ["spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"],
  ],
  [
    "of more than all",
    budget({ maxUnavailable: "101%" }),
    ['spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
  ],
  [
    "of what is no share",
    budget({ minAvailable: "half" }),
    [`spec.minAvailable: Invalid value: "half": ${percent}`],
  ],
  [
    "of what no selector selects",
    budget({ selector: { matchExpressions: [{ key: "app", operator: "In" }] } }),
    [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when " +
        "`operator` is 'In' or 'NotIn'",
    ],
  ],
  [
    "with an unknown policy for what is ill",
    budget({ unhealthyPodEvictionPolicy: "Never" }),
    [
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: ' +
        '"AlwaysAllow", "IfHealthyBudget"',
    ],
  ],
];

test.each(badBudgets)("a disruption budget %s is refused", (_, object, want) => {
  expect(errorsOf(podDisruptionBudgetRules, object)).toEqual(want);
});

const budgets: [name: string, budget: KubeObject][] = [
  ["of some that stay", budget({ minAvailable: 2, selector })],
  ["of some that go", budget({ maxUnavailable: 0, selector })],
  ["of a share that goes", budget({ maxUnavailable: "100%", selector })],
  ["of everything", budget({ minAvailable: "50%", selector: {} })],
  ["of nothing", budget({})],
  [
    "for what is ill",
    budget({ minAvailable: 1, selector, unhealthyPodEvictionPolicy: "AlwaysAllow" }),
  ],
];

test.each(budgets)("a disruption budget %s is taken, new or as a change", (_, object) => {
  expect(errorsOf(podDisruptionBudgetRules, object)).toEqual([]);
  expect(errorsOf(podDisruptionBudgetRules, object, budget({ minAvailable: 9 }))).toEqual([]);
});

const reserved = "priority class names with 'system-' prefix are reserved for system use only";

const badClasses: [name: string, priorityClass: KubeObject, want: readonly string[]][] = [
  [
    "above those of users",
    priorityClass({ value: 1_000_000_001 }),
    ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
  ],
  [
    "with a name of the system's",
    priorityClass({ value: 1 }, "system-mine"),
    [
      `metadata.name: Forbidden: ${reserved}. error: system-mine is not a known system priority ` +
        "class",
    ],
  ],
  [
    "of the system with another value",
    priorityClass({ value: 1 }, "system-node-critical"),
    [
      `metadata.name: Forbidden: ${reserved}. error: value of system-node-critical ` +
        "PriorityClass must be 2000001000",
    ],
  ],
  [
    "of the system for everybody",
    priorityClass({ value: 2_000_000_000, globalDefault: true }, "system-cluster-critical"),
    [
      `metadata.name: Forbidden: ${reserved}. error: globalDefault of system-cluster-critical ` +
        "PriorityClass must be false",
    ],
  ],
  [
    "with an unknown policy",
    priorityClass({ value: 1, preemptionPolicy: "Always" }),
    [
      'preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", ' +
        '"Never"',
    ],
  ],
];

test.each(badClasses)("a priority class %s is refused", (_, object, want) => {
  expect(errorsOf(priorityClassRules, object)).toEqual(want);
});

const everything = priorityClass({
  value: 1_000_000,
  globalDefault: false,
  preemptionPolicy: "Never",
  description: "For jobs that can wait.",
});

const classes: [name: string, priorityClass: KubeObject][] = [
  ["of all that there is", everything],
  ["without a value", priorityClass({})],
  ["below all", priorityClass({ value: -2_147_483_648, globalDefault: true })],
  ["above all others of users", priorityClass({ value: 1_000_000_000 })],
  ["of the system", priorityClass({ value: 2_000_001_000 }, "system-node-critical")],
];

test.each(classes)("a priority class %s is taken", (_, object) => {
  expect(errorsOf(priorityClassRules, object)).toEqual([]);
});

test("a priority class keeps its value and its policy", () => {
  const other = priorityClass({ value: 2 });
  expect(errorsOf(priorityClassRules, other, everything)).toEqual([
    "value: Forbidden: may not be changed in an update.",
    'preemptionPolicy: Invalid value: "PreemptLowerPriority": field is immutable',
  ]);
});

test("a priority class changes what it says of itself", () => {
  const before = priorityClass({ value: 0 });
  const after = priorityClass({
    globalDefault: true,
    description: "other",
    preemptionPolicy: "PreemptLowerPriority",
  });
  expect(errorsOf(priorityClassRules, after, before)).toEqual([]);
});

test("the rules of disruption budgets and priority classes never throw", () => {
  expectNeverThrows(
    podDisruptionBudgetRules,
    budget({ minAvailable: 1, maxUnavailable: "1%", selector, unhealthyPodEvictionPolicy: "x" }),
  );
  expectNeverThrows(
    priorityClassRules,
    everything,
    priorityClass({ value: 1 }, "system-node-critical"),
  );
});
