import { expect, test } from "vitest";
import { rbacAccess } from "../../../shared/kube/rbac/rbac-access.ts";
import { rbacPolicy } from "../../../shared/kube/rbac/rbac-policy.ts";
import { asks, binding, clusterRole, localRole, rule } from "./rbac-builders.ts";

const policy = rbacPolicy(
  [
    clusterRole("see-pods", rule("get,list", "pods")),
    clusterRole("see-namespaces", rule("get", "namespaces")),
    localRole("shop/edit-maps", rule("update", "configmaps")),
    localRole("bank/edit-maps", rule("delete", "configmaps")),
  ],
  [
    binding("everywhere", "ClusterRole/see-pods", "User/ann", "Group/ops"),
    binding("accounts", "ClusterRole/see-pods", "ServiceAccount/robot/shop"),
    binding("homeless", "ClusterRole/see-pods", "ServiceAccount/lost"),
    binding("shop/see", "ClusterRole/see-pods", "User/bob", "ServiceAccount/local"),
    binding("shop/look", "ClusterRole/see-namespaces", "User/bob"),
    binding("shop/edit", "Role/edit-maps", "Group/devs"),
    binding("bank/edit", "Role/edit-maps", "Group/devs"),
    binding("shop/odd", "ClusterRole/see-pods", "Robot/ann", "User/", "Group/"),
    binding("shop/broken", "Role/gone", "User/cat"),
    binding("broken", "Role/edit-maps", "User/cat"),
  ],
);

test.each<[who: string, asked: string, allowed: boolean]>([
  ["ann", "get pods", true],
  ["ann", "get pods in shop", true],
  ["ann", "delete pods in shop", false],
  ["dan of ops", "list pods in bank", true],
  ["dan", "list pods in bank", false],
  ["ops", "list pods in bank", false],
  ["bob", "get pods in shop", true],
  ["bob", "get pods in bank", false],
  ["bob", "get pods", false],
  ["bob", "get namespaces in shop named shop", true],
  ["bob", "get namespaces in bank named bank", false],
  ["eve of devs", "update configmaps in shop", true],
  ["eve of devs", "update configmaps in bank", false],
  ["eve of devs", "delete configmaps in bank", true],
  ["eve of devs", "update configmaps", false],
  ["system:serviceaccount:shop:robot", "get pods in bank", true],
  ["system:serviceaccount:bank:robot", "get pods in bank", false],
  ["system:serviceaccount:shop:local", "get pods in shop", true],
  ["system:serviceaccount:bank:local", "get pods in shop", false],
  ["system:serviceaccount:shop:lost", "get pods in shop", false],
  ["Ann", "get pods", false],
  ["", "get pods in shop", false],
])('"%s" that asks to %s is allowed: %s', (who, asked, allowed) => {
  const [name = "", group] = who.split(" of ");
  const user = { names: [name], groups: group === undefined ? [""] : [group] };
  expect(rbacAccess(policy, user, asks(asked)).allowed).toBe(allowed);
});

test("an allowed request is told by which binding", () => {
  const user = { names: ["eve"], groups: ["devs"] };
  expect(rbacAccess(policy, user, asks("update configmaps in shop"))).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "edit/shop" of Role "edit-maps" to Group "devs"',
  });
});

test("a user is known by each of its names", () => {
  const user = { names: ["ann@contoso.com", "ann"], groups: [] };
  expect(rbacAccess(policy, user, asks("get pods")).allowed).toBe(true);
});

test("a refusal has a reason only when a binding is broken", () => {
  const reason = (name: string) =>
    rbacAccess(policy, { names: [name], groups: [] }, asks("get secrets in shop"));
  expect(reason("ann")).toEqual({ allowed: false, reason: "" });
  expect(reason("cat")).toEqual({
    allowed: false,
    reason:
      'RBAC: [roles.rbac.authorization.k8s.io "edit-maps" not found, ' +
      'roles.rbac.authorization.k8s.io "gone" not found]',
  });
});
