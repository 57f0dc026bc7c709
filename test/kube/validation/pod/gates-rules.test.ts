import { expect, test } from "vitest";
import {
  readinessGatesRule,
  schedulingGatesRule,
} from "../../../../shared/kube/validation/pod/gates-rules.ts";
import { notAName } from "../sentences.ts";
import { expectNeverThrows, told } from "./told.ts";

test("a condition that pods cannot have is no readiness gate", () => {
  const gates = [{ conditionType: "example.com/a b" }, {}];
  expect(told(readinessGatesRule, gates, "spec.readinessGates")).toEqual([
    `spec.readinessGates[0].conditionType: Invalid value: "example.com/a b": ${notAName}`,
    'spec.readinessGates[1].conditionType: Invalid value: "": name part must be non-empty',
    `spec.readinessGates[1].conditionType: Invalid value: "": ${notAName}`,
  ]);
});

test("scheduling gates have names, each of its own", () => {
  const gates = [{ name: "example.com/foo" }, { name: "example.com/foo" }, {}];
  expect(told(schedulingGatesRule, gates, "spec.schedulingGates")).toEqual([
    'spec.schedulingGates[1]: Duplicate value: "example.com/foo"',
    'spec.schedulingGates[2]: Invalid value: "": name part must be non-empty',
    `spec.schedulingGates[2]: Invalid value: "": ${notAName}`,
  ]);
});

test("the gates of the documentation are fine", () => {
  expect(told(readinessGatesRule, [{ conditionType: "www.example.com/feature-1" }])).toEqual([]);
  expect(told(schedulingGatesRule, [{ name: "example.com/foo" }, { name: "bar" }])).toEqual([]);
  expect(told(readinessGatesRule, undefined)).toEqual([]);
  expect(told(schedulingGatesRule, undefined)).toEqual([]);
});

test("any JSON can stand for any part of gates", () => {
  expectNeverThrows(readinessGatesRule, [{ conditionType: "a" }]);
  expectNeverThrows(schedulingGatesRule, [{ name: "a" }, { name: "b" }]);
});
