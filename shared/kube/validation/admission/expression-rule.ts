import { checkExpression, type Scope } from "../../cel/admission/check-expression.ts";
import { resultError } from "../../cel/admission/result-error.ts";
import { invalidValue } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import type { Rule } from "../rule.ts";

/**
 * An expression that compiles, to a result of one of the types: "bool", "string". Blank
 * text is left to `notBlank`. It is told as it was written, also where it is read otherwise.
 */
export function expressionRule(
  scope: () => Scope,
  results: readonly string[],
  read: (text: string) => string = (text) => text,
): Rule {
  return (value, path) => {
    if (!isString(value) || value.trim() === "") return [];
    const checked = checkExpression(read(value), scope());
    const because = checked.kind === "refused" ? checked.because : resultError(checked, results);
    return because === undefined ? [] : [invalidValue(path, value, because)];
  };
}

/** The text without the space around it, by a rule that tells it so. */
export function trimmed(rule: Rule): Rule {
  return (value, path) => rule(isString(value) ? value.trim() : value, path);
}
