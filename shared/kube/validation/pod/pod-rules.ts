import { textOf } from "../../json.ts";
import type { ObjectRule } from "../rule.ts";
import { podSpecRuleFor } from "./pod-spec-rule.ts";

/**
 * What a Pod must be.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export const podRules: ObjectRule = (pod) =>
  podSpecRuleFor(textOf(pod.metadata["name"]) ?? "")(pod["spec"], "spec");
