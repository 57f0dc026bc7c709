import { forbiddenField, invalidValue, requiredValue } from "../../kube/field-errors.ts";
import { arrayOf, fieldsOf, isObject, objectOf, printed, textOf } from "../../kube/json.ts";
import { wrongLabelValue, wrongQualifiedName } from "../../kube/object/name-rules.ts";
import type { FieldError } from "../../kube/served-kind.ts";
import type { Json } from "../../lib/kube-object.ts";

const listOperators = ["In", "NotIn"];
const plainOperators = ["Exists", "DoesNotExist"];

/** What is wrong with a `metav1.LabelSelector`, in the words of Kubernetes' own validation. */
export function labelSelectorErrors(
  selector: Json | undefined,
  path: string,
): readonly FieldError[] {
  if (!isObject(selector)) return [];
  const labels = fieldsOf(objectOf(selector["matchLabels"]));
  return [
    ...labels.flatMap(([key, value]) => [
      ...keyErrors(key, `${path}.matchLabels`),
      ...valueErrors(printed(value), `${path}.matchLabels`),
    ]),
    ...arrayOf(selector["matchExpressions"]).flatMap((each, index) =>
      expressionErrors(each, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function expressionErrors(expression: Json, path: string): readonly FieldError[] {
  const { key, operator, values } = objectOf(expression);
  const given = arrayOf(values).map(printed);
  return [
    ...keyErrors(textOf(key) ?? "", `${path}.key`),
    ...operatorErrors(textOf(operator) ?? "", given, path),
    ...given.flatMap((value, index) => valueErrors(value, `${path}.values[${index}]`)),
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
  const wrong = wrongQualifiedName(key);
  return wrong === undefined ? [] : [invalidValue(path, key, wrong)];
}

function valueErrors(value: string, path: string): readonly FieldError[] {
  const wrong = wrongLabelValue(value);
  return wrong === undefined ? [] : [invalidValue(path, value, wrong)];
}
