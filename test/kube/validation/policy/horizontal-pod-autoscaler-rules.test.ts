import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { horizontalPodAutoscalerRules } from "../../../../shared/kube/validation/policy/horizontal-pod-autoscaler-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { autoscaler, objectOf } from "./policies.ts";

const rules = horizontalPodAutoscalerRules;

const measuring = (...metrics: Json[]): KubeObject => autoscaler({ metrics });
const scaling = (scaleUp: Json): KubeObject => autoscaler({ behavior: { scaleUp } });
const onDemand = (policy: Json): KubeObject => scaling({ policies: [policy] });

const utilization = { type: "Utilization", averageUtilization: 60 };
const cpu = { type: "Resource", resource: { name: "cpu", target: utilization } };
const perPod = { type: "AverageValue", averageValue: "1k" };
const packets = { type: "Pods", pods: { metric: { name: "packets-per-second" }, target: perPod } };
const ingress = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "main-route" };
const requests = {
  type: "Object",
  object: {
    metric: { name: "requests-per-second", selector: { matchLabels: { verb: "GET" } } },
    describedObject: ingress,
    target: { type: "Value", value: "10k" },
  },
};
const queue = {
  type: "External",
  external: { metric: { name: "queue_messages_ready" }, target: perPod },
};
const ofContainer = {
  type: "ContainerResource",
  containerResource: { name: "cpu", container: "application", target: utilization },
};

const metric = "spec.metrics[0]";
const types = '"ContainerResource", "External", "Object", "Pods", "Resource"';
const only = "must populate the given metric source only";
const up = "spec.behavior.scaleUp";

const bad: [name: string, autoscaler: KubeObject, want: readonly string[]][] = [
  [
    "without a spec",
    objectOf("autoscaling/v2", "HorizontalPodAutoscaler", {}),
    [
      "spec.maxReplicas: Invalid value: 0: must be greater than 0",
      "spec.scaleTargetRef.kind: Required value",
      "spec.scaleTargetRef.name: Required value",
    ],
  ],
  [
    "of less than none",
    autoscaler({ minReplicas: -1 }),
    ["spec.minReplicas: Invalid value: -1: must be greater than or equal to 1"],
  ],
  [
    "of less at most than at least",
    autoscaler({ minReplicas: 11 }),
    ["spec.maxReplicas: Invalid value: 10: must be greater than or equal to `minReplicas`"],
  ],
  [
    "of none at most",
    autoscaler({ minReplicas: 1, maxReplicas: 0 }),
    [
      "spec.maxReplicas: Invalid value: 0: must be greater than 0",
      "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
    ],
  ],
  [
    "of what cannot be named in a path",
    autoscaler({ scaleTargetRef: { kind: "a/b", name: ".." } }),
    [
      "spec.scaleTargetRef.kind: Invalid value: \"a/b\": may not contain '/'",
      "spec.scaleTargetRef.name: Invalid value: \"..\": may not be '..'",
    ],
  ],
  [
    "from nothing, by what pods alone tell",
    autoscaler({ minReplicas: 0, metrics: [cpu, packets] }),
    [
      "spec.metrics: Forbidden: must specify at least one Object or External metric to support " +
        "scaling to zero replicas",
    ],
  ],
  [
    "by a metric of no type",
    measuring({}),
    [
      `${metric}.type: Required value: must specify a metric source type`,
      `${metric}.type: Unsupported value: "": supported values: ${types}`,
      `${metric}.type: Unsupported value: "": supported values: ${types}`,
    ],
  ],
  [
    "by a metric of an unknown type",
    measuring({ ...cpu, type: "Cpu" }),
    [
      `${metric}.type: Unsupported value: "Cpu": supported values: ${types}`,
      `${metric}.type: Unsupported value: "Cpu": supported values: ${types}`,
    ],
  ],
  [
    "by a metric from nowhere",
    measuring({ type: "Pods" }),
    [`${metric}.pods: Required value: must populate information for the given metric source`],
  ],
  [
    "by a metric from elsewhere",
    measuring({ ...cpu, type: "ContainerResource" }),
    [
      `${metric}.containerResource: Required value: must populate information for the given ` +
        "metric source",
    ],
  ],
  [
    "by a metric from two places",
    measuring({ ...cpu, ...packets }),
    [`${metric}.resource: Forbidden: ${only}`],
  ],
  [
    "by metrics without names",
    measuring(
      { type: "Resource", resource: { target: utilization } },
      { type: "Pods", pods: { target: perPod } },
      { type: "ContainerResource", containerResource: { target: utilization } },
    ),
    [
      `${metric}.resource.name: Required value: must specify a resource name`,
      "spec.metrics[1].pods.metric.name: Required value: must specify a metric name",
      "spec.metrics[2].containerResource.name: Required value: must specify a resource name",
      "spec.metrics[2].containerResource.container: Required value: must specify a container",
    ],
  ],
  [
    "by metrics with wrong names",
    measuring(
      { type: "Pods", pods: { metric: { name: "a%" }, target: perPod } },
      {
        type: "ContainerResource",
        containerResource: { name: "gpu", container: "app.1", target: utilization },
      },
    ),
    [
      `${metric}.pods.metric.name: Invalid value: "a%": may not contain '%'`,
      'spec.metrics[1].containerResource.name: Invalid value: "gpu": must be a standard resource ' +
        "type or fully qualified",
      'spec.metrics[1].containerResource.name: Invalid value: "gpu": must be a standard resource ' +
        "for containers",
      'spec.metrics[1].containerResource.container: Invalid value: "app.1": a lowercase RFC 1123 ' +
        "label must consist of lower case alphanumeric characters or '-', and must start and end " +
        "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for " +
        "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    "by a metric without a target",
    measuring({ type: "Resource", resource: { name: "cpu" } }),
    [
      `${metric}.resource.target.type: Required value: must specify a metric target type`,
      `${metric}.resource.target.type: Invalid value: "": must be either Utilization, Value, or ` +
        "AverageValue",
      `${metric}.resource.target.averageUtilization: Required value: must set either a target ` +
        "raw value or a target utilization",
    ],
  ],
  [
    "by a metric with a target of an unknown type",
    measuring({
      type: "Resource",
      resource: { name: "cpu", target: { type: "Average", averageUtilization: 0 } },
    }),
    [
      `${metric}.resource.target.type: Invalid value: "Average": must be either Utilization, ` +
        "Value, or AverageValue",
      `${metric}.resource.target.averageUtilization: Invalid value: 0: must be greater than 0`,
    ],
  ],
  [
    "by the use of a resource in two ways",
    measuring({
      type: "Resource",
      resource: { name: "cpu", target: { ...utilization, averageValue: "100m" } },
    }),
    [
      `${metric}.resource.target.averageValue: Forbidden: may not set both a target raw value ` +
        "and a target utilization",
    ],
  ],
  [
    "by targets of nothing",
    measuring(
      { type: "Pods", pods: { metric: { name: "a" }, target: { ...perPod, averageValue: "0" } } },
      {
        type: "External",
        external: { metric: { name: "a" }, target: { type: "Value", value: "-1" } },
      },
    ),
    [
      `${metric}.pods.target.averageValue: Invalid value: "0": must be positive`,
      'spec.metrics[1].external.target.value: Invalid value: "-1": must be positive',
    ],
  ],
  [
    "by metrics of objects without targets",
    measuring(
      {
        type: "Object",
        object: { metric: { name: "a" }, describedObject: ingress, target: { type: "Value" } },
      },
      { type: "External", external: { metric: { name: "a" }, target: { type: "Value" } } },
      { type: "Pods", pods: { metric: { name: "a" }, target: { type: "AverageValue" } } },
    ),
    [
      `${metric}.object.target.averageValue: Required value: must set either a target value or ` +
        "averageValue",
      "spec.metrics[1].external.target.averageValue: Required value: must set either a target " +
        "value for metric or a per-pod target",
      "spec.metrics[2].pods.target.averageValue: Required value: must specify a positive target " +
        "averageValue",
    ],
  ],
  [
    "by a metric of an object that is not named",
    measuring({ type: "Object", object: { metric: { name: "a" }, target: perPod } }),
    [
      `${metric}.object.describedObject.kind: Required value`,
      `${metric}.object.describedObject.name: Required value`,
    ],
  ],
  [
    "by two targets of one metric",
    measuring({
      type: "External",
      external: { metric: { name: "a" }, target: { ...perPod, value: "1" } },
    }),
    [
      `${metric}.external.target.value: Forbidden: may not set both a target value for metric ` +
        "and a per-pod target",
    ],
  ],
  [
    "that looks back too short and too long",
    autoscaler({
      behavior: {
        scaleUp: { stabilizationWindowSeconds: -1 },
        scaleDown: { stabilizationWindowSeconds: 3_601 },
      },
    }),
    [
      `${up}.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero`,
      "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less " +
        "than or equal to 3600",
    ],
  ],
  [
    "that chooses in an unknown way",
    scaling({ selectPolicy: "Avg" }),
    [`${up}.selectPolicy: Unsupported value: "Avg": supported values: "Disabled", "Max", "Min"`],
  ],
  [
    "that has nothing to choose from",
    scaling({ policies: [] }),
    [`${up}.policies: Required value: must specify at least one Policy`],
  ],
  [
    "with a policy that says nothing",
    onDemand({}),
    [
      `${up}.policies[0].type: Unsupported value: "": supported values: "Percent", "Pods"`,
      `${up}.policies[0].value: Invalid value: 0: must be greater than zero`,
      `${up}.policies[0].periodSeconds: Invalid value: 0: must be greater than zero`,
    ],
  ],
  [
    "with a policy of an unknown type, for too long",
    onDemand({ type: "Nodes", value: 1, periodSeconds: 1_801 }),
    [
      `${up}.policies[0].type: Unsupported value: "Nodes": supported values: "Percent", "Pods"`,
      `${up}.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800`,
    ],
  ],
];

test.each(bad)("an autoscaler %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

const everything = autoscaler({
  minReplicas: 1,
  metrics: [cpu, packets, requests, queue, ofContainer],
  behavior: {
    scaleDown: {
      stabilizationWindowSeconds: 300,
      policies: [
        { type: "Percent", value: 100, periodSeconds: 15 },
        { type: "Pods", value: 4, periodSeconds: 1_800 },
      ],
      selectPolicy: "Max",
      tolerance: "0.05",
    },
    scaleUp: { stabilizationWindowSeconds: 0, selectPolicy: "Disabled" },
  },
});

const good: [name: string, autoscaler: KubeObject][] = [
  ["of the least that there is", autoscaler()],
  ["of all that there is", everything],
  ["from nothing, by a queue", autoscaler({ minReplicas: 0, metrics: [cpu, queue] })],
  ["from nothing, by what others see", autoscaler({ minReplicas: 0, metrics: [requests] })],
  [
    "by the use of memory in bytes",
    measuring({
      type: "Resource",
      resource: { name: "memory", target: { type: "AverageValue", averageValue: "500Mi" } },
    }),
  ],
  [
    "by one object's metric per pod, too",
    measuring({
      type: "Object",
      object: {
        metric: { name: "a" },
        describedObject: ingress,
        target: { type: "Value", value: 1, averageValue: "1" },
      },
    }),
  ],
];

test.each(good)("an autoscaler %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
});

test("an autoscaler may change all it says", () => {
  expect(errorsOf(rules, everything, autoscaler())).toEqual([]);
});

test("the rules of an autoscaler never throw", () => {
  expectNeverThrows(rules, everything);
});
