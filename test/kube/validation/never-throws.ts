import { expect } from "vitest";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import type { ObjectRule } from "../../../shared/kube/validation/rule.ts";
import { fc } from "../../chance.ts";
import { type Path, spoil } from "./spoil.ts";

/**
 * A rule says what is wrong, or nothing, whatever stands in one place of an object: on create, as
 * an update of the object and as the object that is updated.
 */
export function expectNeverThrows(rule: ObjectRule, ...goods: readonly KubeObject[]): void {
  for (const good of goods) {
    const spoiled = spoil(good, (path) => !makesAnObject(path)) as fc.Arbitrary<KubeObject>;
    fc.assert(
      fc.property(spoiled, (object) => {
        const errors = [...rule(object), ...rule(object, good), ...rule(good, object)];
        for (const { field, message } of errors)
          expect(`${field}: ${message}`).toMatch(/^.+: [A-Z]/);
      }),
      { numRuns: 400 },
    );
  }
}

/** What makes it an object at all. */
function makesAnObject([top, ...rest]: Path): boolean {
  return top === undefined || ["apiVersion", "kind"].includes(`${top}`)
    ? true
    : top === "metadata" && rest.length === 0;
}
