import type { JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, fieldsOf, objectOf, textOf } from "../json.ts";
import { matchesLabels, type Requirement } from "../selector/label-selector.ts";
import { type PolicyRule, textsOf } from "./policy-rule.ts";
import type { RbacRole } from "./rbac-policy.ts";

/**
 * ClusterRoles with an `aggregationRule` get the rules of all ClusterRoles that its selectors
 * select, also through other aggregated roles; what such a role says itself does not count. Roles
 * that select each other are no problem: both have what either selects.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function withAggregation(roles: readonly RbacRole[]): readonly RbacRole[] {
  const byName = roles.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return roles.map((role) =>
    role.aggregates === undefined ? role : { ...role, rules: aggregatedRules(role, byName) },
  );
}

function aggregatedRules(role: RbacRole, all: readonly RbacRole[]): readonly PolicyRule[] {
  const found = new Set<RbacRole>([role]);
  // A set yields what is added to it on the way, each once.
  for (const { aggregates = [] } of found) {
    const selectors = aggregates.map(requirementsOf);
    for (const other of all) {
      if (selectors.some((selector) => selects(selector, other))) found.add(other);
    }
  }
  const rules = all
    .filter((each) => found.has(each) && each.aggregates === undefined)
    .flatMap((each) => each.rules);
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

type Selector = readonly Requirement[] | undefined;

function selects(selector: Selector, { labels }: RbacRole): boolean {
  return selector !== undefined && matchesLabels(selector, labels);
}

/** Undefined for a selector that cannot be understood: it selects nothing. */
function requirementsOf(selector: JsonObject): Selector {
  const labels = fieldsOf(objectOf(selector["matchLabels"])).map(
    ([key, value]): Requirement => ({ key, operator: "in", values: [textOf(value) ?? ""] }),
  );
  const expressions = arrayOf(selector["matchExpressions"]).map(objectOf).map(requirementOf);
  if (expressions.includes(undefined)) return undefined;
  return [...labels, ...expressions.filter((each) => each !== undefined)];
}

const operators: Readonly<Record<string, Requirement["operator"]>> = {
  In: "in",
  NotIn: "not-in",
  Exists: "exists",
  DoesNotExist: "absent",
};

function requirementOf(expression: JsonObject): Requirement | undefined {
  const operator = operators[textOf(expression["operator"]) ?? ""];
  const key = textOf(expression["key"]);
  if (operator === undefined || key === undefined) return undefined;
  return { key, operator, values: textsOf(expression["values"]) };
}
