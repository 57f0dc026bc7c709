import { requiredValue } from "../../field-errors.ts";
import { nonNegative } from "../number-rules.ts";
import { immutable, type ObjectRule, objectRule, struct } from "../rule.ts";

/**
 * What a ControllerRevision must be: a state that is kept, and never changes.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#revision-history
 */
export const controllerRevisionRules: ObjectRule = objectRule(
  struct({
    data: (value, path) => (value === undefined ? [requiredValue(path, "data is mandatory")] : []),
    revision: nonNegative,
  }),
  immutable("data"),
);
