import { invalidValue, unsupportedValue } from "../../field-errors.ts";
import { labelValueErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, each, fields, oneOf, type Rule, whole } from "../rule.ts";
import { qualifiedName } from "../text-rules.ts";
import { isSet, textOrEmpty } from "../zero-values.ts";

const withoutKeyRule: Rule = whole(({ key, operator }, path) => {
  const asked = textOrEmpty(operator);
  if (textOrEmpty(key) !== "" || asked === undefined || asked === "Exists") return [];
  const because =
    'operator must be Exists when `key` is empty, which means "match all values and all keys"';
  return [invalidValue(`${path}.operator`, asked, because)];
});

/** Only a pod that is already on a node can be tolerated for a while. */
const tolerationSecondsRule: Rule = whole(({ tolerationSeconds, effect }, path) => {
  const asked = textOrEmpty(effect);
  if (!isSet(tolerationSeconds) || asked === undefined || asked === "NoExecute") return [];
  const because = "effect must be 'NoExecute' when `tolerationSeconds` is set";
  return [invalidValue(`${path}.effect`, asked, because)];
});

/** "Lt" and "Gt" are for members whose version compares numbers. */
const operatorRule: Rule = whole((toleration, path) => {
  const value = textOrEmpty(toleration["value"]);
  switch (textOrEmpty(toleration["operator"])) {
    case undefined:
    case "Lt":
    case "Gt":
      return [];
    case "":
    case "Equal":
      return valueErrors(value ?? "", path);
    case "Exists":
      return value === undefined || value === "" ? [] : [valueOfExists(value, path)];
    default:
      return [
        unsupportedValue(`${path}.operator`, toleration["operator"] ?? "", ["Equal", "Exists"]),
      ];
  }
});

function valueErrors(value: string, path: string): readonly FieldError[] {
  const errors = labelValueErrors(value);
  return errors.length === 0 ? [] : [invalidValue(`${path}.operator`, value, errors.join(";"))];
}

function valueOfExists(value: string, path: string): FieldError {
  const because = "value must be empty when `operator` is 'Exists'";
  return invalidValue(`${path}.operator`, value, because);
}

/**
 * The taints of nodes that a pod does not mind: "spec.tolerations".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export const tolerationsRule: Rule = each(
  all(
    fields({ key: qualifiedName }),
    withoutKeyRule,
    tolerationSecondsRule,
    operatorRule,
    fields({ effect: oneOf("NoSchedule", "PreferNoSchedule", "NoExecute") }),
  ),
);
