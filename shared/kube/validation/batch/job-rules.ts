import { invalidValue } from "../../field-errors.ts";
import { at, isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { type ObjectRule, type Rule, struct } from "../rule.ts";
import { isIndexed } from "./job-completion-rule.ts";
import { generatedSelectorErrors, selectorErrors } from "./job-selector-errors.ts";
import { jobSpecRule } from "./job-spec-rule.ts";
import { jobUpdateErrors } from "./job-update-errors.ts";

/** The pods of a Job with indexes are called after it and their index: "web-0". */
function podNameErrors(job: KubeObject): readonly FieldError[] {
  const { name } = job.metadata;
  const completions = at(job, "spec", "completions");
  if (!isIndexed(job["spec"]) || !isString(name)) return [];
  if (typeof completions !== "number" || completions <= 0) return [];
  const podName = `${name}-${completions - 1}`;
  if (nameErrors("dns-label", podName).length === 0) return [];
  const because = `will not able to create pod with invalid DNS label: ${podName}`;
  return [invalidValue("metadata.name", name, because)];
}

const content: Rule = struct({ spec: jobSpecRule });

/**
 * What a Job must be.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
 */
export const jobRules: ObjectRule = (job, before) => [
  ...(before === undefined ? generatedSelectorErrors(job) : []),
  ...content(job, ""),
  ...selectorErrors(job),
  ...(before === undefined ? podNameErrors(job) : jobUpdateErrors(job, before)),
];
