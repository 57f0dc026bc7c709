import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { jobRules } from "../../../../shared/kube/validation/batch/job-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { indexed, job, templateOf } from "./jobs.ts";

const failing = (...policies: Json[]): KubeObject => job({ podFailurePolicy: { rules: policies } });
const onCodes = (onExitCodes: Json): KubeObject => failing({ action: "FailJob", onExitCodes });
const onConditions = (...onPodConditions: Json[]): KubeObject =>
  failing({ action: "Ignore", onPodConditions });
const succeeding = (...policies: Json[]): KubeObject =>
  indexed({ successPolicy: { rules: policies } });

const rule = "spec.podFailurePolicy.rules[0]";
const codes = `${rule}.onExitCodes`;
const condition = `${rule}.onPodConditions[0]`;
const success = "spec.successPolicy.rules[0]";
const wrongIndexes = (text: string, because: string): readonly string[] => [
  `${success}.succeededIndexes: Invalid value: ${JSON.stringify(text)}: error parsing ` +
    `succeededIndexes: ${because}`,
];
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const bad: [name: string, job: KubeObject, want: readonly string[]][] = [
  [
    "that does nothing about a failure",
    failing({ onExitCodes: { operator: "In", values: [1] } }),
    [`${rule}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`],
  ],
  [
    "that does something unknown about a failure",
    failing({ action: "Retry", onExitCodes: { operator: "In", values: [1] } }),
    [
      `${rule}.action: Unsupported value: "Retry": supported values: "Count", "FailIndex", ` +
        '"FailJob", "Ignore"',
    ],
  ],
  [
    "that fails an index without limits per index",
    failing({ action: "FailIndex", onExitCodes: { operator: "In", values: [1] } }),
    [`${rule}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`],
  ],
  [
    "about failures of all kinds",
    failing({ action: "Count" }),
    [`${rule}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`],
  ],
  [
    "about failures of two kinds at once",
    failing({
      action: "Count",
      onExitCodes: { operator: "In", values: [1] },
      onPodConditions: [{ type: "DisruptionTarget" }],
    }),
    [`${rule}: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported`],
  ],
  [
    "about exit codes that say nothing",
    onCodes({}),
    [
      `${codes}.operator: Required value: valid values: ["In" "NotIn"]`,
      `${codes}.values: Invalid value: null: at least one value is required`,
    ],
  ],
  [
    "about exit codes by an unknown operator",
    onCodes({ operator: "Gt", values: [1] }),
    [`${codes}.operator: Unsupported value: "Gt": supported values: "In", "NotIn"`],
  ],
  [
    "about exit codes of an unknown container",
    onCodes({ containerName: "e", operator: "In", values: [1] }),
    [
      `${codes}.containerName: Invalid value: "e": must be one of the container or initContainer ` +
        "names in the pod template",
    ],
  ],
  [
    "about an exit without an error",
    onCodes({ operator: "In", values: [0, 1] }),
    [`${codes}.values[0]: Invalid value: 0: must not be 0 for the In operator`],
  ],
  [
    "about exit codes twice and in no order",
    onCodes({ operator: "NotIn", values: [3, 1, 3] }),
    [
      `${codes}.values[2]: Duplicate value: 3`,
      `${codes}.values: Invalid value: [3,1,3]: must be ordered`,
    ],
  ],
  [
    "about too many exit codes",
    onCodes({ operator: "In", values: numbers(256) }),
    [`${codes}.values: Too many: 256: must have at most 255 items`],
  ],
  [
    "about a condition without a type",
    onConditions({ status: "True" }),
    [
      `${condition}.type: Invalid value: "": name part must be non-empty`,
      `${condition}.type: Invalid value: "": name part must consist of alphanumeric characters, ` +
        "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. " +
        "'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    "about a condition with an unknown status",
    onConditions({ type: "Ready", status: "Maybe" }),
    [
      `${condition}.status: Unsupported value: "Maybe": supported values: "False", "True", ` +
        '"Unknown"',
    ],
  ],
  [
    "about too many conditions",
    onConditions(...numbers(21).map((number) => ({ type: `T${number}` }))),
    [`${rule}.onPodConditions: Too many: 21: must have at most 20 items`],
  ],
  [
    "with too many rules about failures",
    failing(
      ...numbers(21).map((code) => ({
        action: "Count",
        onExitCodes: { operator: "In", values: [code] },
      })),
    ),
    ["spec.podFailurePolicy.rules: Too many: 21: must have at most 20 items"],
  ],
  [
    "with rules about failures of pods that start again",
    job({ podFailurePolicy: { rules: [] }, template: templateOf({ restartPolicy: "OnFailure" }) }),
    [
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported ' +
        "when podFailurePolicy is specified",
    ],
  ],
  [
    "with rules about failures of pods that are replaced before they have failed",
    job({ podFailurePolicy: { rules: [] }, podReplacementPolicy: "TerminatingOrFailed" }),
    [
      'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: ' +
        '"Failed"',
    ],
  ],
  [
    "that succeeds by indexes which it does not have",
    job({ successPolicy: { rules: [] } }),
    ['spec.successPolicy: Invalid value: {"rules":[]}: requires indexed completion mode'],
  ],
  [
    "that succeeds by no rule",
    succeeding(),
    [
      "spec.successPolicy.rules: Required value: at least one rules must be specified when the " +
        "successPolicy is specified",
    ],
  ],
  [
    "that succeeds by too many rules",
    succeeding(...numbers(21).map(() => ({ succeededCount: 1 }))),
    ["spec.successPolicy.rules: Too many: 21: must have at most 20 items"],
  ],
  [
    "that succeeds by a rule that says nothing",
    succeeding({}),
    [
      `${success}: Required value: at least one of succeededCount or succeededIndexes must be ` +
        "specified",
    ],
  ],
  [
    "that succeeds by less than none",
    succeeding({ succeededCount: -1 }),
    [`${success}.succeededCount: Invalid value: -1: must be greater than or equal to 0`],
  ],
  [
    "that succeeds by more than all",
    succeeding({ succeededCount: 6 }),
    [
      `${success}.succeededCount: Invalid value: 6: must be less than or equal to 5 (the number ` +
        "of specified completions)",
    ],
  ],
  [
    "that succeeds by more than the indexes named",
    succeeding({ succeededCount: 4, succeededIndexes: "0,2-3" }),
    [
      `${success}.succeededCount: Invalid value: 4: must be less than or equal to 3 (the number ` +
        "of indexes in the specified succeededIndexes field)",
    ],
  ],
  [
    "that succeeds by an index which it does not have",
    succeeding({ succeededIndexes: "0,5" }),
    wrongIndexes("0,5", 'too large index: "5"'),
  ],
  [
    "that succeeds by an interval of indexes which it does not have",
    succeeding({ succeededIndexes: "3-5" }),
    wrongIndexes("3-5", 'too large index: "5"'),
  ],
  [
    "that succeeds by indexes in no order",
    succeeding({ succeededIndexes: "2,1" }),
    wrongIndexes("2,1", "non-increasing order, previous: 2, current: 1"),
  ],
  [
    "that succeeds by an interval in no order",
    succeeding({ succeededIndexes: "2-2" }),
    wrongIndexes("2-2", "non-increasing order, previous: 2, current: 2"),
  ],
  [
    "that succeeds by what is no index",
    succeeding({ succeededIndexes: "0,x" }),
    wrongIndexes("0,x", 'cannot convert string to integer for index: "x"'),
  ],
  [
    "that succeeds by some of what is no index",
    succeeding({ succeededIndexes: "x", succeededCount: 1 }),
    [
      ...wrongIndexes("x", 'cannot convert string to integer for index: "x"'),
      `${success}.succeededCount: Invalid value: 1: must be less than or equal to 0 (the number ` +
        "of indexes in the specified succeededIndexes field)",
    ],
  ],
  [
    "that succeeds by an interval without an end",
    succeeding({ succeededIndexes: "0-" }),
    wrongIndexes("0-", 'cannot convert string to integer for index: ""'),
  ],
  [
    "that succeeds by an interval of three parts",
    succeeding({ succeededIndexes: "0-1-2" }),
    wrongIndexes(
      "0-1-2",
      'the fragment "0-1-2" violates the requirement that an index interval can have at most ' +
        "two parts separated by '-'",
    ),
  ],
];

test.each(bad)("a Job %s is refused", (_, object, want) => {
  expect(errorsOf(jobRules, object)).toEqual(want);
});

test("a Job that succeeds by a text of many indexes is told that it is too long", () => {
  const all = Array.from({ length: 20_000 }, (_, index) => index).join(",");
  const many = { completions: 20_000, successPolicy: { rules: [{ succeededIndexes: all }] } };
  expect(errorsOf(jobRules, indexed(many))).toEqual([
    `${success}.succeededIndexes: Too long: may not be more than 65536 bytes`,
  ]);
});

const good: [name: string, job: KubeObject][] = [
  [
    "that tells failures apart",
    job({
      backoffLimit: 6,
      template: templateOf({
        containers: [{ name: "main", image: "bash:5" }],
        initContainers: [{ name: "setup", image: "bash:5" }],
      }),
      podFailurePolicy: {
        rules: [
          {
            action: "FailJob",
            onExitCodes: { containerName: "main", operator: "In", values: [42] },
          },
          {
            action: "Count",
            onExitCodes: { containerName: "setup", operator: "NotIn", values: [0] },
          },
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
          { action: "FailJob", onPodConditions: [{ type: "example.com/Bad", status: "True" }] },
        ],
      },
      podReplacementPolicy: "Failed",
    }),
  ],
  [
    "that fails index by index",
    indexed({
      backoffLimitPerIndex: 1,
      podFailurePolicy: {
        rules: [{ action: "FailIndex", onExitCodes: { operator: "In", values: [42, 43] } }],
      },
    }),
  ],
  ["that succeeds by its leader", succeeding({ succeededIndexes: "0" })],
  [
    "that succeeds by one of some",
    succeeding({ succeededCount: 1, succeededIndexes: "0,2-4" }, { succeededCount: 5 }),
  ],
  [
    "with rules for pods which a newer version has",
    failing({ action: "Count", onExitCodes: { operator: "In", values: [1], other: 1 } }),
  ],
];

test.each(good)("a Job %s is taken", (_, object) => {
  expect(errorsOf(jobRules, object)).toEqual([]);
});
