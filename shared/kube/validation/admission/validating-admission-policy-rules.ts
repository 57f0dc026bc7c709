import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isString, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { eachOnce } from "../each-once.ts";
import { all, each, fields, first, isMissing, type ObjectRule, type Rule, text } from "../rule.ts";
import { notBlank } from "../text-rules.ts";
import { isSet, strictlyOneOf } from "../zero-values.ts";
import { type PolicyExpressions, policyExpressions } from "./policy-expressions.ts";
import { hasParams, policyScopeRule } from "./policy-scope-rule.ts";

const annotationsMax = 20;
const valueExpressionBytesMax = 5 * 1024;

const message = text((value) => {
  const content = value.trim();
  if (content === "") return ["message must be non-empty if specified"];
  return /[\n\r]/.test(content) ? ["message must not contain line breaks"] : [];
});

const supportedReason = strictlyOneOf("Forbidden", "Invalid", "RequestEntityTooLarge");

/** "Unauthorized" is documented too, but not taken by each version. */
const reason: Rule = (value, path) =>
  value === "Unauthorized" ? [] : supportedReason(value, path);

const notBlankIfThere = text((value) =>
  value.trim() === "" ? ["must be non-empty if specified"] : [],
);

function validationsRule(expressions: PolicyExpressions): Rule {
  return each(
    fields({
      expression: all(notBlank("expression is not specified"), expressions.making("bool")),
      messageExpression: all(notBlankIfThere, expressions.message),
      message,
      reason,
    }),
  );
}

const valueExpressionSize: Rule = (value, path) => {
  if (!isString(value) || Buffer.byteLength(value.trim()) <= valueExpressionBytesMax) return [];
  return [requiredValue(path, `must not exceed ${valueExpressionBytesMax} bytes in length`)];
};

/** An audit has the annotation under the name of its policy: "guard.example.com/replicas". */
function annotationRule(policyName: string, expressions: PolicyExpressions): Rule {
  const key: Rule = (value = "", path) => {
    if (!isString(value) || policyName === "") return [];
    const name = `${policyName}/${value}`;
    return qualifiedNameErrors(name).map((because) => invalidValue(path, name, because));
  };
  const valueExpression = first(
    notBlank("valueExpression is not specified"),
    valueExpressionSize,
    expressions.annotation,
  );
  return fields({ key, valueExpression });
}

function annotationErrors(annotations: Json | undefined, rule: Rule): readonly FieldError[] {
  const path = "spec.auditAnnotations";
  const isMany = arrayOf(annotations).length > annotationsMax;
  const because = `must not have more than ${annotationsMax} auditAnnotations`;
  return [
    ...(isMany ? [invalidValue(path, annotations ?? null, because)] : []),
    ...eachOnce("key", rule)(annotations, path),
  ];
}

/** What a policy does with what it looks at: it validates, or annotates the audit. */
function actionErrors(
  spec: Json,
  policyName: string,
  expressions: PolicyExpressions,
): readonly FieldError[] {
  const checks = at(spec, "validations");
  const annotations = at(spec, "auditAnnotations");
  if (isMissing(checks) && isMissing(annotations)) {
    const because = "validations or auditAnnotations must contain at least one item";
    return ["spec.validations", "spec.auditAnnotations"].map((path) =>
      requiredValue(path, because),
    );
  }
  return [
    ...validationsRule(expressions)(checks, "spec.validations"),
    ...annotationErrors(annotations, annotationRule(policyName, expressions)),
  ];
}

/**
 * What a ValidatingAdmissionPolicy must be. Its expressions must compile, for objects of any type.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export const validatingAdmissionPolicyRules: ObjectRule = (policy) => {
  const spec = isSet(policy["spec"]) ? policy["spec"] : {};
  const expressions = policyExpressions({
    hasParams: hasParams(spec),
    hasVariables: !isMissing(at(spec, "variables")),
  });
  return [
    ...policyScopeRule(expressions)(spec, "spec"),
    ...actionErrors(spec, textOf(policy.metadata["name"]) ?? "", expressions),
  ];
};
