import { nonNegative } from "../number-rules.ts";
import { keptRunning, podTemplateRule, selectedTemplateRule } from "../pod/pod-template-rule.ts";
import { all, immutable, type ObjectRule, objectRule, struct } from "../rule.ts";
import { daemonSetStrategyRule } from "./strategy-rules.ts";
import { givenSelector } from "./workload-selector-rules.ts";

/**
 * What a DaemonSet must be. Its selector stays as it was created.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/
 */
export const daemonSetRules: ObjectRule = objectRule(
  struct({
    spec: all(
      selectedTemplateRule,
      struct({
        selector: givenSelector("daemonset"),
        template: all(podTemplateRule, keptRunning("DaemonSet")),
        minReadySeconds: nonNegative,
        updateStrategy: daemonSetStrategyRule,
        revisionHistoryLimit: nonNegative,
      }),
    ),
  }),
  immutable("spec", "selector"),
);
