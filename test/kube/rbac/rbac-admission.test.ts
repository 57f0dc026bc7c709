import { expect, test } from "vitest";
import { admissionOf } from "../../../shared/kube/admission.ts";
import { grantsOf, rbacAccess, rulesBehind } from "../../../shared/kube/rbac/rbac-access.ts";
import { rbacAdmission } from "../../../shared/kube/rbac/rbac-admission.ts";
import { rbacPolicy } from "../../../shared/kube/rbac/rbac-policy.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { applyType, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { binding, clusterRole, localRole, rule } from "./rbac-builders.ts";

const rbac = "rbac.authorization.k8s.io";
const group = `/apis/${rbac}/v1`;
const roles = `${group}/namespaces/shop/roles`;
const clusterRoles = `${group}/clusterroles`;
const bindings = `${group}/namespaces/shop/rolebindings`;
const clusterBindings = `${group}/clusterrolebindings`;

const policy = rbacPolicy(
  [
    clusterRole("see", rule("get,list", "pods")),
    clusterRole("see-secrets", rule("get", "secrets")),
    localRole("shop/local", rule("update", "configmaps")),
    clusterRole("bind-secrets", rule("bind", "clusterroles", rbac, "see-secrets")),
    clusterRole("escalate", rule("escalate", "roles", rbac)),
    clusterRole("root", rule("*", "*", "*"), { verbs: ["*"], nonResourceURLs: ["*"] }),
  ],
  [
    binding("see", "ClusterRole/see", "User/ann"),
    binding("shop/local", "Role/local", "User/ann"),
    binding("shop/bind", "ClusterRole/bind-secrets", "User/binder"),
    binding("shop/escalate", "ClusterRole/escalate", "User/climber"),
    binding("root", "ClusterRole/root", "User/root"),
  ],
);

/** An API that lets everybody write, so that only admission can refuse. */
async function asUser(name: string) {
  const user = { names: [name], groups: [] };
  return await kubeFixture({
    admit: rbacAdmission({
      caller: { name, groups: ["g1", "g2"] },
      authorize: async (attributes) => rbacAccess(policy, user, attributes),
      held: async (at) => grantsOf(policy, user, at).rules.map((each) => each.rule),
      behind: async (roleRef, at) => rulesBehind(policy, roleRef, at),
    }),
  });
}

const role = (...rules: Json[]) => ({ metadata: { name: "r" }, rules });
const see = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
const seeSecrets = { verbs: ["get", "list"], apiGroups: [""], resources: ["secrets"] };
const editMaps = { verbs: ["update"], apiGroups: [""], resources: ["configmaps"] };
const boundTo = (kind: string, name: string) => ({
  metadata: { name: "b" },
  roleRef: { apiGroup: rbac, kind, name },
  subjects: [{ kind: "User", name: "eve" }],
});

test.each<[who: string, path: string, body: Json, status: number]>([
  ["ann", roles, role(see), 201],
  ["ann", roles, role(editMaps), 201],
  ["ann", roles, role(see, seeSecrets), 403],
  ["ann", clusterRoles, role(see), 201],
  ["ann", clusterRoles, role(editMaps), 403],
  ["ann", clusterRoles, role({ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }), 403],
  ["climber", roles, role(seeSecrets), 201],
  ["climber", clusterRoles, role(seeSecrets), 403],
  ["ann", bindings, boundTo("ClusterRole", "see"), 201],
  ["ann", clusterBindings, boundTo("ClusterRole", "see"), 201],
  ["ann", bindings, boundTo("Role", "local"), 201],
  ["ann", bindings, boundTo("ClusterRole", "see-secrets"), 403],
  ["ann", bindings, boundTo("ClusterRole", "gone"), 404],
  ["binder", bindings, boundTo("ClusterRole", "see-secrets"), 201],
  ["binder", clusterBindings, boundTo("ClusterRole", "see-secrets"), 403],
  ["binder", bindings, boundTo("ClusterRole", "see"), 403],
  ["root", clusterRoles, role(seeSecrets), 201],
  ["root", clusterBindings, boundTo("ClusterRole", "gone"), 201],
])("what %s writes to %s is measured by its rules: %j → %i", async (who, path, body, code) => {
  const { ask, api } = await asUser(who);
  const before = (await api.store.head(api.fleet)).revision;
  expect((await ask("POST", path, body)).status).toBe(code);
  expect((await ask("POST", `${path}?dryRun=All`, body)).status).toBe(code === 201 ? 409 : code);
  const after = (await api.store.head(api.fleet)).revision;
  expect(after > before).toBe(code === 201);
});

test("a refusal tells what is missing as Kubernetes does", async () => {
  const { ask } = await asUser("ann");
  const { body } = await ask("POST", roles, role(see, seeSecrets));
  expect(body).toMatchObject({
    reason: "Forbidden",
    details: { name: "r", group: rbac, kind: "roles" },
    message:
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "ann" (groups=["g1" "g2"]) is ' +
      "attempting to grant RBAC permissions not currently held:\n" +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
  });
});

test("a binding to a role that is not there says so", async () => {
  const { ask } = await asUser("ann");
  const { body } = await ask("POST", bindings, boundTo("ClusterRole", "gone"));
  expect(body["message"]).toBe('clusterroles.rbac.authorization.k8s.io "gone" not found');
});

test("patches and applies are measured too, collecting garbage is not", async () => {
  const { ask } = await asUser("ann");
  await ask("POST", roles, role(see));
  const merge = { type: mergePatchType };
  const more = await ask("PATCH", `${roles}/r`, { rules: [seeSecrets] }, merge);
  expect(more.status).toBe(403);
  const manifest = { apiVersion: `${rbac}/v1`, kind: "Role", metadata: { name: "n" } };
  const path = `${roles}/n?fieldManager=t`;
  const applied = await ask(
    "PATCH",
    path,
    { ...manifest, rules: [seeSecrets] },
    { type: applyType },
  );
  expect(applied.status).toBe(403);
  const held = await ask("PATCH", `${roles}/r`, { metadata: { finalizers: ["x.com/y"] } }, merge);
  expect(held.status).toBe(200);
});

test("only who may do everything gathers rules by labels", async () => {
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] };
  const sum = { metadata: { name: "sum" }, aggregationRule };
  const { ask } = await asUser("ann");
  const refused = await ask("POST", clusterRoles, sum);
  expect(refused.body["message"]).toContain(
    "must have cluster-admin privileges to use the aggregationRule",
  );
  expect((await (await asUser("root")).ask("POST", clusterRoles, sum)).status).toBe(201);
});

test("admission sees each write once it is complete, and the first refusal counts", async () => {
  const seen: string[] = [];
  const { ask } = await kubeFixture({
    admit: admissionOf(
      ({ operation, kind, name, namespace, subresource, dryRun }, object, before) => {
        const sides = `${before === undefined ? "-" : "b"}${object === undefined ? "-" : "o"}`;
        const where = [namespace, kind.plural, name, subresource].filter(Boolean).join("/");
        seen.push(`${operation} ${where} ${sides}${dryRun ? " dry" : ""}`);
      },
      ({ name }) => {
        if (name === "bad") throw new StatusError(403, "Forbidden", "first");
      },
      ({ name }) => {
        if (name === "bad") throw new StatusError(403, "Forbidden", "second");
      },
    ),
  });
  seen.length = 0;
  const maps = "/api/v1/namespaces/shop/configmaps";
  const map = (name: string) => ({ metadata: { name }, data: {} });
  await ask("POST", maps, map("a"));
  await ask("POST", `${maps}?dryRun=All`, map("d"));
  await ask("PATCH", `${maps}/a`, { data: { x: "1" } }, { type: mergePatchType });
  await ask("DELETE", `${maps}/a`);
  const refused = await ask("POST", maps, map("bad"));
  expect(refused.body["message"]).toBe("first");
  expect((await ask("GET", `${maps}/bad`)).status).toBe(404);
  expect(seen).toEqual([
    "create shop/configmaps/a -o",
    "create shop/configmaps/d -o dry",
    "update shop/configmaps/a bo",
    "delete shop/configmaps/a b-",
    "create shop/configmaps/bad -o",
  ]);
});
