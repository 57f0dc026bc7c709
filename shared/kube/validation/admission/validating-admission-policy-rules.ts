import type { Json } from "../../../lib/kube-object.ts";
import { reservedWords } from "../../cel/reserved-words.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isString, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { matchConditionsRule } from "../cluster/match-conditions-rule.ts";
import { eachOnce } from "../each-once.ts";
import {
  all,
  each,
  fields,
  isMissing,
  type ObjectRule,
  type Rule,
  required,
  struct,
  text,
} from "../rule.ts";
import { notBlank } from "../text-rules.ts";
import { isSet, strictlyOneOf } from "../zero-values.ts";
import { matchResourcesRule } from "./match-resources-rule.ts";
import { paramKindRule } from "./param-kind-rule.ts";

const annotationsMax = 20;
const valueExpressionBytesMax = 5 * 1024;

const variableName: Rule = all(
  notBlank("name is not specified"),
  text((value) => {
    if (value.trim() === "") return [];
    const isIdentifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(value) && !reservedWords.has(value);
    return isIdentifier ? [] : ["name is not a valid CEL identifier"];
  }),
);

const expression = notBlank("expression is not specified");

/** All that a policy looks at, and what its expressions can use; they are read elsewhere. */
const described: Rule = struct({
  failurePolicy: strictlyOneOf("Fail", "Ignore"),
  paramKind: paramKindRule,
  matchConstraints: required(all(matchResourcesRule, fields({ resourceRules: required() }))),
  matchConditions: matchConditionsRule,
  variables: each(fields({ name: variableName, expression })),
});

const message = text((value) => {
  const trimmed = value.trim();
  if (trimmed === "") return ["message must be non-empty if specified"];
  return /[\n\r]/.test(trimmed) ? ["message must not contain line breaks"] : [];
});

const supportedReason = strictlyOneOf("Forbidden", "Invalid", "RequestEntityTooLarge");

/** "Unauthorized" is documented too, but not taken by each version. */
const reason: Rule = (value, path) =>
  value === "Unauthorized" ? [] : supportedReason(value, path);

const validations: Rule = each(
  fields({
    expression,
    messageExpression: text((value) =>
      value.trim() === "" ? ["must be non-empty if specified"] : [],
    ),
    message,
    reason,
  }),
);

const valueExpression: Rule = all(notBlank("valueExpression is not specified"), (value, path) => {
  if (!isString(value) || Buffer.byteLength(value.trim()) <= valueExpressionBytesMax) return [];
  return [requiredValue(path, `must not exceed ${valueExpressionBytesMax} bytes in length`)];
});

/** An audit has the annotation under the name of its policy: "guard.example.com/replicas". */
function annotationRule(policyName: string): Rule {
  const key: Rule = (value = "", path) => {
    if (!isString(value) || policyName === "") return [];
    const name = `${policyName}/${value}`;
    return qualifiedNameErrors(name).map((because) => invalidValue(path, name, because));
  };
  return fields({ key, valueExpression });
}

function annotationErrors(annotations: Json | undefined, name: string): readonly FieldError[] {
  const path = "spec.auditAnnotations";
  const isMany = arrayOf(annotations).length > annotationsMax;
  const because = `must not have more than ${annotationsMax} auditAnnotations`;
  return [
    ...(isMany ? [invalidValue(path, annotations ?? null, because)] : []),
    ...eachOnce("key", annotationRule(name))(annotations, path),
  ];
}

/** What a policy does with what it looks at: it validates, or annotates the audit. */
function actionErrors(spec: Json, policyName: string): readonly FieldError[] {
  const checks = at(spec, "validations");
  const annotations = at(spec, "auditAnnotations");
  if (isMissing(checks) && isMissing(annotations)) {
    const because = "validations or auditAnnotations must contain at least one item";
    return ["spec.validations", "spec.auditAnnotations"].map((path) =>
      requiredValue(path, because),
    );
  }
  return [...validations(checks, "spec.validations"), ...annotationErrors(annotations, policyName)];
}

/**
 * What a ValidatingAdmissionPolicy must be, but for its expressions: that they are there is all
 * that is asked of them.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export const validatingAdmissionPolicyRules: ObjectRule = (policy) => {
  const spec = isSet(policy["spec"]) ? policy["spec"] : {};
  return [...described(spec, "spec"), ...actionErrors(spec, textOf(policy.metadata["name"]) ?? "")];
};
