import { beforeEach, expect, test } from "vitest";
import { builtInAccess } from "../../../shared/hub/access/fleet-roles.ts";
import { ensureRoles } from "../../../shared/kube/rbac/ensure-roles.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { mergePatchType, requestOf } from "../../kube/kube-fixture.ts";
import { bindingTo, type Hub, hubOverMemory, person, rbac } from "./hub-as.ts";

const admin = person("root", "Hubless.Admin");
const reader = person("ann", "Hubless.Reader");
const writer = person("bob", "Hubless.Writer");
const eve = person("eve");
const toEve = { kind: "User", name: "eve@contoso.com", apiGroup: "rbac.authorization.k8s.io" };

const core = "/api/v1/namespaces/shop";
const local = `${rbac}/namespaces/shop`;
const table = "application/json;as=Table;v=v1;g=meta.k8s.io";

let hub: Hub;
beforeEach(async () => {
  hub = await hubOverMemory();
  await ensureRoles(hub.api, builtInAccess);
  const secret = { metadata: { name: "s" }, stringData: { password: "hunter2" } };
  expect((await hub.ask(admin, "POST", `${core}/secrets`, secret)).status).toBe(201);
});

test.each<[how: string, path: string, accept?: string]>([
  ["a get", `${core}/secrets/s`],
  ["a list", `${core}/secrets`],
  ["a list of all namespaces", "/api/v1/secrets"],
  ["a list of one by its name", `${core}/secrets?fieldSelector=metadata.name=s`],
  ["a table", `${core}/secrets`, table],
  [
    "metadata alone",
    `${core}/secrets`,
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
  ],
  ["a watch", `${core}/secrets?watch=true`],
  [
    "a watch with what is there",
    `${core}/secrets?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`,
  ],
  ["a watch of one", `${core}/secrets?watch=true&fieldSelector=metadata.name%3Ds`],
  ["another spelling", "/api/v1/namespaces/shop/%73ecrets"],
  ["a slash at the end", `${core}/secrets/`],
])("a reader cannot see Secrets by %s", async (_how, path, accept) => {
  const how = accept === undefined ? {} : { accept };
  const answer = await hub.ask(reader, "GET", path, undefined, how);
  expect(answer.status).toBe(403);
  expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|aHVudGVyMg/);
  expect((await hub.ask(writer, "GET", path, undefined, how)).status).toBe(403);
});

test("writers cannot read a Secret by writing to it", async () => {
  const answers = await Promise.all([
    hub.ask(
      writer,
      "PATCH",
      `${core}/secrets/s`,
      { metadata: { labels: { a: "b" } } },
      {
        type: mergePatchType,
      },
    ),
    hub.ask(writer, "PUT", `${core}/secrets/s`, { metadata: { name: "s" } }),
    hub.ask(writer, "DELETE", `${core}/secrets/s?dryRun=All`),
    hub.ask(writer, "DELETE", `${core}/secrets?dryRun=All`),
    hub.ask(writer, "POST", `${core}/secrets?dryRun=All`, { metadata: { name: "s" } }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
});

test("a refusal is told as Kubernetes tells it, and what would help", async () => {
  const why = 'you need the app role "Hubless.Reader" or a binding to a role that allows it';
  const message = async (path: string) => (await hub.ask(eve, "GET", path)).body["message"];
  expect(await message("/apis/apps/v1/namespaces/shop/deployments/web")).toBe(
    'deployments.apps "web" is forbidden: User "eve@contoso.com" cannot get resource ' +
      `"deployments" in API group "apps" in the namespace "shop": ${why}`,
  );
  expect(await message("/api/v1/pods?watch=1")).toBe(
    'pods is forbidden: User "eve@contoso.com" cannot watch resource "pods" in API group "" at ' +
      `the cluster scope: ${why}`,
  );
  expect(await message("/api/v1/namespaces/shop")).toBe(
    'namespaces "shop" is forbidden: User "eve@contoso.com" cannot get resource "namespaces" in ' +
      `API group "" in the namespace "shop": ${why}`,
  );
  expect(await message("/metrics")).toMatch(
    /^forbidden: User "eve@contoso.com" cannot get path "\/metrics": /,
  );
});

test("who may do nothing cannot tell what is served, or there, from what is not", async () => {
  const codes = async (...paths: string[]) =>
    await Promise.all(paths.map(async (path) => (await hub.ask(eve, "GET", path)).status));
  expect(
    await codes(`${core}/configmaps/no`, `${core}/secrets/s`, "/apis/x.com/v1/widgets", "/foo"),
  ).toEqual([403, 403, 403, 403]);
  expect(
    await codes("/api", "/apis", "/version", "/healthz", "/openapi/v3", "/apis/apps/v1"),
  ).toEqual([200, 200, 200, 200, 200, 200]);
  expect((await hub.ask(reader, "GET", "/apis/x.com/v1/widgets")).status).toBe(404);
});

test("a binding counts from the next request on, and ends with it", async () => {
  const see = async () => (await hub.ask(eve, "GET", `${core}/configmaps`)).status;
  expect(await see()).toBe(403);
  const made = await hub.ask(
    admin,
    "POST",
    `${local}/rolebindings`,
    bindingTo("ClusterRole/view", toEve),
  );
  expect(made.status).toBe(201);
  expect(await see()).toBe(200);
  expect((await hub.ask(eve, "GET", core)).status).toBe(200);
  expect((await hub.ask(eve, "GET", "/api/v1/namespaces/default")).status).toBe(403);
  expect((await hub.ask(eve, "GET", `${core}/secrets`)).status).toBe(403);
  await hub.ask(admin, "DELETE", `${local}/rolebindings/view`);
  expect(await see()).toBe(403);
});

test("who may list one object by its name may list no other", async () => {
  const role = {
    metadata: { name: "one" },
    rules: [{ verbs: ["list"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["a"] }],
  };
  await hub.ask(admin, "POST", `${local}/roles`, role);
  await hub.ask(admin, "POST", `${local}/rolebindings`, bindingTo("Role/one", toEve));
  const list = async (query: string) =>
    (await hub.ask(eve, "GET", `${core}/configmaps${query}`)).status;
  expect(await list("?fieldSelector=metadata.name=a")).toBe(200);
  expect(await list("?fieldSelector=metadata.name=b")).toBe(403);
  expect(await list("?fieldSelector=metadata.name!=a")).toBe(403);
  expect(await list("?fieldSelector=metadata.name=b,metadata.name=a")).toBe(403);
  expect(await list("")).toBe(403);
});

test("an admin of a namespace lets others in, and never gives more than it has", async () => {
  const binding = (role: string) => bindingTo(role, { ...toEve, name: "friend" });
  await hub.ask(
    admin,
    "POST",
    `${local}/rolebindings`,
    bindingTo("ClusterRole/hubless:admin", toEve),
  );
  const let_ = async (body: JsonObject) =>
    await hub.ask(eve, "POST", `${local}/rolebindings`, body);
  expect((await let_(binding("ClusterRole/hubless:writer"))).status).toBe(201);
  const more = await let_(binding("ClusterRole/cluster-admin"));
  expect(more.status).toBe(403);
  expect(more.body["message"]).toContain(
    "is attempting to grant RBAC permissions not currently held:\n" +
      '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
  );
  const role = {
    metadata: { name: "r" },
    rules: [{ verbs: ["*"], apiGroups: [""], resources: ["secrets"] }],
  };
  expect((await hub.ask(eve, "POST", `${local}/roles`, role)).status).toBe(403);
  const all = await hub.ask(
    eve,
    "POST",
    `${rbac}/clusterrolebindings`,
    binding("ClusterRole/view"),
  );
  expect(all.body["message"]).toContain("at the cluster scope");
  expect((await hub.ask(eve, "DELETE", core)).status).toBe(403);
});

test("built-in roles are shown, and stay as they are", async () => {
  const roles = `${rbac}/clusterroles`;
  const view = await hub.ask(admin, "GET", `${roles}/view`);
  expect(view.body).toMatchObject({
    metadata: { annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" } },
    aggregationRule: { clusterRoleSelectors: [{}] },
  });
  expect((view.body["rules"] as Json[]).length).toBeGreaterThan(5);
  for (const [method, path, body] of [
    ["PATCH", `${roles}/hubless:reader`, { rules: [] }],
    ["DELETE", `${roles}/cluster-admin`, undefined],
    ["PATCH", `${rbac}/clusterrolebindings/hubless:cluster-reader`, { subjects: [] }],
  ] as const) {
    const answer = await hub.ask(admin, method, path, body, { type: mergePatchType });
    expect(answer.body).toMatchObject({ code: 403, reason: "Forbidden" });
    expect(answer.body["message"]).toContain("it is built in and cannot be changed or deleted");
  }
  const same = await hub.ask(admin, "PATCH", `${roles}/view`, {}, { type: mergePatchType });
  expect(same.status).toBe(200);
});

test("who acts as somebody may do what that one may, and no more", async () => {
  await hub.ask(admin, "POST", `${local}/rolebindings`, bindingTo("ClusterRole/view", toEve));
  const as = async (path: string, ...headers: [string, string][]) => {
    const request = requestOf("GET", path);
    for (const [name, value] of headers) request.headers.append(name, value);
    return (await hub.send(admin, request)).status;
  };
  const eves: [string, string] = ["Impersonate-User", "eve@contoso.com"];
  expect(await as(`${core}/configmaps`, eves)).toBe(200);
  expect(await as(`${core}/secrets`, eves)).toBe(403);
  expect(await as(`${core}/secrets`, eves, ["Impersonate-Group", "system:masters"])).toBe(200);
  expect(await as(`${core}/secrets`, eves, ["Impersonate-Group", "approle:Hubless.Admin"])).toBe(
    200,
  );
  expect(await as(`${core}/secrets`, ["Impersonate-Group", "system:masters"])).toBe(400);
  const request = requestOf("GET", core, undefined, { headers: { "impersonate-user": "root" } });
  expect((await hub.send(writer, request)).status).toBe(403);
});

test("an apply that makes an object needs the right to make it", async () => {
  const rules = [{ verbs: ["get", "patch"], apiGroups: [""], resources: ["configmaps"] }];
  await hub.ask(admin, "POST", `${local}/roles`, { metadata: { name: "patcher" }, rules });
  await hub.ask(admin, "POST", `${local}/rolebindings`, bindingTo("Role/patcher", toEve));
  const apply = async (who: typeof eve) =>
    await hub.ask(
      who,
      "PATCH",
      `${core}/configmaps/a?fieldManager=t`,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: {} },
      { type: "application/apply-patch+yaml" },
    );
  const refused = await apply(eve);
  expect(refused.status).toBe(403);
  expect(refused.body["message"]).toContain('cannot create resource "configmaps"');
  expect((await apply(writer)).status).toBe(201);
  expect((await apply(eve)).status).toBe(200);
});

test("bindings that two admins make at once both count", async () => {
  const make = async (name: string) =>
    await hub.ask(admin, "POST", `${local}/rolebindings`, {
      ...bindingTo("ClusterRole/view", { ...toEve, name }),
      metadata: { name },
    });
  const names = Array.from({ length: 20 }, (_, index) => `user-${index}`);
  await Promise.all(names.map(make));
  const seen = await Promise.all(
    names.map(async (name) => {
      const caller = { ...person(name), name };
      return (await hub.ask(caller, "GET", `${core}/configmaps`)).status;
    }),
  );
  expect(new Set(seen)).toEqual(new Set([200]));
});
