import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue } from "../../field-errors.ts";
import { arrayOf, at } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { type Rule, required } from "../rule.ts";
import { strictlyOneOf, textOrEmpty } from "../zero-values.ts";

const resourceRule: Rule = required(strictlyOneOf("cpu", "memory"));
const restartRule: Rule = required(strictlyOneOf("NotRequired", "RestartContainer"));

/**
 * Whether a container starts anew when its resources change: "spec.containers[0].resizePolicy".
 * A kube-apiserver tells of each item by the name of the list.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/
 */
export const resizePolicyRule: Rule = (value, path) => {
  const seen = new Set<string>();
  return errorsOfItems(arrayOf(value), (policy, index): readonly FieldError[] => {
    const name = textOrEmpty(at(policy, "resourceName"));
    const isRepeated = name !== undefined && seen.has(name);
    if (name !== undefined) seen.add(name);
    return [
      ...(isRepeated ? [duplicateValue(`${path}[${index}]`, JSON.stringify(name))] : []),
      ...resourceRule(at(policy, "resourceName"), path),
      ...restartRule(at(policy, "restartPolicy"), path),
    ];
  });
};
