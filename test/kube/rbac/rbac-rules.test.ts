import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture, mergePatchType } from "../kube-fixture.ts";

const group = "/apis/rbac.authorization.k8s.io/v1";
const roles = `${group}/namespaces/shop/roles`;
const clusterRoles = `${group}/clusterroles`;
const bindings = `${group}/namespaces/shop/rolebindings`;
const clusterBindings = `${group}/clusterrolebindings`;

const good = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
const toView = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
const ann = { kind: "User", name: "ann" };

const withRules = (...rules: Json[]): JsonObject => ({ metadata: { name: "x" }, rules });
const withRef = (roleRef: Json, ...subjects: Json[]): JsonObject => ({
  metadata: { name: "x" },
  roleRef,
  subjects,
});

test.each<[name: string, path: string, body: JsonObject, causes: string[]]>([
  [
    "a rule without verbs",
    roles,
    withRules({ apiGroups: [""], resources: ["pods"] }),
    ["rules[0].verbs: Required value: verbs must contain at least one value"],
  ],
  [
    "a rule without groups and resources",
    clusterRoles,
    withRules(good, { verbs: ["get"] }),
    [
      "rules[1].apiGroups: Required value: resource rules must supply at least one api group",
      "rules[1].resources: Required value: resource rules must supply at least one resource",
    ],
  ],
  [
    "paths in a Role",
    roles,
    withRules({ verbs: ["get"], nonResourceURLs: ["/metrics"] }),
    [
      'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: namespaced rules cannot apply to ' +
        "non-resource URLs",
    ],
  ],
  [
    "paths and resources in one rule",
    clusterRoles,
    withRules({ ...good, nonResourceURLs: ["/metrics"] }),
    [
      'rules[0].nonResourceURLs: Invalid value: ["/metrics"]: rules cannot apply to both regular ' +
        "resources and non-resource URLs",
    ],
  ],
  [
    "verbs that are no list of texts",
    roles,
    withRules({ ...good, verbs: [1] }),
    ["rules[0].verbs: Invalid value: must be a list of strings"],
  ],
  [
    "rules that are no list",
    roles,
    { metadata: { name: "x" }, rules: "all" },
    ["rules: Invalid value: must be a list"],
  ],
  [
    "an aggregation of nothing",
    clusterRoles,
    { metadata: { name: "x" }, aggregationRule: {} },
    [
      "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector " +
        "required if aggregationRule is non-nil",
    ],
  ],
  [
    "a binding to nothing",
    bindings,
    { metadata: { name: "x" } },
    [
      'roleRef.apiGroup: Unsupported value: "": supported values: "rbac.authorization.k8s.io"',
      'roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"',
      "roleRef.name: Required value",
    ],
  ],
  [
    "a cluster's binding to a namespace's role",
    clusterBindings,
    withRef({ kind: "Role", name: "r" }, ann),
    ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
  ],
  [
    "a role's name that is no path",
    bindings,
    withRef({ kind: "Role", name: "a/b" }, ann),
    [`roleRef.name: Invalid value: "a/b": may not contain '/'`],
  ],
  [
    "a subject of no kind",
    bindings,
    withRef(toView, { name: "ann" }),
    [
      'subjects[0].kind: Unsupported value: "": supported values: "ServiceAccount", "User", ' +
        '"Group"',
    ],
  ],
  [
    "a user of another group, and one without a name",
    bindings,
    withRef(toView, { ...ann, apiGroup: "apps" }, { kind: "Group", name: "" }),
    [
      'subjects[0].apiGroup: Unsupported value: "apps": supported values: ' +
        '"rbac.authorization.k8s.io"',
      "subjects[1].name: Required value",
      'subjects[1].name: Invalid value: "": group name cannot be empty',
    ],
  ],
  [
    "a cluster's binding to a service account of nowhere",
    clusterBindings,
    withRef(toView, { kind: "ServiceAccount", name: "robot", apiGroup: "x" }),
    [
      'subjects[0].apiGroup: Unsupported value: "x": supported values: ""',
      "subjects[0].namespace: Required value",
    ],
  ],
])("%s is refused with its field", async (_name, path, body, causes) => {
  const { ask } = await kubeFixture();
  const answer = await ask("POST", path, body);
  expect(answer.body).toMatchObject({ code: 422, reason: "Invalid" });
  const details = answer.body["details"] as { causes: { field: string; message: string }[] };
  expect(details.causes.map(({ field, message }) => `${field}: ${message}`)).toEqual(causes);
});

test("a binding gets the API group of its role and of its users", async () => {
  const { ask } = await kubeFixture();
  const robot = { kind: "ServiceAccount", name: "robot" };
  const made = await ask("POST", bindings, withRef({ kind: "Role", name: "r" }, ann, robot));
  const apiGroup = "rbac.authorization.k8s.io";
  expect(made.body).toMatchObject({
    roleRef: { apiGroup, kind: "Role", name: "r" },
    subjects: [{ ...ann, apiGroup }, robot],
  });
});

test("a binding keeps the role that it was made for; its subjects may change", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", bindings, withRef(toView, ann));
  const how = { type: mergePatchType };
  const other = await ask("PATCH", `${bindings}/x`, { roleRef: { name: "edit" } }, how);
  expect(other.body).toMatchObject({ code: 422, reason: "Invalid" });
  expect(other.body["message"]).toContain("cannot change roleRef");
  const more = await ask("PATCH", `${bindings}/x`, { subjects: [] }, how);
  expect(more.status).toBe(200);
});

test("an aggregated ClusterRole is shown with the rules of what it selects", async () => {
  const { ask } = await kubeFixture();
  const labels = { "example.com/part": "true" };
  await ask("POST", clusterRoles, { metadata: { name: "part", labels }, rules: [good] });
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: labels }] };
  await ask("POST", clusterRoles, { metadata: { name: "sum" }, aggregationRule });
  expect((await ask("GET", `${clusterRoles}/sum`)).body["rules"]).toEqual([good]);
});
