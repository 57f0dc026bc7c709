import { errorsOfItems } from "../errors-of-items.ts";
import { arrayOf, at, isString, textOf } from "../json.ts";
import { duplicates } from "./duplicates.ts";
import { nothing, type Rule } from "./rule.ts";

/**
 * Each item of a list by the rule, and then what the key names in it, which is there once:
 * "webhooks[1].name" is a duplicate.
 */
export function eachOnce(key: string, rule: Rule): Rule {
  return (value, path) => {
    const duplicateOf = duplicates();
    return errorsOfItems(arrayOf(value), (item, index) => {
      const where = `${path}[${index}]`;
      const found = textOf(at(item, key)) ?? "";
      return [...rule(item, where), ...(found === "" ? [] : duplicateOf(found, `${where}.${key}`))];
    });
  };
}

/** Each text of a list by the rule, and once: "usages[1]" is a duplicate. */
export function eachTextOnce(rule: Rule = nothing): Rule {
  return (value, path) => {
    const duplicateOf = duplicates();
    return errorsOfItems(arrayOf(value), (item, index) => {
      const where = `${path}[${index}]`;
      return isString(item) ? [...rule(item, where), ...duplicateOf(item, where)] : [];
    });
  };
}
