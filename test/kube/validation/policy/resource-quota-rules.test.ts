import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { resourceQuotaRules } from "../../../../shared/kube/validation/policy/resource-quota-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { quota } from "./policies.ts";

const notKnown = "must be a standard resource type or fully qualified";
const notLimited = "must be a standard resource for quota";
const plain =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, " +
  "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, " +
  "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
const selecting = (...matchExpressions: Json[]): KubeObject =>
  quota({ scopeSelector: { matchExpressions } });
const where = "spec.scopeSelector.matchExpressions";

const bad: [name: string, quota: KubeObject, want: readonly string[]][] = [
  [
    "of unknown resources",
    quota({ hard: { gpus: "1" } }),
    [
      `spec.hard[gpus]: Invalid value: "gpus": ${notKnown}`,
      `spec.hard[gpus]: Invalid value: "gpus": ${notLimited}`,
    ],
  ],
  [
    "of what is limited by claims",
    quota({ hard: { storage: "1Gi" } }),
    [`spec.hard[storage]: Invalid value: "storage": ${notLimited}`],
  ],
  [
    "of what is no name",
    quota({ hard: { "a/b/c": "1" } }),
    [
      'spec.hard[a/b/c]: Invalid value: "a/b/c": a qualified name must consist of alphanumeric ' +
        "characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and " +
        "'/' (e.g. 'example.com/MyName')",
    ],
  ],
  [
    "of less than nothing",
    quota({ hard: { "requests.cpu": "-2000m" } }),
    ['spec.hard[requests.cpu]: Invalid value: "-2": must be greater than or equal to 0'],
  ],
  [
    "of parts of what comes in pieces",
    quota({ hard: { pods: "1.5", "count/jobs.batch": "100m" } }),
    [
      'spec.hard[pods]: Invalid value: "1500m": must be an integer',
      'spec.hard[count/jobs.batch]: Invalid value: "100m": must be an integer',
    ],
  ],
  [
    "in an unknown scope",
    quota({ scopes: ["Mine"], hard: { pods: 1 } }),
    ['spec.scopes: Invalid value: ["Mine"]: unsupported scope'],
  ],
  [
    "of what has nothing to do with its scope",
    quota({ scopes: ["BestEffort"], hard: { cpu: "1", "hugepages-2Mi": "2Mi", "x.io/y": "1" } }),
    [
      'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
      'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
    ],
  ],
  [
    "of what pods have none of, for pods that end",
    quota({ scopes: ["Terminating"], hard: { services: "1" } }),
    ['spec.scopes: Invalid value: ["Terminating"]: unsupported scope applied to resource'],
  ],
  [
    "in scopes that exclude each other",
    quota({ scopes: ["BestEffort", "NotBestEffort"] }),
    ['spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes'],
  ],
  [
    "that selects no scope",
    selecting({}),
    [
      `${where}.scopeName: Invalid value: "": unsupported scope`,
      `${where}.operator: Invalid value: "": not a valid selector operator`,
    ],
  ],
  [
    "that selects by values of what has none",
    selecting({ scopeName: "Terminating", operator: "In", values: ["a"] }),
    [`${where}.operator: Invalid value: "In": ${plain}`],
  ],
  [
    "that selects by no value",
    selecting({ scopeName: "PriorityClass", operator: "NotIn" }),
    [
      `${where}.values: Required value: must be at least one value when \`operator\` is 'In' or ` +
        "'NotIn' for scope selector",
    ],
  ],
  [
    "that selects by values that do not matter",
    selecting({ scopeName: "PriorityClass", operator: "DoesNotExist", values: ["a"] }),
    [
      `${where}.values: Invalid value: ["a"]: must be no value when \`operator\` is 'Exist' or ` +
        "'DoesNotExist' for scope selector",
    ],
  ],
  [
    "that selects scopes which exclude each other",
    selecting(
      { scopeName: "Terminating", operator: "Exists" },
      { scopeName: "NotTerminating", operator: "Exists" },
    ),
    [`${where}: Invalid value: null: conflicting scopes`],
  ],
  [
    "that selects a scope of other resources",
    quota({
      hard: { secrets: "1" },
      scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "Exists" }] },
    }),
    [
      `${where}: Invalid value: {"matchExpressions":[{"scopeName":"PriorityClass","operator":` +
        '"Exists"}]}: unsupported scope applied to resource',
    ],
  ],
];

test.each(bad)("a quota %s is refused", (_, object, want) => {
  expect(errorsOf(resourceQuotaRules, object)).toEqual(want);
});

const compute = {
  "requests.cpu": "1",
  "requests.memory": "1Gi",
  "limits.cpu": "2",
  "limits.memory": "2Gi",
  "requests.nvidia.com/gpu": 4,
  "hugepages-2Mi": "4Mi",
  "requests.hugepages-1Gi": "1Gi",
  "ephemeral-storage": "1Gi",
  "limits.ephemeral-storage": "1Gi",
  "requests.ephemeral-storage": "1Gi",
};
const objects = {
  configmaps: "10",
  persistentvolumeclaims: "4",
  pods: "4",
  replicationcontrollers: "20",
  resourcequotas: 1,
  secrets: "10",
  services: "10",
  "services.loadbalancers": "2",
  "services.nodeports": "0",
  "count/deployments.apps": "5",
  "count/widgets.example.com": "5",
  "requests.storage": "500Gi",
  "gold.storageclass.storage.k8s.io/requests.storage": "300Gi",
  "gold.storageclass.storage.k8s.io/persistentvolumeclaims": "5",
};
const high = { scopeName: "PriorityClass", operator: "In", values: ["high"] };

const good: [name: string, quota: KubeObject][] = [
  ["of computing", quota({ hard: compute })],
  ["of objects", quota({ hard: objects })],
  ["of nothing", quota({})],
  ["for some pods", quota({ hard: { pods: "1", cpu: "2" }, scopes: ["NotTerminating"] })],
  ["for pods that ask for nothing", quota({ hard: { pods: "1" }, scopes: ["BestEffort"] })],
  [
    "for pods of a priority",
    quota({
      hard: { cpu: "1000", memory: "200Gi", pods: "10" },
      scopeSelector: { matchExpressions: [high] },
    }),
  ],
  [
    "for neighbours in other namespaces",
    quota({
      hard: { pods: "0" },
      scopeSelector: {
        matchExpressions: [{ scopeName: "CrossNamespacePodAffinity", operator: "Exists" }],
      },
    }),
  ],
  [
    "for volumes of a class",
    quota({
      hard: { "requests.storage": "1Ti", persistentvolumeclaims: "10" },
      scopeSelector: {
        matchExpressions: [
          { scopeName: "VolumeAttributesClass", operator: "In", values: ["gold"] },
        ],
      },
    }),
  ],
];

test.each(good)("a quota %s is taken", (_, object) => {
  expect(errorsOf(resourceQuotaRules, object)).toEqual([]);
});

test("a quota keeps its scopes, in any order, and changes its amounts", () => {
  const before = quota({ scopes: ["Terminating", "NotBestEffort"], hard: { pods: "1" } });
  const other = quota({ scopes: ["NotBestEffort", "Terminating"], hard: { pods: "2" } });
  expect(errorsOf(resourceQuotaRules, other, before)).toEqual([]);
  expect(errorsOf(resourceQuotaRules, quota({ scopes: ["Terminating"] }), before)).toEqual([
    'spec.scopes: Invalid value: ["Terminating"]: field is immutable',
  ]);
  expect(errorsOf(resourceQuotaRules, quota({}), before)).toEqual([
    "spec.scopes: Invalid value: null: field is immutable",
  ]);
});

test("the rules of a quota never throw", () => {
  expectNeverThrows(
    resourceQuotaRules,
    quota({
      hard: { pods: "1", cpu: "2" },
      scopes: ["NotTerminating"],
      scopeSelector: { matchExpressions: [high] },
    }),
  );
});

test("a quota of many wrong scopes and resources is told some of them, and not at length", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `x${index}`);
  const hard = Object.fromEntries(many.map((name) => [`hugepages-${name}`, "1"]));
  const matchExpressions = many.map(() => ({ scopeName: "BestEffort", operator: "Exists" }));
  const scopes = ["BestEffort", ...many];
  const errors = errorsOf(
    resourceQuotaRules,
    quota({ hard, scopes, scopeSelector: { matchExpressions } }),
  );
  const told = errors.filter((error) => error.includes(": unsupported scope"));
  expect(told.length).toBeGreaterThan(1);
  expect(told.join().length).toBeLessThan(5_000_000);
});
