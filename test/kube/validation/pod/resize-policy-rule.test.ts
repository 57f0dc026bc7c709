import { expect, test } from "vitest";
import { resizePolicyRule } from "../../../../shared/kube/validation/pod/resize-policy-rule.ts";
import { expectNeverThrows, told } from "./told.ts";

const good = [
  { resourceName: "cpu", restartPolicy: "NotRequired" },
  { resourceName: "memory", restartPolicy: "RestartContainer" },
];

test("a policy is for a resource that can be resized, once", () => {
  const policies = [
    ...good,
    { resourceName: "cpu", restartPolicy: "Sometimes" },
    { resourceName: "nvidia.com/gpu" },
    {},
  ];
  expect(told(resizePolicyRule, policies, "spec.resizePolicy")).toEqual([
    'spec.resizePolicy[2]: Duplicate value: "cpu"',
    'spec.resizePolicy: Unsupported value: "Sometimes": supported values: "NotRequired", ' +
      '"RestartContainer"',
    'spec.resizePolicy: Unsupported value: "nvidia.com/gpu": supported values: "cpu", "memory"',
    "spec.resizePolicy: Required value",
    "spec.resizePolicy: Required value",
    "spec.resizePolicy: Required value",
  ]);
});

test("the policies of the documentation are fine", () => {
  expect(told(resizePolicyRule, good)).toEqual([]);
  expect(told(resizePolicyRule, undefined)).toEqual([]);
});

test("any JSON can stand for any part of the policies", () => {
  expectNeverThrows(resizePolicyRule, good);
});
