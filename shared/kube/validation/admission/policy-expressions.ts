import { admissionEnvironment, type Declared } from "../../cel/admission/admission-environment.ts";
import { checkExpression, type Scope } from "../../cel/admission/check-expression.ts";
import { variableType } from "../../cel/admission/variable-type.ts";
import { reservedWords } from "../../cel/reserved-words.ts";
import { invalidValue } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import { all, each, fields, type Rule, text, whole } from "../rule.ts";
import { notBlank } from "../text-rules.ts";
import { expressionRule } from "./expression-rule.ts";

/** The rules of one policy's expressions, which know the variables that they met before. */
export interface PolicyExpressions {
  /** "spec.variables" */
  readonly variables: Rule;
  /** An expression by what it makes: "bool". */
  readonly making: (...results: readonly string[]) => Rule;
  /** A message: it has no authorizer. */
  readonly message: Rule;
  /** What an audit has of the policy: text, or nothing. */
  readonly annotation: Rule;
}

/** New for each policy that is looked at. */
export function policyExpressions(declared: Omit<Declared, "hasAuthorizer">): PolicyExpressions {
  const variables = new Map<string, string>();
  const scope = (): Scope => ({
    environment: admissionEnvironment({ ...declared, hasAuthorizer: true }),
    variables,
  });
  const messageScope = (): Scope => ({
    environment: admissionEnvironment({ ...declared, hasAuthorizer: false }),
    variables,
  });
  const compiled: Rule = whole(({ name, expression }, path) => {
    if (!isString(expression) || expression.trim() === "") return [];
    const checked = checkExpression(expression, scope());
    if (isString(name)) variables.set(name, variableType(checked));
    if (checked.kind !== "refused") return [];
    return [invalidValue(`${path}.expression`, expression, checked.because)];
  });
  return {
    variables: each(all(fields({ name: variableName, expression: variableText }), compiled)),
    making: (...results) => expressionRule(scope, results),
    message: expressionRule(messageScope, ["string"]),
    annotation: expressionRule(scope, ["string", "null"], (text) => text.trim()),
  };
}

const variableText = notBlank("expression is not specified");

const variableName: Rule = all(
  notBlank("name is not specified"),
  text((value) => {
    if (value.trim() === "") return [];
    const isIdentifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(value) && !reservedWords.has(value);
    return isIdentifier ? [] : ["name is not a valid CEL identifier"];
  }),
);
