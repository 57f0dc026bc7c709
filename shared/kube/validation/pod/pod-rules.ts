import { textOf } from "../../json.ts";
import type { ObjectRule } from "../rule.ts";
import { podSpecRuleFor } from "./pod-spec-rule.ts";
import { podUpdateErrors } from "./pod-update-errors.ts";

const specRules: ObjectRule = (pod) =>
  podSpecRuleFor(textOf(pod.metadata["name"]) ?? "")(pod["spec"], "spec");

/**
 * What a Pod must be, and what of it may change.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export const podRules: ObjectRule = (pod, before) => [
  ...specRules(pod),
  ...(before === undefined ? [] : podUpdateErrors(pod, before)),
];
