import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import type { Caller } from "../../../shared/effects/callers.ts";
import type { Store } from "../../../shared/effects/store.ts";
import { builtInAccess } from "../../../shared/hub/access/fleet-roles.ts";
import { hubAuthorizer } from "../../../shared/hub/access/hub-authorizer.ts";
import { hubCaller } from "../../../shared/hub/access/hub-caller.ts";
import { storeThatTells } from "../../../shared/hub/access/store-that-tells.ts";
import { ensureRoles } from "../../../shared/kube/rbac/ensure-roles.ts";
import type { FleetId } from "../../../shared/lib/document.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import { asks } from "../../kube/rbac/rbac-builders.ts";
import { person } from "./hub-as.ts";

const fleet = "/fleet" as FleetId;
const group = "rbac.authorization.k8s.io";

/** A store that fails when it is asked: app roles must need no read. */
const away: Pick<Store, "head" | "list"> = {
  head: async () => await Promise.reject(new FleetError("Unavailable", "away")),
  list: async () => await Promise.reject(new FleetError("Unavailable", "away")),
};

function memory() {
  const clock = { now: () => "2026-11-21T12:00:00.000Z" as Instant };
  return storeThatTells(memoryStore({ clock }));
}

const reader = person("ann", "Hubless.Reader");
const writer = person("bob", "Hubless.Writer");
const admin = person("root", "Hubless.Admin");
const nobody = person("eve");
const mallory = person("mallory", "Contoso.Admin");
const people = { reader, writer, admin, nobody, mallory };
type Who = keyof typeof people;

async function bind(store: Store, plural: string, at: string, role: string, subject: object) {
  const [namespace = "", name = ""] = at.split("/");
  const [kind, roleName] = role.split("/");
  const body = {
    metadata: {},
    roleRef: { apiGroup: group, kind, name: roleName },
    subjects: [subject],
  };
  const key = {
    fleet,
    kind: `${group}/${plural}`,
    ...(namespace !== "" && { namespace }),
    name,
  };
  await store.commit({ fleet, writes: [{ kind: "create", key, body }] });
}

test.each<[who: Who, asked: string]>([
  ["reader", "get pods in shop"],
  ["reader", "list deployments.apps"],
  ["reader", "watch clusterresourceplacements.placement.kubernetes-fleet.io"],
  ["reader", "get memberclusters.cluster.kubernetes-fleet.io named aks-1"],
  ["reader", "get widgets.example.com in shop"],
  ["reader", "get deployments/scale.apps in shop"],
  ["reader", "get /openapi/v3/apis/apps/v1"],
  ["writer", "create namespaces"],
  ["writer", "patch deployments.apps in shop named web"],
  ["writer", "deletecollection configmaps in shop"],
  ["writer", "update clusterresourceplacements.placement.kubernetes-fleet.io"],
  ["writer", "watch memberclusters.cluster.kubernetes-fleet.io"],
  ["writer", "create customresourcedefinitions.apiextensions.k8s.io"],
  ["writer", "create widgets.example.com in shop"],
  ["admin", "get secrets in shop"],
  ["admin", "escalate clusterroles.rbac.authorization.k8s.io"],
  ["admin", "impersonate users named ann"],
  ["nobody", "get /version"],
  ["nobody", "create selfsubjectaccessreviews.authorization.k8s.io"],
  ["nobody", "create selfsubjectreviews.authentication.k8s.io"],
])("a %s may %s without a read of the fleet", async (who, asked) => {
  const { authorize } = hubAuthorizer({ caller: hubCaller(people[who]), store: away, fleet });
  expect((await authorize(asks(asked))).allowed).toBe(true);
});

test.each<[who: Who, asked: string, role: string]>([
  ["nobody", "get pods in shop", "Hubless.Reader"],
  ["nobody", "create pods in shop", "Hubless.Writer"],
  ["reader", "create configmaps in shop", "Hubless.Writer"],
  ["reader", "get secrets in shop", "Hubless.Admin"],
  ["reader", "list secrets", "Hubless.Admin"],
  ["reader", "watch secrets in shop named a", "Hubless.Admin"],
  ["reader", "get clusterroles.rbac.authorization.k8s.io", "Hubless.Admin"],
  ["reader", "get pods/exec in shop", "Hubless.Admin"],
  ["reader", "get /metrics", "Hubless.Admin"],
  ["writer", "get secrets in shop", "Hubless.Admin"],
  ["writer", "patch memberclusters.cluster.kubernetes-fleet.io named aks-1", "Hubless.Admin"],
  ["writer", "delete memberclusters.cluster.kubernetes-fleet.io named aks-1", "Hubless.Admin"],
  ["writer", "create rolebindings.rbac.authorization.k8s.io in shop", "Hubless.Admin"],
  ["writer", "impersonate serviceaccounts in shop named robot", "Hubless.Admin"],
  ["writer", "create serviceaccounts/token in shop named robot", "Hubless.Admin"],
  ["writer", "create subjectaccessreviews.authorization.k8s.io", "Hubless.Admin"],
  ["writer", "approve signers.certificates.k8s.io", "Hubless.Admin"],
  ["mallory", "get pods in shop", "Hubless.Reader"],
])("a %s may not %s: the least role that would help is told: %s", async (who, asked, role) => {
  const { authorize } = hubAuthorizer({ caller: hubCaller(people[who]), store: memory(), fleet });
  expect(await authorize(asks(asked))).toEqual({
    allowed: false,
    reason: `you need the app role "${role}" or a binding to a role that allows it`,
  });
});

test("nobody is allowed by a store that is away", async () => {
  const { authorize, isStranger, rules } = hubAuthorizer({
    caller: hubCaller(reader),
    store: away,
    fleet,
  });
  await expect(authorize(asks("get secrets in shop"))).rejects.toMatchObject({
    code: "Unavailable",
  });
  await expect(rules("shop")).rejects.toMatchObject({ code: "Unavailable" });
  expect(await isStranger()).toBe(false);
});

const subjects = {
  "by name": { kind: "User", name: "eve@contoso.com" },
  "by object id": { kind: "User", name: nobody.objectId },
  "by a group of the token": { kind: "Group", name: "eves" },
  "by an app role": { kind: "Group", name: "approle:Team.Shop" },
} as const;

test.each(Object.entries(subjects))("a caller can be bound %s", async (_how, subject) => {
  const store = memory();
  const caller = hubCaller({ ...nobody, roles: ["Team.Shop"] });
  const { authorize } = hubAuthorizer({ caller, store, fleet });
  expect((await authorize(asks("get configmaps in shop"))).allowed).toBe(false);
  await bind(store, "rolebindings", "shop/all", "ClusterRole/hubless:reader", subject);
  expect((await authorize(asks("get configmaps in shop"))).allowed).toBe(true);
  expect((await authorize(asks("get configmaps in bank"))).allowed).toBe(false);
});

/** What Azure's roles of the same names say, in a namespace. */
test.each<[role: string, allowed: string[], refused: string[]]>([
  [
    "hubless:reader",
    ["list services", "get events", "get resourcequotas", "get serviceaccounts", "get namespaces"],
    ["get secrets", "get roles.rbac.authorization.k8s.io", "update configmaps"],
  ],
  [
    "hubless:writer",
    ["get secrets", "create secrets", "patch deployments.apps", "delete services"],
    ["get rolebindings.rbac.authorization.k8s.io", "update resourcequotas", "delete namespaces"],
  ],
  [
    "hubless:admin",
    [
      "create rolebindings.rbac.authorization.k8s.io",
      "update roles.rbac.authorization.k8s.io",
      "create localsubjectaccessreviews.authorization.k8s.io",
      "delete secrets",
    ],
    ["update resourcequotas", "update namespaces", "escalate roles.rbac.authorization.k8s.io"],
  ],
  ["hubless:cluster-admin", ["delete namespaces", "get secrets", "update resourcequotas"], []],
  ["view", ["get configmaps", "list deployments.apps"], ["get secrets", "create configmaps"]],
  [
    "edit",
    ["get secrets", "create pods", "get configmaps"],
    ["get roles.rbac.authorization.k8s.io"],
  ],
  ["admin", ["create roles.rbac.authorization.k8s.io", "get secrets"], ["update resourcequotas"]],
  ["cluster-admin", ["bind clusterroles.rbac.authorization.k8s.io"], []],
])("who is bound to %s in a namespace may there what it says", async (role, allowed, refused) => {
  const store = memory();
  await bind(store, "rolebindings", "shop/b", `ClusterRole/${role}`, subjects["by name"]);
  const { authorize } = hubAuthorizer({ caller: hubCaller(nobody), store, fleet });
  const access = async (asked: string, at: string) =>
    (await authorize(asks(`${asked} in ${at}`))).allowed;
  for (const asked of allowed) expect([asked, await access(asked, "shop")]).toEqual([asked, true]);
  for (const asked of refused) expect([asked, await access(asked, "shop")]).toEqual([asked, false]);
  for (const asked of allowed) expect([asked, await access(asked, "bank")]).toEqual([asked, false]);
});

test("a token cannot claim names and groups that mean something", () => {
  const claimed = hubCaller({
    ...nobody,
    name: "system:serviceaccount:shop:robot",
    groups: ["system:masters", "approle:Hubless.Admin", "System:Masters", "g-1"],
  });
  expect(claimed).toEqual({
    name: nobody.objectId,
    uid: nobody.objectId,
    aliases: [nobody.objectId],
    groups: ["g-1", "system:authenticated"],
  });
});

test("an object that takes a built-in name changes nothing", async () => {
  const store = memory();
  const key = { fleet, kind: `${group}/clusterroles`, name: "view" };
  const rules = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
  await store.commit({ fleet, writes: [{ kind: "create", key, body: { metadata: {}, rules } }] });
  await bind(store, "clusterrolebindings", "/b", "ClusterRole/view", subjects["by name"]);
  const { authorize } = hubAuthorizer({ caller: hubCaller(nobody), store, fleet });
  expect((await authorize(asks("get configmaps in shop"))).allowed).toBe(true);
  expect((await authorize(asks("get secrets in shop"))).allowed).toBe(false);
  await ensureRoles({ store, fleet }, builtInAccess);
  expect((await store.read(key))?.body).toMatchObject({
    metadata: { labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
    aggregationRule: { clusterRoleSelectors: [{}] },
  });
});

test("a role that a user labels for view is part of view", async () => {
  const store = memory();
  await bind(store, "clusterrolebindings", "/b", "ClusterRole/edit", subjects["by name"]);
  const labels = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
  const rules = [{ verbs: ["get"], apiGroups: ["example.com"], resources: ["widgets"] }];
  const key = { fleet, kind: `${group}/clusterroles`, name: "widgets" };
  await store.commit({
    fleet,
    writes: [{ kind: "create", key, body: { metadata: { labels }, rules } }],
  });
  const { authorize } = hubAuthorizer({ caller: hubCaller(nobody), store, fleet });
  expect((await authorize(asks("get widgets.example.com in shop"))).allowed).toBe(true);
});

test.each<[name: string, who: Caller, at: string, subject: object | undefined, stranger: boolean]>([
  ["an app role of ours", reader, "", undefined, false],
  ["an app role of others", person("m", "Contoso.Admin"), "", undefined, true],
  ["nothing", nobody, "", undefined, true],
  [
    "a binding in some namespace",
    nobody,
    "bank/b",
    { kind: "User", name: "eve@contoso.com" },
    false,
  ],
  [
    "a binding of everybody",
    nobody,
    "bank/b",
    { kind: "Group", name: "system:authenticated" },
    false,
  ],
  ["a binding of others", nobody, "bank/b", { kind: "User", name: "bob@contoso.com" }, true],
])("whether who has %s is a stranger is known", async (_name, who, at, subject, stranger) => {
  const store = memory();
  await ensureRoles({ store, fleet }, builtInAccess);
  if (subject !== undefined) await bind(store, "rolebindings", at, "ClusterRole/view", subject);
  const { isStranger } = hubAuthorizer({ caller: hubCaller(who), store, fleet });
  expect(await isStranger()).toBe(stranger);
});

test("a fleet that is not there costs no read, and answers a stranger as one that is", async () => {
  const caller = hubCaller(nobody);
  const missing = hubAuthorizer({ caller, store: away, fleet, exists: false });
  const there = hubAuthorizer({ caller, store: memory(), fleet });
  for (const asked of ["get /version", "get pods in shop", "list namespaces", "get /metrics"]) {
    expect(await missing.authorize(asks(asked))).toEqual(await there.authorize(asks(asked)));
  }
  expect(await missing.isStranger()).toBe(true);
  expect(await missing.rules("shop")).toEqual(await there.rules("shop"));
});

test("who is in too many groups learns why they do not count", async () => {
  const caller = hubCaller(nobody);
  const { authorize } = hubAuthorizer({ caller, store: memory(), fleet, groupsOmitted: true });
  const access = await authorize(asks("get pods in shop"));
  expect(access.reason).toContain("your groups do not count, because you are in too many");
});

test("the built-in roles are made once, and mended", async () => {
  const store = memory();
  await Promise.all([1, 2].map(async () => await ensureRoles({ store, fleet }, builtInAccess)));
  const { revision } = await store.head(fleet);
  await ensureRoles({ store, fleet }, builtInAccess);
  expect((await store.head(fleet)).revision).toBe(revision);
  const key = { fleet, kind: `${group}/clusterroles`, name: "hubless:reader" };
  const role = await store.read<{ metadata: object }>(key);
  if (role === undefined) throw new Error("it must be there");
  const metadata = { ...role.body.metadata, labels: { own: "yes" } };
  const body = { metadata, rules: [] };
  await store.commit({ fleet, writes: [{ kind: "replace", document: role, body }] });
  await ensureRoles({ store, fleet }, builtInAccess);
  const mended = (await store.read<{ metadata: { labels: object }; rules: object[] }>(key))?.body;
  expect(mended?.rules.length).toBeGreaterThan(5);
  expect(mended?.metadata.labels).toEqual({
    own: "yes",
    "kubernetes.io/bootstrapping": "rbac-defaults",
  });
});
