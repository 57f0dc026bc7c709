import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { limitRangeRules } from "../../../../shared/kube/validation/policy/limit-range-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { limitRange } from "./policies.ts";

const limit = "spec.limits[0]";
const forPods = "may not be specified when `type` is 'Pod'";

const bad: [name: string, limits: KubeObject, want: readonly string[]][] = [
  [
    "of no type",
    limitRange({ max: { cpu: "1" } }),
    [
      `${limit}.type: Invalid value: "": name part must be non-empty`,
      `${limit}.type: Invalid value: "": name part must consist of alphanumeric characters, '-', ` +
        "'_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or " +
        "'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    "of an unknown type",
    limitRange({ type: "Node" }),
    [`${limit}.type: Invalid value: "Node": must be a standard limit type or fully qualified`],
  ],
  [
    "of one type twice",
    limitRange({ type: "Pod" }, { type: "Pod" }),
    ['spec.limits[1].type: Duplicate value: "Pod"'],
  ],
  [
    "of what containers do not use",
    limitRange({ type: "Container", max: { storage: "1Gi" }, min: { disks: "1" } }),
    [
      `${limit}.max[storage]: Invalid value: "storage": must be a standard resource for containers`,
      `${limit}.min[disks]: Invalid value: "disks": must be a standard resource type or fully ` +
        "qualified",
      `${limit}.min[disks]: Invalid value: "disks": must be a standard resource for containers`,
    ],
  ],
  [
    "of unknown resources of something else",
    limitRange({ type: "example.com/Thing", maxLimitRequestRatio: { disks: "2" } }),
    [
      `${limit}.maxLimitRequestRatio[disks]: Invalid value: "disks": must be a standard resource ` +
        "type or fully qualified",
    ],
  ],
  [
    "with defaults for pods",
    limitRange({
      type: "Pod",
      max: { cpu: "500m" },
      default: { cpu: "1" },
      defaultRequest: { cpu: "1" },
    }),
    [`${limit}.default: Forbidden: ${forPods}`, `${limit}.defaultRequest: Forbidden: ${forPods}`],
  ],
  [
    "of claims that says nothing of storage",
    limitRange({ type: "PersistentVolumeClaim", max: { cpu: "1" } }),
    [
      `${limit}.limits: Required value: either minimum or maximum storage value is required, but ` +
        "neither was provided",
    ],
  ],
  [
    "of pods whose least is more than their most",
    limitRange({ type: "Pod", min: { memory: "1024Mi" }, max: { memory: "512Mi" } }),
    [`${limit}.min[memory]: Invalid value: "1Gi": min value 1Gi is greater than max value 512Mi`],
  ],
  [
    "of containers whose least is more than their most, and so than their defaults",
    limitRange({ type: "Container", min: { cpu: "2" }, max: { cpu: "1" } }),
    [
      `${limit}.min[cpu]: Invalid value: "2": min value 2 is greater than max value 1`,
      `${limit}.defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default ` +
        "request value 1",
      `${limit}.default[cpu]: Invalid value: "2": min value 2 is greater than default value 1`,
    ],
  ],
  [
    "whose containers ask for less than the least",
    limitRange({
      type: "Container",
      min: { cpu: "200m" },
      defaultRequest: { cpu: "100m" },
      default: { cpu: "300m" },
    }),
    [
      `${limit}.defaultRequest[cpu]: Invalid value: "100m": min value 200m is greater than ` +
        "default request value 100m",
    ],
  ],
  [
    "whose containers ask for more than the most",
    limitRange({
      type: "Container",
      max: { cpu: "1" },
      defaultRequest: { cpu: "2" },
      default: { cpu: "3" },
    }),
    [
      `${limit}.defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than ` +
        "max value 1",
      `${limit}.default[cpu]: Invalid value: "1": default value 3 is greater than max value 1`,
    ],
  ],
  [
    "whose containers ask for more than they may use",
    limitRange({ type: "Container", defaultRequest: { cpu: "2" }, default: { cpu: 1 } }),
    [
      `${limit}.defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than ` +
        "default limit value 1",
    ],
  ],
  [
    "with a ratio that no limit can keep",
    limitRange({ type: "Pod", maxLimitRequestRatio: { cpu: "500m" } }),
    [`${limit}.maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1`],
  ],
  [
    "with a ratio that no limit can reach",
    limitRange({
      type: "Pod",
      min: { cpu: "300m" },
      max: { cpu: "1" },
      maxLimitRequestRatio: { cpu: "4" },
    }),
    [
      `${limit}.maxLimitRequestRatio[cpu]: Invalid value: "4": ratio 4 is greater than max/min = ` +
        "3.333333",
    ],
  ],
  [
    "that promises a device twice",
    limitRange({
      type: "Container",
      default: { "nvidia.com/gpu": "2" },
      defaultRequest: { "nvidia.com/gpu": "1" },
    }),
    [
      `${limit}.defaultRequest[nvidia.com/gpu]: Invalid value: "1": default value 2 must equal ` +
        "to defaultRequest value 1 in nvidia.com/gpu",
    ],
  ],
];

test.each(bad)("a limit range %s is refused", (_, object, want) => {
  expect(errorsOf(limitRangeRules, object)).toEqual(want);
});

const everything = limitRange(
  {
    type: "Container",
    max: { cpu: "800m", memory: "1Gi" },
    min: { cpu: "100m", memory: "99Mi" },
    default: { cpu: "700m", memory: "900Mi" },
    defaultRequest: { cpu: "110m", memory: "111Mi" },
    maxLimitRequestRatio: { cpu: "8" },
  },
  { type: "Pod", max: { cpu: 2, memory: "2Gi" }, maxLimitRequestRatio: { memory: 2 } },
  { type: "PersistentVolumeClaim", max: { storage: "2Gi" }, min: { storage: "1Gi" } },
  { type: "example.com/Thing", max: { "example.com/part": "3" } },
);

const good: [name: string, limits: KubeObject][] = [
  ["of all that there is", everything],
  ["of nothing", limitRange()],
  ["of the most alone", limitRange({ type: "Container", max: { cpu: "1", "nvidia.com/gpu": 1 } })],
  ["of the least alone", limitRange({ type: "Container", min: { cpu: "1" } })],
  ["of defaults alone", limitRange({ type: "Container", default: { memory: "512Mi" } })],
  [
    "without a least",
    limitRange({ type: "Pod", min: { cpu: 0 }, max: { cpu: 1 }, maxLimitRequestRatio: { cpu: 9 } }),
  ],
  [
    "of equal amounts in other words",
    limitRange({ type: "Pod", min: { memory: "1Gi" }, max: { memory: "1024Mi" } }),
  ],
];

test.each(good)("a limit range %s is taken", (_, object) => {
  expect(errorsOf(limitRangeRules, object)).toEqual([]);
  expect(errorsOf(limitRangeRules, object, everything)).toEqual([]);
});

test("the rules of a limit range never throw", () => {
  expectNeverThrows(limitRangeRules, everything);
});
