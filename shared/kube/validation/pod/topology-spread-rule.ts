import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue, invalidValue } from "../../field-errors.ts";
import { isArray, isObject } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import { positive } from "../number-rules.ts";
import { all, fields, type Rule, required, whole } from "../rule.ts";
import { orEmpty, orZero, strictlyOneOf, textOrEmpty } from "../zero-values.ts";
import { matchLabelKeysRule } from "./match-label-keys-rule.ts";

const beforeRepeat: Rule = fields({
  maxSkew: orZero(positive),
  topologyKey: required(undefined, "can not be empty"),
  whenUnsatisfiable: orEmpty(strictlyOneOf("DoNotSchedule", "ScheduleAnyway")),
});

/** A least number of domains says when not to schedule, so it needs a constraint that can. */
const minDomainsRule: Rule = whole(({ minDomains, whenUnsatisfiable }, path) => {
  const action = textOrEmpty(whenUnsatisfiable);
  if (typeof minDomains !== "number" || action === undefined || action === "DoNotSchedule") {
    return [];
  }
  const because = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
  return [invalidValue(`${path}.minDomains`, minDomains, because)];
});

const afterRepeat: Rule = all(
  fields({ minDomains: positive }),
  minDomainsRule,
  fields({
    nodeAffinityPolicy: strictlyOneOf("Honor", "Ignore"),
    nodeTaintsPolicy: strictlyOneOf("Honor", "Ignore"),
  }),
  matchLabelKeysRule,
  fields({ labelSelector: labelSelectorErrors }),
);

/**
 * How evenly the pods of a workload spread: "spec.topologySpreadConstraints".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
export const topologySpreadConstraintsRule: Rule = (value, path) => {
  if (!isArray(value)) return [];
  const lasts = new Map(value.map((constraint, index) => [kindOf(constraint), index]));
  return errorsOfItems(value, (constraint, index): readonly FieldError[] => {
    const here = `${path}[${index}]`;
    const kind = kindOf(constraint);
    const isRepeated = kind !== undefined && lasts.get(kind) !== index;
    const where = `${here}.{topologyKey, whenUnsatisfiable}`;
    return [
      ...beforeRepeat(constraint, here),
      ...(isRepeated ? [duplicateValue(where, JSON.stringify(kind))] : []),
      ...afterRepeat(constraint, here),
    ];
  });
};

/** "{zone, DoNotSchedule}": two constraints of a kind contradict each other. */
function kindOf(constraint: Json): string | undefined {
  if (!isObject(constraint)) return undefined;
  const key = textOrEmpty(constraint["topologyKey"]);
  const action = textOrEmpty(constraint["whenUnsatisfiable"]);
  return key === undefined || action === undefined ? undefined : `{${key}, ${action}}`;
}
