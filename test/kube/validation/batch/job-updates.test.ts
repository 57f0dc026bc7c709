import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { jobRules } from "../../../../shared/kube/validation/batch/job-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { indexed, job, podSpec, templateOf } from "./jobs.ts";

const ignored = { type: "DisruptionTarget" };
const failurePolicy = (condition: Json) => ({
  podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [condition] }] },
});
const shown = (value: Json): string => JSON.stringify(value);
const onGpus = templateOf({ nodeSelector: { gpu: "yes" } });
const withImage = templateOf({ containers: [{ name: "pi", image: "perl:6" }] });

function ownSelector(operator: "In" | "NotIn"): KubeObject {
  const matchExpressions = [{ key: "app", operator, values: ["e"] }];
  const template = templateOf({}, { app: operator === "In" ? "e" : "pi" });
  return job({ manualSelector: true, selector: { matchExpressions }, template, suspend: true });
}

const bad: [name: string, before: KubeObject, after: KubeObject, want: readonly string[]][] = [
  [
    "completions",
    job({ completions: 1 }),
    job({ completions: 2 }),
    ["spec.completions: Invalid value: 2: field is immutable"],
  ],
  [
    "completions, by leaving them out",
    job({ completions: 2, parallelism: 1 }),
    job({ parallelism: 1 }),
    ["spec.completions: Invalid value: null: field is immutable"],
  ],
  [
    "completions of indexes without the parallelism",
    indexed({ completions: 5, parallelism: 5 }),
    indexed({ completions: 6, parallelism: 5 }),
    ["spec.completions: Invalid value: 6: can only be modified in tandem with spec.parallelism"],
  ],
  [
    "selector",
    ownSelector("In"),
    ownSelector("NotIn"),
    [
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"NotIn",' +
        '"values":["e"]}]}: field is immutable',
    ],
  ],
  [
    "image",
    job(),
    job({ template: withImage }),
    [`spec.template: Invalid value: ${shown(withImage)}: field is immutable`],
  ],
  [
    "image, though suspended",
    job({ suspend: true }),
    job({ suspend: true, template: withImage }),
    [`spec.template: Invalid value: ${shown(withImage)}: field is immutable`],
  ],
  [
    "nodes, while it runs",
    job(),
    job({ template: onGpus }),
    [`spec.template: Invalid value: ${shown(onGpus)}: field is immutable`],
  ],
  [
    "neighbours, though suspended",
    job({ suspend: true }),
    job({ suspend: true, template: templateOf({ affinity: { podAffinity: { x: [1] } } }) }),
    [
      "spec.template: Invalid value: " +
        `${shown(templateOf({ affinity: { podAffinity: { x: [1] } } }))}: field is immutable`,
    ],
  ],
  [
    "completion mode",
    job({ completions: 5, parallelism: 3 }),
    indexed(),
    ['spec.completionMode: Invalid value: "Indexed": field is immutable'],
  ],
  [
    "rules about failures",
    job(failurePolicy(ignored)),
    job(failurePolicy({ ...ignored, status: "False" })),
    [
      "spec.podFailurePolicy: Invalid value: " +
        `${shown(failurePolicy({ ...ignored, status: "False" }).podFailurePolicy)}: field is ` +
        "immutable",
    ],
  ],
  [
    "rules about failures, by leaving them out",
    job(failurePolicy(ignored)),
    job(),
    ["spec.podFailurePolicy: Invalid value: null: field is immutable"],
  ],
  [
    "limit per index",
    indexed({ backoffLimitPerIndex: 1 }),
    indexed({ backoffLimitPerIndex: 2 }),
    ["spec.backoffLimitPerIndex: Invalid value: 2: field is immutable"],
  ],
  [
    "who it is managed by",
    job(),
    job({ managedBy: "x.io/y" }),
    ['spec.managedBy: Invalid value: "x.io/y": field is immutable'],
  ],
  [
    "what it succeeds by",
    indexed(),
    indexed({ successPolicy: { rules: [{ succeededCount: 1 }] } }),
    ['spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: field is immutable'],
  ],
];

test.each(bad)("a Job does not change its %s", (_, before, after, want) => {
  expect(errorsOf(jobRules, after, before)).toEqual(want);
});

const defaulted = templateOf({
  containers: [
    {
      name: "pi",
      image: "perl:5.34.0",
      command: ["perl", "-Mbignum=bpi"],
      imagePullPolicy: "IfNotPresent",
      resources: {},
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    },
  ],
  dnsPolicy: "ClusterFirst",
  schedulerName: "default-scheduler",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
});
const elsewhere = {
  metadata: { labels: { a: "b" }, annotations: { c: "d" } },
  spec: {
    ...podSpec,
    containers: [{ ...firstContainer(), resources: { limits: { cpu: "2" } } }],
    nodeSelector: { gpu: "yes" },
    tolerations: [{ operator: "Exists" }],
    affinity: { nodeAffinity: { x: [1] } },
    schedulingGates: [{ name: "example.com/quota" }],
  },
};

function firstContainer(): Readonly<Record<string, Json>> {
  return { name: "pi", image: "perl:5.34.0", command: ["perl", "-Mbignum=bpi"] };
}

const good: [name: string, before: KubeObject, after: KubeObject][] = [
  ["nothing", job(), job()],
  [
    "how many of its pods run, and how long",
    job({ parallelism: 1 }),
    job({
      parallelism: 2,
      activeDeadlineSeconds: 9,
      backoffLimit: 1,
      ttlSecondsAfterFinished: 3,
      suspend: true,
    }),
  ],
  ["how much runs at once, of a Job that said nothing of it", job(), job({ parallelism: 3 })],
  [
    "the words of its failure policy",
    job(failurePolicy(ignored)),
    job(failurePolicy({ ...ignored, status: "" })),
  ],
  [
    "the number of its indexes, all of which run at once",
    indexed({ completions: 5, parallelism: 5 }),
    indexed({ completions: 6, parallelism: 6 }),
  ],
  [
    "nothing but defaults that are told",
    job(),
    job({ completions: 1, parallelism: 1, completionMode: "NonIndexed", template: defaulted }),
  ],
  ["nothing but defaults that are told no more", job({ template: defaulted }), job()],
  [
    "nothing but the status of a condition that is told",
    job(failurePolicy(ignored)),
    job(failurePolicy({ ...ignored, status: "True" })),
  ],
  [
    "where its pods run, while it is suspended",
    job({ suspend: true }),
    job({ suspend: true, template: elsewhere }),
  ],
  ["it starts", job({ suspend: true }), job({ suspend: false })],
];

test.each(good)("a Job may change: %s", (_, before, after) => {
  expect(errorsOf(jobRules, after, before)).toEqual([]);
});

test("the name of a Job is looked at once, when it is new", () => {
  const long = indexed({}, "a".repeat(62));
  expect(errorsOf(jobRules, long, long)).toEqual([]);
});
