import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, fieldsOf, isObject, objectOf, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { duplicates } from "../duplicates.ts";
import { containerResourceErrors } from "../pod/resource-names.ts";
import { fields, type ObjectRule, objectRule, type Rule, whole } from "../rule.ts";
import { limitAmountErrors } from "./limit-amount-errors.ts";
import { resourceNameErrors } from "./quota-resource-names.ts";

const standardTypes = ["Pod", "Container", "PersistentVolumeClaim"];

function typeErrors(type: string): readonly string[] {
  const errors = qualifiedNameErrors(type);
  if (errors.length > 0 || type.includes("/") || standardTypes.includes(type)) return errors;
  return ["must be a standard limit type or fully qualified"];
}

/** Amounts by the names of resources that things of the type can have: "max[cpu]". */
function amounts(type: string): Rule {
  const nameErrors = ["Pod", "Container"].includes(type)
    ? containerResourceErrors
    : resourceNameErrors;
  return whole((list, path) =>
    errorsOfItems(fieldsOf(list), ([name]) =>
      nameErrors(name).map((because) => invalidValue(`${path}[${name}]`, name, because)),
    ),
  );
}

/** Pods have no defaults: their containers do. */
const noDefaults: Rule = (value, path) =>
  fieldsOf(objectOf(value)).length === 0
    ? []
    : [forbiddenField(path, "may not be specified when `type` is 'Pod'")];

/** Claims are limited in what they store. */
function storageErrors(item: JsonObject, path: string): readonly FieldError[] {
  const isLimited = ["min", "max"].some((name) => at(item, name, "storage") !== undefined);
  if (item["type"] !== "PersistentVolumeClaim" || isLimited) return [];
  const because = "either minimum or maximum storage value is required, but neither was provided";
  return [requiredValue(`${path}.limits`, because)];
}

const itemRule: Rule = whole((item, path) => {
  const type = textOf(item["type"]) ?? "";
  const list = amounts(type);
  const defaultsRule = type === "Pod" ? noDefaults : list;
  const lists = fields({
    max: list,
    min: list,
    default: defaultsRule,
    defaultRequest: defaultsRule,
  });
  return [
    ...lists(item, path),
    ...storageErrors(item, path),
    ...list(item["maxLimitRequestRatio"], `${path}.maxLimitRequestRatio`),
    ...limitAmountErrors(item, path),
  ];
});

/** Types are names, each of them once. */
function limitErrors(value: Json | undefined, path: string): readonly FieldError[] {
  const duplicateOf = duplicates();
  return errorsOfItems(arrayOf(value), (item, index) => {
    if (!isObject(item)) return [];
    const where = `${path}[${index}]`;
    const type = textOf(item["type"]) ?? "";
    return [
      ...typeErrors(type).map((because) => invalidValue(`${where}.type`, type, because)),
      ...duplicateOf(type, `${where}.type`),
      ...itemRule(item, where),
    ];
  });
}

/**
 * What a LimitRange must be.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/limit-range-v1/
 */
export const limitRangeRules: ObjectRule = objectRule(
  fields({ spec: fields({ limits: limitErrors }) }),
);
