/** To Go, an absent text is "", an absent number 0: rules for fields that have no other default. */
import type { Json } from "../../lib/kube-object.ts";
import { invalidValue, unsupportedValue } from "../field-errors.ts";
import { at, isString } from "../json.ts";
import type { Rule } from "./rule.ts";

/** Whether a field that Go keeps by pointer is set; `null` says that it is not. */
export function isSet(value: Json | undefined): value is Json {
  return value !== undefined && value !== null;
}

/** Whether an object has the field, set. */
export function isThere(value: Json | undefined, field: string): boolean {
  return isSet(at(value, field));
}

/** The text of a field, "" for an absent one; undefined for a value of another type. */
export function textOrEmpty(value: Json | undefined): string | undefined {
  const found = value ?? "";
  return isString(found) ? found : undefined;
}

/** The rule for a number that is 0 when it is absent. */
export function orZero(rule: Rule): Rule {
  return (value, path) => rule(value ?? 0, path);
}

/** The rule for a text that is empty when it is absent. */
export function orEmpty(rule: Rule): Rule {
  return (value, path) => rule(value ?? "", path);
}

/** Text, also an empty one, by what a check finds wrong with it, a sentence each. */
export function anyText(check: (value: string) => readonly string[]): Rule {
  return (value, path) =>
    isString(value) ? check(value).map((because) => invalidValue(path, value, because)) : [];
}

/** One of the texts, where empty text is no default. */
export function strictlyOneOf(...supported: readonly string[]): Rule {
  return (value, path) =>
    isString(value) && !supported.includes(value) ? [unsupportedValue(path, value, supported)] : [];
}
