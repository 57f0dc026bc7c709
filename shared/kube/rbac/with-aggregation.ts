import { matchesLabels, type Requirement } from "../selector/label-selector.ts";
import { requirementsOf } from "../selector/label-selector-object.ts";
import type { PolicyRule } from "./policy-rule.ts";
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
