import { expect, test } from "vitest";
import type { RbacRole } from "../../../shared/kube/rbac/rbac-policy.ts";
import { withAggregation } from "../../../shared/kube/rbac/with-aggregation.ts";
import { clusterRole, rule } from "./rbac-builders.ts";

const labelled = (name: string, labels: Record<string, string>, resource: string): RbacRole => ({
  ...clusterRole(name, rule("get", resource)),
  labels,
});
const gathering = (
  name: string,
  labels: Record<string, string>,
  ...aggregates: object[]
): RbacRole => ({ ...labelled(name, labels, "own"), aggregates: aggregates as never });

const resourcesIn = (roles: readonly RbacRole[], name: string): readonly string[] => {
  const role = withAggregation(roles).find((each) => each.name === name);
  return (role?.rules ?? []).flatMap(({ resources = [] }) => resources);
};

const a = labelled("a", { view: "true", tier: "low" }, "pods");
const b = labelled("b", { view: "true" }, "services");
const c = labelled("c", { edit: "true" }, "secrets");
const view = gathering("view", { edit: "true" }, { matchLabels: { view: "true" } });
const edit = gathering("edit", {}, { matchLabels: { edit: "true" } });

test.each<[name: string, gathers: RbacRole, want: string[]]>([
  ["matching labels", view, ["pods", "services"]],
  ["also through another aggregated role", edit, ["pods", "services", "secrets"]],
  [
    "of each selector",
    gathering(
      "x",
      {},
      { matchLabels: { tier: "low" } },
      {
        matchLabels: { edit: "true" },
      },
    ),
    ["pods", "services", "secrets"],
  ],
  [
    "by expressions",
    gathering(
      "x",
      {},
      {
        matchLabels: { view: "true" },
        matchExpressions: [{ key: "tier", operator: "DoesNotExist" }],
      },
    ),
    ["services"],
  ],
  [
    "by values",
    gathering(
      "x",
      {},
      {
        matchExpressions: [{ key: "tier", operator: "In", values: ["low", "high"] }],
      },
    ),
    ["pods"],
  ],
  [
    "nothing by an operator that nobody knows",
    gathering(
      "x",
      {},
      {
        matchExpressions: [{ key: "tier", operator: "Near" }],
      },
    ),
    [],
  ],
  ["nothing without selectors", gathering("x", {}), []],
])("an aggregated role has the rules of roles with %s", (_name, gathers, want) => {
  const roles = [c, edit, view, b, a].filter(({ name }) => name !== gathers.name);
  expect(resourcesIn([gathers, ...roles], gathers.name)).toEqual(want);
});

test("roles that select each other have what either selects", () => {
  const one = gathering("one", { ring: "true" }, { matchLabels: { ring: "true" } });
  const two = gathering(
    "two",
    { ring: "true" },
    { matchLabels: { ring: "true" } },
    {
      matchLabels: { view: "true" },
    },
  );
  expect(resourcesIn([one, two, a, b], "one")).toEqual(["pods", "services"]);
  expect(resourcesIn([one, two, a, b], "two")).toEqual(["pods", "services"]);
});

test("equal rules of several roles count once", () => {
  const same = labelled("same", { view: "true" }, "pods");
  expect(resourcesIn([view, a, same], "view")).toEqual(["pods"]);
});
