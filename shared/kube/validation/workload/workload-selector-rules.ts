import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, fieldsOf, isObject, objectOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import type { Rule } from "../rule.ts";

/** The selector of a workload: there, right, and selecting less than everything. */
export function workloadSelector(kind: string): Rule {
  return (value, path) =>
    value === undefined ? [requiredValue(path)] : selectorErrors(value, path, kind);
}

/** The same, for a kind of which an absent selector is told by its template's labels alone. */
export function givenSelector(kind: string): Rule {
  return (value, path) => (value === undefined ? [] : selectorErrors(value, path, kind));
}

function selectorErrors(value: Json, path: string, kind: string): readonly FieldError[] {
  if (!isObject(value)) return [];
  const errors = labelSelectorErrors(value, path);
  const { matchLabels, matchExpressions } = value;
  const isEmpty = fieldsOf(objectOf(matchLabels)).length + arrayOf(matchExpressions).length === 0;
  const because = `empty selector is invalid for ${kind}`;
  return isEmpty ? [...errors, invalidValue(path, value, because)] : errors;
}
