import { invalidValue } from "../field-errors.ts";
import { canonicalQuantity } from "./canonical-quantity.ts";
import type { Rule } from "./rule.ts";

/** A quantity, by what a check finds wrong with its size in billionths, a sentence each. */
export function quantity(check: (nanos: bigint) => readonly string[]): Rule {
  return (value, path) => {
    const found = canonicalQuantity(value);
    if (found === undefined) return [];
    return check(found.nanos).map((because) => invalidValue(path, found.text, because));
  };
}

/** A size that is more than nothing: "8Gi". */
export function positiveQuantity(because: string): Rule {
  return quantity((nanos) => (nanos > 0n ? [] : [because]));
}
