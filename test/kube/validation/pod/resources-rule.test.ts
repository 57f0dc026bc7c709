import { expect, test } from "vitest";
import { resourcesRule } from "../../../../shared/kube/validation/pod/resources-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { notAName } from "../sentences.ts";
import { expectNeverThrows, told } from "./told.ts";

const standard = "must be a standard resource type or fully qualified";
const forContainers = "must be a standard resource for containers";

test.each<[name: string, resources: Json, want: readonly string[]]>([
  [
    "a resource that there is not",
    { limits: { foo: "1" } },
    [standard, forContainers].map(
      (because) => `spec.limits[foo]: Invalid value: "foo": ${because}`,
    ),
  ],
  [
    "a resource that only quotas count",
    { requests: { pods: "1" } },
    [`spec.requests[pods]: Invalid value: "pods": ${forContainers}`],
  ],
  [
    "a resource by a wrong name",
    { limits: { "a b": "1" } },
    [
      `spec.limits[a b]: Invalid value: "a b": ${notAName}`,
      `spec.limits[a b]: Invalid value: "a b": ${forContainers}`,
    ],
  ],
  [
    "a device whose name a quota has taken",
    { limits: { "requests.example.com/gpu": "1" } },
    [
      'spec.limits[requests.example.com/gpu]: Invalid value: "requests.example.com/gpu": ' +
        "doesn't follow extended resource name standard",
    ],
  ],
  [
    "less than nothing",
    { limits: { cpu: "-1" }, requests: { memory: "-1Gi" } },
    [
      'spec.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'spec.requests[memory]: Invalid value: "-1Gi": must be greater than or equal to 0',
    ],
  ],
  [
    "a part of a device",
    { limits: { "nvidia.com/gpu": "0.5" } },
    ['spec.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer'],
  ],
  [
    "a request above its limit",
    { requests: { memory: "2048Mi", cpu: "0.6" }, limits: { memory: "1Gi", cpu: "500m" } },
    [
      'spec.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
      'spec.requests: Invalid value: "600m": must be less than or equal to cpu limit of 500m',
    ],
  ],
  [
    "a request as a number above its limit",
    { requests: { cpu: 2 }, limits: { cpu: 1.5 } },
    ['spec.requests: Invalid value: "2": must be less than or equal to cpu limit of 1500m'],
  ],
  [
    "a device that is asked for without a limit",
    { requests: { "nvidia.com/gpu": "1" } },
    ["spec.limits: Required value: Limit must be set for non overcommitable resources"],
  ],
  [
    "a device that is asked for less than its limit",
    { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "2" } },
    ['spec.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2'],
  ],
  [
    "huge pages alone",
    { limits: { "hugepages-2Mi": "4Mi" }, requests: { "hugepages-2Mi": "4Mi" } },
    ["spec: Forbidden: HugePages require cpu or memory"],
  ],
  [
    "a part of a huge page",
    { limits: { "hugepages-2Mi": "3Mi", memory: "1Gi" }, requests: { "hugepages-2Mi": "3Mi" } },
    ["limits", "requests"].map(
      (list) =>
        `spec.${list}[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple ` +
        "of hugepages-2Mi",
    ),
  ],
  [
    "huge pages of no size",
    { limits: { "hugepages-big": "2Mi", cpu: "1" } },
    [
      'spec.limits[hugepages-big]: Invalid value: "2Mi": 2Mi is not positive integer multiple of ' +
        "hugepages-big",
    ],
  ],
])("a container may not have %s", (_name, resources, want) => {
  expect(told(resourcesRule, resources)).toEqual(want);
});

const all: Json = {
  requests: {
    cpu: "250m",
    memory: "64Mi",
    "ephemeral-storage": "2Gi",
    "nvidia.com/gpu": 1,
    "hugepages-2Mi": "100Mi",
    "kubernetes.io/device": "0.5",
  },
  limits: {
    cpu: 1.5,
    memory: 134_217_728,
    "ephemeral-storage": "4Gi",
    "nvidia.com/gpu": "1",
    "hugepages-2Mi": "100Mi",
    "hugepages-1Gi": "0",
  },
  claims: [{ name: "gpu", request: "one" }],
};

test.each<[name: string, resources: Json | undefined]>([
  ["nothing", undefined],
  ["null", null],
  ["empty lists", { limits: {}, requests: null }],
  ["resources of all sorts", all],
  ["the same written in two ways", { requests: { cpu: "1000m" }, limits: { cpu: 1 } }],
  ["a request without a limit", { requests: { memory: "1e3" } }],
  ["a limit without a request", { limits: { memory: "1G", "amd.com/gpu": "2" } }],
  ["a size that is no quantity, which others refuse", { limits: { cpu: "much", memory: [1] } }],
])("a container may have %s", (_name, resources) => {
  expect(told(resourcesRule, resources)).toEqual([]);
});

test("any JSON can stand for any part of resources", () => {
  expectNeverThrows(resourcesRule, all);
});
