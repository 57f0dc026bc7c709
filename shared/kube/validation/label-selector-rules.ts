import type { Json } from "../../lib/kube-object.ts";
import { errorsOfItems } from "../errors-of-items.ts";
import { forbiddenField, invalidValue, requiredValue } from "../field-errors.ts";
import { arrayOf, isObject, objectOf, printed, textOf } from "../json.ts";
import { labelErrors } from "../object/label-rules.ts";
import { labelValueErrors, qualifiedNameErrors } from "../object/name-rules.ts";
import type { FieldError } from "../served-kind.ts";

const listOperators = ["In", "NotIn"];
const plainOperators = ["Exists", "DoesNotExist"];

/** What is wrong with a `metav1.LabelSelector`, in the words of Kubernetes' own validation. */
export function labelSelectorErrors(
  selector: Json | undefined,
  path: string,
): readonly FieldError[] {
  if (!isObject(selector)) return [];
  return [
    ...labelErrors(selector["matchLabels"], `${path}.matchLabels`),
    ...errorsOfItems(arrayOf(selector["matchExpressions"]), (each, index) =>
      expressionErrors(each, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function expressionErrors(expression: Json, path: string): readonly FieldError[] {
  const { key, operator, values } = objectOf(expression);
  const given = arrayOf(values).map(printed);
  return [
    ...operatorErrors(textOf(operator) ?? "", given, path),
    ...keyErrors(textOf(key) ?? "", `${path}.key`),
    ...errorsOfItems(given, (value, index) => valueErrors(value, `${path}.values[${index}]`)),
  ];
}

function operatorErrors(
  operator: string,
  values: readonly string[],
  path: string,
): readonly FieldError[] {
  if (listOperators.includes(operator)) {
    const because = "must be specified when `operator` is 'In' or 'NotIn'";
    return values.length > 0 ? [] : [requiredValue(`${path}.values`, because)];
  }
  if (plainOperators.includes(operator)) {
    const because = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    return values.length === 0 ? [] : [forbiddenField(`${path}.values`, because)];
  }
  return [invalidValue(`${path}.operator`, operator, "not a valid selector operator")];
}

function keyErrors(key: string, path: string): readonly FieldError[] {
  return qualifiedNameErrors(key).map((because) => invalidValue(path, key, because));
}

function valueErrors(value: string, path: string): readonly FieldError[] {
  return labelValueErrors(value).map((because) => invalidValue(path, value, because));
}
