import { webhookOperationsRule } from "../cluster/webhook-operations-rule.ts";
import { eachTextOnce } from "../each-once.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import { all, each, fields, type Rule } from "../rule.ts";
import { pathSegment } from "../text-rules.ts";
import { strictlyOneOf } from "../zero-values.ts";

const resourceRules: Rule = each(
  all(fields({ resourceNames: eachTextOnce(pathSegment) }), webhookOperationsRule),
);

/**
 * Which requests an admission policy looks at: "spec.matchConstraints" of the policy, and what its
 * binding leaves of them.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export const matchResourcesRule: Rule = fields({
  matchPolicy: strictlyOneOf("Equivalent", "Exact"),
  namespaceSelector: labelSelectorErrors,
  objectSelector: labelSelectorErrors,
  resourceRules,
  excludeResourceRules: resourceRules,
});
