import { admissionEnvironment } from "../../cel/admission/admission-environment.ts";
import { expressionRule, trimmed } from "../admission/expression-rule.ts";
import { eachOnce } from "../each-once.ts";
import { all, fields, itemsAtMost, type Rule, required } from "../rule.ts";
import { notBlank, qualifiedName } from "../text-rules.ts";

const conditionsMax = 64;

/**
 * What must hold of a request for admission to look at it: "matchConditions". The conditions know
 * no variables of a policy, and its parameters only where it has a kind of these.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export function matchConditionsRule({ hasParams }: { readonly hasParams: boolean }): Rule {
  const declared = { hasParams, hasAuthorizer: true, hasVariables: false };
  const holds = expressionRule(
    () => ({ environment: admissionEnvironment(declared), variables: new Map() }),
    ["bool"],
  );
  const expression = all(notBlank(), trimmed(holds));
  return all(
    itemsAtMost(conditionsMax),
    eachOnce("name", fields({ expression, name: required(qualifiedName) })),
  );
}
