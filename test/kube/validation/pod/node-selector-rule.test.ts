import { expect, test } from "vitest";
import { nodeSelectorRule } from "../../../../shared/kube/validation/pod/node-selector-rule.ts";
import { notALabelValue } from "../sentences.ts";
import { expectNeverThrows, told } from "./told.ts";

test("a pod chooses its node by labels that nodes can have", () => {
  const selector = { "/a": "b", "kubernetes.io/os": "linux", disk: "a/b" };
  expect(told(nodeSelectorRule, selector, "spec.nodeSelector")).toEqual([
    'spec.nodeSelector: Invalid value: "/a": prefix part must be non-empty',
    `spec.nodeSelector: Invalid value: "a/b": ${notALabelValue}`,
  ]);
});

test("the node selectors of the documentation are fine", () => {
  const selector = { disktype: "ssd", "kubernetes.azure.com/mode": "user", spot: "" };
  expect(told(nodeSelectorRule, selector)).toEqual([]);
  expect(told(nodeSelectorRule, undefined)).toEqual([]);
});

test("any JSON can stand for any part of a node selector", () => {
  expectNeverThrows(nodeSelectorRule, { disktype: "ssd" });
});
