import { requiredValue } from "../../field-errors.ts";
import { isObject } from "../../json.ts";
import { nonNegative } from "../number-rules.ts";
import { keptRunning, podTemplateRule } from "../pod/pod-template-rule.ts";
import { all, type ObjectRule, objectRule, type Rule, struct } from "../rule.ts";

const template: Rule = (value, path) =>
  isObject(value)
    ? all(podTemplateRule, keptRunning("ReplicationController"))(value, path)
    : [requiredValue(path)];

/**
 * What a ReplicationController must be. Its selector has a default: the labels of its template.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/
 */
export const replicationControllerRules: ObjectRule = objectRule(
  struct({ spec: struct({ minReadySeconds: nonNegative, replicas: nonNegative, template }) }),
);
