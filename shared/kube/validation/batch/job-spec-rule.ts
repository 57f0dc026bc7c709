import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue, tooLong, unsupportedValue } from "../../field-errors.ts";
import { at, isString } from "../../json.ts";
import { nonNegative } from "../number-rules.ts";
import { podTemplateRule } from "../pod/pod-template-rule.ts";
import { all, fields, type Rule, required, struct } from "../rule.ts";
import { domainPrefixedPath } from "../text-rules.ts";
import { jobCompletionRule } from "./job-completion-rule.ts";
import { podFailurePolicyRule } from "./pod-failure-policy-rule.ts";
import { successPolicyRule } from "./success-policy-rule.ts";

const managedByBytesMax = 63;

const counts: Rule = fields({
  parallelism: nonNegative,
  completions: nonNegative,
  activeDeadlineSeconds: nonNegative,
  backoffLimit: nonNegative,
  ttlSecondsAfterFinished: nonNegative,
  backoffLimitPerIndex: nonNegative,
  maxFailedIndexes: nonNegative,
});

const limitOfFailedIndexes: Rule = (spec, path) =>
  at(spec, "maxFailedIndexes") !== undefined && at(spec, "backoffLimitPerIndex") === undefined
    ? [requiredValue(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified")]
    : [];

/** Who runs the Job: "example.com/controller", a domain and a path. */
const managedBy: Rule = (value, path) => {
  if (!isString(value)) return [];
  const isTooLong = Buffer.byteLength(value) > managedByBytesMax;
  return [
    ...required(domainPrefixedPath)(value, path),
    ...(isTooLong ? [tooLong(path, managedByBytesMax)] : []),
  ];
};

/** With rules about which failures count, pods are replaced only once they have failed. */
const podReplacementPolicyRule: Rule = (spec, path) => {
  const policy = at(spec, "podReplacementPolicy");
  const hasFailurePolicy = at(spec, "podFailurePolicy") !== undefined;
  const supported = hasFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  if (!isString(policy) || supported.includes(policy)) return [];
  return [unsupportedValue(`${path}.podReplacementPolicy`, policy, supported)];
};

/** A pod that always starts again is never done; it is what an absent policy means. */
const restartPolicyRule: Rule = (spec, path) => {
  const policy: Json = at(spec, "template", "spec", "restartPolicy") ?? "";
  const where = `${path}.template.spec.restartPolicy`;
  if (policy === "" || policy === "Always") {
    return [requiredValue(where, 'valid values: "OnFailure", "Never"')];
  }
  if (policy === "Never" || !isString(policy)) return [];
  if (policy !== "OnFailure") return [unsupportedValue(where, policy, ["OnFailure", "Never"])];
  if (at(spec, "podFailurePolicy") === undefined) return [];
  const because = 'only "Never" is supported when podFailurePolicy is specified';
  return [invalidValue(where, policy, because)];
};

/** A `batch/v1 JobSpec`, at "spec" or "spec.jobTemplate.spec", but for its selector. */
export const jobSpecRule: Rule = all(
  counts,
  limitOfFailedIndexes,
  fields({ managedBy }),
  jobCompletionRule,
  podFailurePolicyRule,
  successPolicyRule,
  podReplacementPolicyRule,
  struct({ template: podTemplateRule }),
  restartPolicyRule,
);
