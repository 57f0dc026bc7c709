import { invalidValue } from "../../field-errors.ts";
import { nonNegative } from "../number-rules.ts";
import { keptRunning, podTemplateRule, selectedTemplateRule } from "../pod/pod-template-rule.ts";
import { all, immutable, type ObjectRule, objectRule, type Rule, struct, whole } from "../rule.ts";
import { deploymentStrategyRule } from "./strategy-rules.ts";
import { workloadSelector } from "./workload-selector-rules.ts";

const progressDeadlineSecondsDefault = 600;

/** A Deployment that is given up before its pods can be ready never succeeds. */
const progressDeadline: Rule = whole((spec, path) => {
  const { progressDeadlineSeconds = progressDeadlineSecondsDefault, minReadySeconds = 0 } = spec;
  const field = `${path}.progressDeadlineSeconds`;
  const isLong =
    typeof progressDeadlineSeconds !== "number" ||
    typeof minReadySeconds !== "number" ||
    progressDeadlineSeconds > minReadySeconds;
  if (isLong) return [];
  return [invalidValue(field, progressDeadlineSeconds, "must be greater than minReadySeconds")];
});

/**
 * What a Deployment must be. Its selector stays as it was created.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
 */
export const deploymentRules: ObjectRule = objectRule(
  struct({
    spec: all(
      struct({ replicas: nonNegative, selector: workloadSelector("deployment") }),
      selectedTemplateRule,
      struct({
        template: all(podTemplateRule, keptRunning("ReplicaSet")),
        strategy: deploymentStrategyRule,
        minReadySeconds: nonNegative,
        revisionHistoryLimit: nonNegative,
        progressDeadlineSeconds: nonNegative,
      }),
      progressDeadline,
    ),
  }),
  immutable("spec", "selector"),
);
