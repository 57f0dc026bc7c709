import { expect, test } from "vitest";
import type { AccessAttributes } from "../../../shared/kube/kube-api.ts";
import { type PolicyRule, ruleAllows } from "../../../shared/kube/rbac/policy-rule.ts";
import { rbacAccess } from "../../../shared/kube/rbac/rbac-access.ts";
import { rbacPolicy } from "../../../shared/kube/rbac/rbac-policy.ts";
import { uncoveredRules } from "../../../shared/kube/rbac/uncovered-rules.ts";
import { fc } from "../../chance.ts";
import { binding, clusterRole } from "./rbac-builders.ts";

const some = <T>(...values: T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
const filled = <T>(...values: T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

const resourceRules = fc.record({
  verbs: filled("get", "list", "update", "*"),
  apiGroups: filled("", "apps", "*"),
  resources: filled("pods", "pods/log", "deployments", "deployments/scale", "*/scale", "*"),
  resourceNames: some("a", "b"),
});
const pathRules = fc.record({
  verbs: filled("get", "post", "*"),
  nonResourceURLs: filled("/api", "/api/*", "/healthz", "*"),
});
const rules: fc.Arbitrary<PolicyRule> = fc.oneof(resourceRules, pathRules);

const asked: fc.Arbitrary<AccessAttributes> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("resource" as const),
      verb: fc.constantFrom("get", "list", "update", "watch"),
      group: fc.constantFrom("", "apps", "batch"),
      resource: fc.constantFrom("pods", "deployments", "secrets"),
      subresource: fc.constantFrom("log", "scale"),
      namespace: fc.constantFrom("shop", "bank"),
      name: fc.constantFrom("a", "b", "c"),
    },
    { requiredKeys: ["kind", "verb", "group", "resource"] },
  ),
  fc.record({
    kind: fc.constant("path" as const),
    verb: fc.constantFrom("get", "post"),
    path: fc.constantFrom("/api", "/api/v1", "/healthz", "/metrics"),
  }),
);

const user = { names: ["ann"], groups: ["devs"] };
const isAllowed = (given: readonly PolicyRule[], attributes: AccessAttributes): boolean => {
  const policy = rbacPolicy(
    [clusterRole("r", ...given)],
    [binding("b", "ClusterRole/r", "User/ann")],
  );
  return rbacAccess(policy, user, attributes).allowed;
};

test("the order of rules decides nothing, and one more never takes away", () => {
  fc.assert(
    fc.property(fc.array(rules, { maxLength: 5 }), rules, asked, (given, more, attributes) => {
      const before = isAllowed(given, attributes);
      expect(isAllowed(given.toReversed(), attributes)).toBe(before);
      if (before) expect(isAllowed([more, ...given], attributes)).toBe(true);
      expect(before).toBe(given.some((rule) => ruleAllows(rule, attributes)));
    }),
    { numRuns: 500 },
  );
});

test("one more verb, group, resource or path never takes away, one name less neither", () => {
  fc.assert(
    fc.property(rules, rules, asked, (rule, other, attributes) => {
      const both = (name: keyof PolicyRule) => [
        ...((rule[name] as string[] | undefined) ?? []),
        ...((other[name] as string[] | undefined) ?? []),
      ];
      const wider: PolicyRule = {
        verbs: both("verbs") as string[],
        apiGroups: both("apiGroups") as string[],
        resources: both("resources") as string[],
        nonResourceURLs: both("nonResourceURLs") as string[],
      };
      if (ruleAllows(rule, attributes)) expect(ruleAllows(wider, attributes)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("who covers rules may do all that they allow", () => {
  fc.assert(
    fc.property(
      fc.array(rules, { maxLength: 4 }),
      fc.array(rules, { maxLength: 3 }),
      fc.array(asked, { minLength: 5, maxLength: 20 }),
      (held, wanted, requests) => {
        const isCovered = uncoveredRules(held, wanted).length === 0;
        for (const request of requests) {
          if (isCovered && isAllowed(wanted, request)) expect(isAllowed(held, request)).toBe(true);
        }
        expect(uncoveredRules(wanted, wanted)).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
