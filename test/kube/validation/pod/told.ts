import { expect } from "vitest";
import type { Rule } from "../../../../shared/kube/validation/rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { fc } from "../../../chance.ts";
import { told as toldError } from "../errors-of.ts";
import { spoil } from "../spoil.ts";

/** What a rule says of a value: "spec.weight: Invalid value: 0: must be in the range 1-100". */
export function told(rule: Rule, value: Json | undefined, path = "spec"): readonly string[] {
  return rule(value, path).map(toldError);
}

/** A rule says what is wrong, or nothing, whatever it is given; it never throws. */
export function expectNeverThrows(rule: Rule, ...goods: readonly Json[]): void {
  for (const good of goods) {
    fc.assert(
      fc.property(spoil(good), (value) => {
        for (const error of rule(value, "spec")) {
          expect(error.message).toMatch(/^[A-Z]/);
          expect(error.field.startsWith("spec")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  }
}
