import { invalidValue } from "../../field-errors.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import { atMostAll, countOrPercent } from "../number-rules.ts";
import { all, fields, type ObjectRule, objectRule, oneOf, type Rule, whole } from "../rule.ts";
import { isSet } from "../zero-values.ts";

/** All of a budget is told, in the names that its fields have in Go. */
const oneOfBoth: Rule = whole((spec, path) => {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  if (!isSet(minAvailable) || !isSet(maxUnavailable)) return [];
  const shown = {
    MinAvailable: minAvailable,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
  };
  return [invalidValue(path, shown, "minAvailable and maxUnavailable cannot be both set")];
});

const pods = all(countOrPercent, atMostAll);

/**
 * What a PodDisruptionBudget must be.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export const podDisruptionBudgetRules: ObjectRule = objectRule(
  fields({
    spec: all(
      oneOfBoth,
      fields({
        minAvailable: pods,
        maxUnavailable: pods,
        selector: labelSelectorErrors,
        unhealthyPodEvictionPolicy: oneOf("AlwaysAllow", "IfHealthyBudget"),
      }),
    ),
  }),
);
