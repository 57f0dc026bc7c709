import { invalidValue } from "../../field-errors.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import { atMostAll, countOrPercent } from "../number-rules.ts";
import { all, fields, type ObjectRule, objectRule, oneOf, type Rule, whole } from "../rule.ts";
import { isSet } from "../zero-values.ts";

const oneOfBoth: Rule = whole((spec, path) =>
  isSet(spec["minAvailable"]) && isSet(spec["maxUnavailable"])
    ? [invalidValue(path, spec, "minAvailable and maxUnavailable cannot be both set")]
    : [],
);

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
