import type { FieldError } from "../served-kind.ts";
import type { ObjectRule } from "./rule.ts";

/**
 * The rule, but for what is wrong with the stored object already: what was kept before a rule was
 * made is in nobody's way, so its labels, its status and its finalizers can still change. It
 * is what Kubernetes calls validation ratcheting.
 */
export function forgivingStored(rule: ObjectRule): ObjectRule {
  return (object, before) => {
    const errors = rule(object, before);
    if (errors.length === 0 || before === undefined) return errors;
    const stored = new Set(rule(before).map(told));
    return errors.filter((error) => !stored.has(told(error)));
  };
}

const told = ({ field, message }: FieldError): string => `${field}: ${message}`;
