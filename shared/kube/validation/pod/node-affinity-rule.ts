import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf } from "../../json.ts";
import { labelValueErrors, nameErrors, qualifiedNameErrors } from "../../object/name-rules.ts";
import { all, each, fields, number, type Rule, required, struct, whole } from "../rule.ts";
import { anyText, orEmpty, orZero, textOrEmpty } from "../zero-values.ts";

/** How much a preference counts. */
export const weightRule: Rule = orZero(
  number((value) => (value >= 1 && value <= 100 ? [] : ["must be in the range 1-100"])),
);

/** How many values an operator of a node's label takes. */
const operatorRule: Rule = whole(({ operator, values }, path) => {
  const count = arrayOf(values).length;
  switch (textOrEmpty(operator)) {
    case undefined:
      return [];
    case "In":
    case "NotIn": {
      const because = "must be specified when `operator` is 'In' or 'NotIn'";
      return count > 0 ? [] : [requiredValue(`${path}.values`, because)];
    }
    case "Exists":
    case "DoesNotExist": {
      const because = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return count === 0 ? [] : [forbiddenField(`${path}.values`, because)];
    }
    case "Gt":
    case "Lt": {
      const because = "must be specified single value when `operator` is 'Lt' or 'Gt'";
      return count === 1 ? [] : [requiredValue(`${path}.values`, because)];
    }
    default:
      return [invalidValue(`${path}.operator`, operator ?? "", "not a valid selector operator")];
  }
});

const expressionRule: Rule = all(
  operatorRule,
  fields({ key: orEmpty(anyText(qualifiedNameErrors)) }),
);

/** Values of a preference are not looked at: one that no label can have only never matches. */
const strictExpressionRule: Rule = all(
  expressionRule,
  fields({ values: each(anyText(labelValueErrors)) }),
);

const fieldOperatorRule: Rule = whole(({ operator, values }, path) => {
  const asked = textOrEmpty(operator);
  if (asked === undefined) return [];
  if (asked !== "In" && asked !== "NotIn") {
    return [invalidValue(`${path}.operator`, asked, "not a valid selector operator")];
  }
  const because =
    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  return arrayOf(values).length === 1 ? [] : [requiredValue(`${path}.values`, because)];
});

const nodeNames: Rule = each(anyText((value) => nameErrors("dns-subdomain", value)));

/** A node can be chosen by its name, and by no other field. */
const fieldKeyRule: Rule = whole(({ key, values }, path) => {
  const asked = textOrEmpty(key);
  if (asked === undefined) return [];
  return asked === "metadata.name"
    ? nodeNames(values, `${path}.values`)
    : [invalidValue(`${path}.key`, asked, "not a valid field selector key")];
});

const matchFieldsRule: Rule = each(all(fieldOperatorRule, fieldKeyRule));

/** A `core/v1 NodeSelector`: which nodes a pod, or a volume, can be on. */
export const nodeTermsRule: Rule = fields({
  nodeSelectorTerms: required(
    each(fields({ matchExpressions: each(strictExpressionRule), matchFields: matchFieldsRule })),
    "must have at least one node selector term",
  ),
});

/**
 * Which nodes a pod must or should be on: "spec.affinity.nodeAffinity".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity
 */
export const nodeAffinityRule: Rule = fields({
  requiredDuringSchedulingIgnoredDuringExecution: nodeTermsRule,
  preferredDuringSchedulingIgnoredDuringExecution: each(
    fields({
      weight: weightRule,
      preference: struct({
        matchExpressions: each(expressionRule),
        matchFields: matchFieldsRule,
      }),
    }),
  ),
});
