import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { jobRules } from "../../../../shared/kube/validation/batch/job-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { indexed, job, templateOf } from "./jobs.ts";

const notNegative = "must be greater than or equal to 0";
const large = "when completions are above 100000 and used with backoff limit per index";
const notSelected = "`selector` does not match template `labels`";

const bad: [name: string, job: KubeObject, want: readonly string[]][] = [
  [
    "without a template",
    job({ template: null }),
    [
      "spec.template.spec.containers: Required value",
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
  ],
  [
    "without a spec",
    { apiVersion: "batch/v1", kind: "Job", metadata: { name: "pi" } },
    [
      "spec.template.spec.containers: Required value",
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
  ],
  [
    "whose pods always start again",
    job({ template: templateOf({ restartPolicy: "Always" }) }),
    ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  ],
  [
    "whose pods start again by an unknown policy",
    job({ template: templateOf({ restartPolicy: "Once" }) }),
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Once": supported values: ' +
        '"Always", "OnFailure", "Never"',
      'spec.template.spec.restartPolicy: Unsupported value: "Once": supported values: ' +
        '"OnFailure", "Never"',
    ],
  ],
  [
    "with numbers below zero",
    indexed({
      parallelism: -1,
      completions: -1,
      activeDeadlineSeconds: -1,
      backoffLimit: -1,
      ttlSecondsAfterFinished: -1,
      backoffLimitPerIndex: -1,
      maxFailedIndexes: -1,
    }),
    [
      `spec.parallelism: Invalid value: -1: ${notNegative}`,
      `spec.completions: Invalid value: -1: ${notNegative}`,
      `spec.activeDeadlineSeconds: Invalid value: -1: ${notNegative}`,
      `spec.backoffLimit: Invalid value: -1: ${notNegative}`,
      `spec.ttlSecondsAfterFinished: Invalid value: -1: ${notNegative}`,
      `spec.backoffLimitPerIndex: Invalid value: -1: ${notNegative}`,
      `spec.maxFailedIndexes: Invalid value: -1: ${notNegative}`,
    ],
  ],
  [
    "with a limit of failed indexes alone",
    indexed({ maxFailedIndexes: 1 }),
    ["spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"],
  ],
  ["managed by nobody", job({ managedBy: "" }), ["spec.managedBy: Required value"]],
  [
    "managed by a name without a domain",
    job({ managedBy: "kueue" }),
    [
      'spec.managedBy: Invalid value: "kueue": must be a domain-prefixed path (such as ' +
        '"acme.io/foo")',
    ],
  ],
  [
    "managed by a domain alone",
    job({ managedBy: "kueue.x-k8s.io/" }),
    [
      'spec.managedBy: Invalid value: "kueue.x-k8s.io/": must be a domain-prefixed path (such as ' +
        '"acme.io/foo")',
    ],
  ],
  [
    "managed by what no path has",
    job({ managedBy: "x.io/a b" }),
    [
      'spec.managedBy: Invalid value: "a b": Invalid path (regex used for validation is ' +
        "'[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
    ],
  ],
  [
    "managed by no domain",
    job({ managedBy: "-x/a" }),
    [
      'spec.managedBy: Invalid value: "-x": a lowercase RFC 1123 subdomain must consist of lower ' +
        "case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric " +
        "character (e.g. 'example.com', regex used for validation is " +
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    "managed by a long name",
    job({ managedBy: `x.io/${"a".repeat(60)}` }),
    ["spec.managedBy: Too long: may not be more than 63 bytes"],
  ],
  [
    "with an unknown completion mode",
    job({ completionMode: "indexed" }),
    [
      'spec.completionMode: Unsupported value: "indexed": supported values: "NonIndexed", ' +
        '"Indexed"',
    ],
  ],
  [
    "with indexes and no number of them",
    indexed({ completions: null }),
    ["spec.completions: Required value: when completion mode is Indexed"],
  ],
  [
    "with more indexes at once than its status can tell",
    indexed({ parallelism: 100_001 }),
    [
      "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when " +
        "completion mode is Indexed",
    ],
  ],
  [
    "with more failed indexes than indexes",
    indexed({ backoffLimitPerIndex: 1, maxFailedIndexes: 6 }),
    ["spec.maxFailedIndexes: Invalid value: 6: must be less than or equal to completions"],
  ],
  [
    "with more failed indexes than its status can tell",
    indexed({ completions: 100_000, backoffLimitPerIndex: 1, maxFailedIndexes: 100_001 }),
    [
      "spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to completions",
      "spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to 100000",
    ],
  ],
  [
    "that is large, with limits per index and none for all",
    indexed({ completions: 100_001, parallelism: 10_001, backoffLimitPerIndex: 1 }),
    [
      "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
      `spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 ${large}`,
    ],
  ],
  [
    "that is large, with too high a limit of failed indexes",
    indexed({
      completions: 100_001,
      parallelism: 10_001,
      backoffLimitPerIndex: 1,
      maxFailedIndexes: 10_001,
    }),
    [
      `spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 ${large}`,
      `spec.maxFailedIndexes: Invalid value: 10001: must be less than or equal to 10000 ${large}`,
    ],
  ],
  [
    "without indexes, but limits for them",
    job({ backoffLimitPerIndex: 1, maxFailedIndexes: 1 }),
    [
      "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
      "spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode",
    ],
  ],
  [
    "whose pods are replaced by an unknown policy",
    job({ podReplacementPolicy: "Always" }),
    [
      'spec.podReplacementPolicy: Unsupported value: "Always": supported values: "Failed", ' +
        '"TerminatingOrFailed"',
    ],
  ],
  [
    "with a selector of its own that it does not call manual",
    job({
      selector: { matchLabels: { app: "pi" } },
      template: templateOf({}, { app: "pi" }),
    }),
    ['spec.selector: Invalid value: {"matchLabels":{"app":"pi"}}: `selector` not auto-generated'],
  ],
  [
    "with a selector of its own that its pods do not meet either",
    job({ selector: { matchLabels: { app: "pi" } } }),
    [
      'spec.selector: Invalid value: {"matchLabels":{"app":"pi"}}: `selector` not auto-generated',
      `spec.template.metadata.labels: Invalid value: null: ${notSelected}`,
    ],
  ],
  [
    "with the label of another Job",
    job({ template: templateOf({}, { "job-name": "e", "batch.kubernetes.io/job-name": "pi" }) }),
    [
      "spec.template.metadata.labels[job-name]: Invalid value: " +
        `{"job-name":"e","batch.kubernetes.io/job-name":"pi"}: must be 'pi'`,
    ],
  ],
  [
    "with a manual selector that is missing",
    job({ manualSelector: true, template: templateOf({}, { app: "pi" }) }),
    [
      "spec.selector: Required value",
      `spec.template.metadata.labels: Invalid value: {"app":"pi"}: ${notSelected}`,
    ],
  ],
  [
    "with a manual selector of other pods",
    job({ manualSelector: true, selector: { matchLabels: { app: "e" } } }),
    [`spec.template.metadata.labels: Invalid value: null: ${notSelected}`],
  ],
  [
    "with a manual selector that is none",
    job({
      manualSelector: true,
      selector: { matchExpressions: [{ key: "app", operator: "Is" }] },
    }),
    [
      'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector ' +
        "operator",
    ],
  ],
  [
    "with indexes whose pods cannot be called after it",
    indexed({}, "a".repeat(62)),
    [
      `metadata.name: Invalid value: "${"a".repeat(62)}": will not able to create pod with ` +
        `invalid DNS label: ${"a".repeat(62)}-4`,
    ],
  ],
];

test.each(bad)("a Job %s is refused", (_, object, want) => {
  expect(errorsOf(jobRules, object)).toEqual(want);
});

const good: [name: string, job: KubeObject][] = [
  ["of the least that there is", job()],
  ["that starts its pods again", job({ template: templateOf({ restartPolicy: "OnFailure" }) })],
  [
    "with all its numbers",
    job({
      parallelism: 0,
      completions: 0,
      activeDeadlineSeconds: 100,
      backoffLimit: 0,
      ttlSecondsAfterFinished: 0,
      suspend: true,
      podReplacementPolicy: "Failed",
      manualSelector: false,
      managedBy: "kueue.x-k8s.io/multikueue",
    }),
  ],
  ["as a queue of work", job({ parallelism: 2 })],
  ["with indexes", indexed()],
  ["with one index", indexed({ completions: null, parallelism: null })],
  [
    "with limits per index",
    indexed({ completions: 10, backoffLimitPerIndex: 1, maxFailedIndexes: 5 }),
  ],
  [
    "that is large",
    indexed({
      completions: 200_000,
      parallelism: 10_000,
      backoffLimitPerIndex: 1,
      maxFailedIndexes: 10_000,
    }),
  ],
  [
    "with a manual selector",
    job({
      manualSelector: true,
      selector: { matchExpressions: [{ key: "app", operator: "In", values: ["pi", "e"] }] },
      template: templateOf({}, { app: "pi" }),
    }),
  ],
  ["with an empty selector", job({ selector: {} })],
  [
    "as another cluster shows it",
    job({
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "a863-41" } },
      template: templateOf(
        {},
        {
          "batch.kubernetes.io/controller-uid": "a863-41",
          "batch.kubernetes.io/job-name": "pi",
          "controller-uid": "a863-41",
          "job-name": "pi",
        },
      ),
    }),
  ],
  ["without a name yet", { ...job(), metadata: { generateName: "pi-" } }],
  ["with a field of a newer version", job({ somethingNew: { x: 1 } })],
];

test.each(good)("a Job %s is taken", (_, object) => {
  expect(errorsOf(jobRules, object)).toEqual([]);
});

test("the rules of a Job never throw", () => {
  const policies = {
    backoffLimitPerIndex: 1,
    maxFailedIndexes: 1,
    managedBy: "x.io/a",
    podReplacementPolicy: "Failed",
    podFailurePolicy: {
      rules: [
        { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        { action: "FailJob", onExitCodes: { containerName: "pi", operator: "In", values: [1] } },
      ],
    },
    successPolicy: { rules: [{ succeededIndexes: "0,2-3", succeededCount: 1 }] },
  };
  expectNeverThrows(
    jobRules,
    indexed(policies),
    job({
      suspend: true,
      selector: { matchLabels: { "job-name": "pi" }, matchExpressions: [] },
      template: templateOf({ affinity: { nodeAffinity: {} } }, { "job-name": "pi" }),
    }),
  );
});
