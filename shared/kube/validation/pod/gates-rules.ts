import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import { duplicates } from "../duplicates.ts";
import { each, fields, type Rule } from "../rule.ts";
import { anyText, orEmpty, textOrEmpty } from "../zero-values.ts";

/**
 * The conditions that a pod needs to be ready: "spec.readinessGates".
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate
 */
export const readinessGatesRule: Rule = each(
  fields({ conditionType: orEmpty(anyText(qualifiedNameErrors)) }),
);

/**
 * What must be cleared before a pod is scheduled: "spec.schedulingGates".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/
 */
export const schedulingGatesRule: Rule = (value, path) => {
  const duplicateOf = duplicates();
  return errorsOfItems(arrayOf(value), (gate, index) => {
    const name = textOrEmpty(at(gate, "name"));
    if (name === undefined) return [];
    const where = `${path}[${index}]`;
    return [
      ...qualifiedNameErrors(name).map((because) => invalidValue(where, name, because)),
      ...duplicateOf(name, where),
    ];
  });
};
