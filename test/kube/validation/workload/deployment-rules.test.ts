import { expect, test } from "vitest";
import { deploymentRules } from "../../../../shared/kube/validation/workload/deployment-rules.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { podSpec, templateOf, workload } from "./workloads.ts";

const mismatch = (labels: string) =>
  `spec.template.metadata.labels: Invalid value: ${labels}: ` +
  "`selector` does not match template `labels`";
const percentSentence =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or " +
  "'93%', regex used for validation is '[0-9]+%')";

const rolling = (rollingUpdate: JsonObject) => ({
  strategy: { type: "RollingUpdate", rollingUpdate },
});

test.each<[behaviour: string, spec: Readonly<Record<string, Json>>, errors: readonly string[]]>([
  [
    "a selector is required",
    { selector: null },
    ["spec.selector: Required value", mismatch('{"app":"web"}')],
  ],
  [
    "an empty selector would take every pod",
    { selector: {} },
    ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
  ],
  [
    "the selector is one of labels",
    { selector: { matchExpressions: [{ key: "app", operator: "Is" }] } },
    [
      'spec.selector.matchExpressions[0].operator: Invalid value: "Is": ' +
        "not a valid selector operator",
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Is"}]}: ' +
        "invalid label selector",
    ],
  ],
  [
    "the selector selects its own pods",
    { selector: { matchLabels: { app: "other" } } },
    [mismatch('{"app":"web"}')],
  ],
  ["pods without labels are nobody's", { template: { spec: podSpec } }, [mismatch("null")]],
  [
    "a template is required, with containers",
    { template: null },
    [mismatch("null"), "spec.template.spec.containers: Required value"],
  ],
  [
    "labels of pods are told without their metadata",
    { template: templateOf(podSpec, { labels: { app: "web", "a b": "c" } }) },
    [
      'spec.template.labels: Invalid value: "a b": name part must consist of alphanumeric ' +
        "characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    "its pods start again",
    { template: templateOf({ ...podSpec, restartPolicy: "Never" }) },
    ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  ],
  [
    "its pods have no end",
    { template: templateOf({ ...podSpec, activeDeadlineSeconds: 5 }) },
    [
      "spec.template.spec.activeDeadlineSeconds: Forbidden: " +
        "activeDeadlineSeconds in ReplicaSet is not Supported",
    ],
  ],
  [
    "its pods are no place to debug",
    {
      template: templateOf({
        ...podSpec,
        ephemeralContainers: [{ name: "debug", image: "busybox:1" }],
      }),
    },
    [
      "spec.template.spec.ephemeralContainers: Forbidden: " +
        "ephemeral containers not allowed in pod template",
    ],
  ],
  [
    "counts and seconds are not negative",
    { replicas: -1, minReadySeconds: -2, revisionHistoryLimit: -3, progressDeadlineSeconds: -4 },
    [
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      "spec.minReadySeconds: Invalid value: -2: must be greater than or equal to 0",
      "spec.revisionHistoryLimit: Invalid value: -3: must be greater than or equal to 0",
      "spec.progressDeadlineSeconds: Invalid value: -4: must be greater than or equal to 0",
      "spec.progressDeadlineSeconds: Invalid value: -4: must be greater than minReadySeconds",
    ],
  ],
  [
    "pods can be ready before it is given up, also when nobody says when",
    { minReadySeconds: 600 },
    ["spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"],
  ],
  [
    "a strategy is one of two",
    { strategy: { type: "Fast" } },
    [
      'spec.strategy: Unsupported value: {"type":"Fast"}: ' +
        'supported values: "Recreate", "RollingUpdate"',
    ],
  ],
  [
    "what is recreated does not roll",
    { strategy: { type: "Recreate", rollingUpdate: {} } },
    [
      "spec.strategy.rollingUpdate: Forbidden: " +
        "may not be specified when strategy `type` is 'Recreate'",
    ],
  ],
  [
    "a roll has room to move",
    rolling({ maxSurge: 0, maxUnavailable: "0%" }),
    [
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": ' +
        "may not be 0 when `maxSurge` is 0",
    ],
  ],
  [
    "shares are percents, and not of more than all",
    rolling({ maxSurge: "half", maxUnavailable: "101%" }),
    [
      `spec.strategy.rollingUpdate.maxSurge: Invalid value: "half": ${percentSentence}`,
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": ' +
        "must not be greater than 100%",
    ],
  ],
])("a Deployment is refused: %s", (_, spec, errors) => {
  expect(errorsOf(deploymentRules, workload("Deployment", spec))).toEqual(errors);
});

test.each<[behaviour: string, spec: Readonly<Record<string, Json>>]>([
  ["with the least", {}],
  ["with no replicas", { replicas: 0, paused: true }],
  ["with what is said by default", { strategy: { type: "RollingUpdate" }, replicas: 1 }],
  ["that rolls by counts", rolling({ maxSurge: 1, maxUnavailable: 0 })],
  ["that rolls by shares", rolling({ maxSurge: "150%", maxUnavailable: "25%" })],
  [
    "that rolls without a surge, and with the default of what may be away",
    rolling({ maxSurge: 0 }),
  ],
  ["that is recreated", { strategy: { type: "Recreate" } }],
  ["that is ready late", { minReadySeconds: 700, progressDeadlineSeconds: 701 }],
  [
    "that selects by expressions",
    {
      selector: {
        matchExpressions: [
          { key: "app", operator: "In", values: ["web", "shop"] },
          { key: "tier", operator: "DoesNotExist" },
        ],
      },
    },
  ],
  [
    "whose pods say that they start again",
    { template: templateOf({ ...podSpec, restartPolicy: "Always" }) },
  ],
])("a Deployment is taken: %s", (_, spec) => {
  expect(errorsOf(deploymentRules, workload("Deployment", spec))).toEqual([]);
});

test("a Deployment's selector stays as it was created, all else may change", () => {
  const before = workload("Deployment");
  const labels = { app: "web", tier: "front" };
  const other = workload("Deployment", {
    selector: { matchLabels: labels },
    template: templateOf(podSpec, { labels }),
  });
  expect(errorsOf(deploymentRules, other, before)).toEqual([
    'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"front"}}: ' +
      "field is immutable",
  ]);
  const changed = workload("Deployment", {
    replicas: 3,
    template: templateOf(podSpec, { labels }),
  });
  expect(errorsOf(deploymentRules, changed, before)).toEqual([]);
});

test("the rules of a Deployment never throw", () => {
  const full = workload("Deployment", {
    ...rolling({ maxSurge: "25%", maxUnavailable: 1 }),
    template: templateOf({
      volumes: [{ name: "data", emptyDir: {} }],
      initContainers: [{ name: "init", image: "busybox:1", restartPolicy: "Always" }],
      containers: [
        {
          name: "web",
          image: "nginx:1",
          ports: [{ name: "http", containerPort: 80, hostPort: 8080 }],
          env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
          envFrom: [{ configMapRef: { name: "c" } }],
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
      ],
    }),
  });
  expectNeverThrows(deploymentRules, workload("Deployment"), full);
});
