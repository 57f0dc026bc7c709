import { expect, test } from "vitest";
import { rbacBudget } from "../../../shared/kube/rbac/rbac-budget.ts";

const inShop = { kind: "roles", namespace: "shop" };

test("what is too large leaves room for what fits, in its namespace and in the fleet", () => {
  const budget = rbacBudget();
  expect([59_999, 10, 1, 1].map((entries) => budget.takes(inShop, entries))) //
    .toEqual([true, false, true, false]);
  expect(budget.takes({ ...inShop, kind: "rolebindings" }, 60_000)).toBe(true);
  expect(budget.takes({ ...inShop, namespace: "bank" }, 60_000)).toBe(true);
  expect(budget.leftOut()).toContain('in the namespace "shop"');
});

test("a fleet has its limit too, and nothing is left out where nothing was", () => {
  const budget = rbacBudget();
  expect(budget.leftOut()).toBeUndefined();
  const all = Array.from({ length: 10 }, (_, index) =>
    budget.takes({ kind: "roles", namespace: `ns-${index}` }, 60_000),
  );
  expect(all.filter(Boolean)).toHaveLength(8);
  expect(budget.isSpent()).toBe(false);
  expect(budget.leftOut()).toContain("of a fleet");
});
