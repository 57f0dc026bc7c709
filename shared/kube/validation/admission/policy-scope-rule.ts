import type { Json } from "../../../lib/kube-object.ts";
import { at } from "../../json.ts";
import { matchConditionsRule } from "../cluster/match-conditions-rule.ts";
import { all, fields, type Rule, required, struct } from "../rule.ts";
import { isSet, strictlyOneOf } from "../zero-values.ts";
import { matchResourcesRule } from "./match-resources-rule.ts";
import { paramKindRule } from "./param-kind-rule.ts";
import type { PolicyExpressions } from "./policy-expressions.ts";

const matchConditions = matchConditionsRule({ hasParams: false });
const matchConditionsOfParams = matchConditionsRule({ hasParams: true });

/** Whether an admission policy has parameters, by its "spec". */
export function hasParams(spec: Json | undefined): boolean {
  return isSet(at(spec, "paramKind"));
}

/** What a policy looks at: the part of its "spec" that all policies have, whatever they do. */
export function policyScopeRule({ variables }: PolicyExpressions): Rule {
  return (spec, path) => {
    const conditions = hasParams(spec) ? matchConditionsOfParams : matchConditions;
    return [
      ...looksAt(spec, path),
      ...struct({ matchConditions: conditions, variables })(spec, path),
    ];
  };
}

const looksAt: Rule = struct({
  failurePolicy: strictlyOneOf("Fail", "Ignore"),
  paramKind: paramKindRule,
  matchConstraints: required(all(matchResourcesRule, fields({ resourceRules: required() }))),
});
