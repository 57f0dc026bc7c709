import { eachOnce } from "../each-once.ts";
import { all, fields, itemsAtMost, type Rule, required } from "../rule.ts";
import { notBlank, qualifiedName } from "../text-rules.ts";

const conditionsMax = 64;

/**
 * What must hold of a request for admission to look at it: "matchConditions". The conditions are
 * expressions, which who runs the admission reads.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export const matchConditionsRule: Rule = all(
  itemsAtMost(conditionsMax),
  eachOnce("name", fields({ expression: notBlank(), name: required(qualifiedName) })),
);
