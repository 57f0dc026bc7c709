import { nonNegative } from "../number-rules.ts";
import { keptRunning, podTemplateRule, selectedTemplateRule } from "../pod/pod-template-rule.ts";
import { all, immutable, type ObjectRule, objectRule, struct } from "../rule.ts";
import { workloadSelector } from "./workload-selector-rules.ts";

/**
 * What a ReplicaSet must be. Its selector stays as it was created.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/
 */
export const replicaSetRules: ObjectRule = objectRule(
  struct({
    spec: all(
      struct({
        replicas: nonNegative,
        minReadySeconds: nonNegative,
        // That is what a kube-apiserver calls it.
        selector: workloadSelector("deployment"),
      }),
      selectedTemplateRule,
      struct({ template: all(podTemplateRule, keptRunning("ReplicaSet")) }),
    ),
  }),
  immutable("spec", "selector"),
);
