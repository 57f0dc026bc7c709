import { expect, test } from "vitest";
import type { AccessAttributes, KubeApi, KubeCaller } from "../../shared/kube/kube-api.ts";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";
import { configMap, configMaps, kubeFixture, widgetOf, widgets } from "./kube-fixture.ts";

const caller = { name: "bob", uid: "b-1", groups: ["devs"] };
const accessReviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const rulesReviews = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
const subjectReviews = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/** Lets reads through, and remembers all that was asked. */
function readersOnly() {
  const asked: AccessAttributes[] = [];
  const authorize: KubeApi["authorize"] = (attributes) => {
    asked.push(attributes);
    const isRead = ["get", "list", "watch"].includes(attributes.verb);
    const isReview = attributes.kind === "resource" && attributes.resource.endsWith("reviews");
    return isRead || isReview ? { allowed: true } : { allowed: false, reason: "readers only" };
  };
  return { asked, authorize };
}

test.each([
  ["GET", configMaps, undefined, 200],
  ["GET", `${configMaps}/a`, undefined, 404],
  ["POST", configMaps, configMap("a"), 403],
  ["PUT", `${configMaps}/a`, configMap("a"), 403],
  ["PATCH", `${configMaps}/a`, {}, 403],
  ["DELETE", `${configMaps}/a`, undefined, 403],
  ["DELETE", configMaps, undefined, 403],
])("a reader's %s %s is answered as it may be", async (method, path, body, status) => {
  const { authorize } = readersOnly();
  const { ask } = await kubeFixture({ authorize, caller });
  expect((await ask(method, path, body)).status).toBe(status);
});

test("who may not is told what it may not, and why", async () => {
  const { authorize, asked } = readersOnly();
  const { ask } = await kubeFixture({ authorize, caller });
  const { body } = await ask("PATCH", `${widgets}/w/status`, widgetOf("w", {}));
  expect(body).toMatchObject({
    code: 403,
    reason: "Forbidden",
    message:
      'widgets.example.com "w" is forbidden: User "bob" cannot patch resource "widgets/status" ' +
      'in API group "example.com" in the namespace "shop": readers only',
    details: { name: "w", group: "example.com", kind: "widgets" },
  });
  expect(asked.at(-1)).toEqual({
    kind: "resource",
    verb: "patch",
    group: "example.com",
    resource: "widgets",
    subresource: "status",
    namespace: "shop",
    name: "w",
  });
});

test("reviews answer as the API would", async () => {
  const { authorize } = readersOnly();
  const { ask } = await kubeFixture({ authorize, caller });
  const mayI = async (spec: object) =>
    (await ask("POST", accessReviews, { spec } as never)).body["status"];
  const resource = { group: "", resource: "pods", namespace: "shop" };
  expect(await mayI({ resourceAttributes: { ...resource, verb: "list" } })).toEqual({
    allowed: true,
  });
  expect(await mayI({ resourceAttributes: { ...resource, verb: "create" } })).toEqual({
    allowed: false,
    reason: "readers only",
  });
  expect(await mayI({ nonResourceAttributes: { path: "/healthz", verb: "get" } })).toEqual({
    allowed: true,
  });
  expect((await ask("POST", accessReviews, { spec: {} })).status).toBe(422);
  expect((await ask("GET", accessReviews)).status).toBe(405);
  const me = await ask("POST", subjectReviews, {});
  expect(me.status).toBe(201);
  expect(me.body["status"]).toEqual({
    userInfo: { username: "bob", uid: "b-1", groups: ["devs"] },
  });
  const rules = await ask("POST", rulesReviews, { spec: { namespace: "shop" } });
  expect(rules.body["status"]).toMatchObject({ incomplete: true });
});

test("rules are told where they are known", async () => {
  const rule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
  const { ask } = await kubeFixture({ rules: () => ({ rules: [rule] }) });
  const known = await ask("POST", rulesReviews, { spec: { namespace: "shop" } });
  expect(known.body["status"]).toMatchObject({ resourceRules: [rule], incomplete: false });
  const open = await kubeFixture();
  const all = await open.ask("POST", rulesReviews, { spec: { namespace: "shop" } });
  expect(all.body["status"]).toMatchObject({ resourceRules: [{ verbs: ["*"] }] });
  const nobody = await open.ask("POST", subjectReviews, {});
  expect(nobody.body["status"]).toMatchObject({ userInfo: { username: "system:anonymous" } });
});

const subjectAccessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
const localReviews = "/apis/authorization.k8s.io/v1/namespaces/shop/localsubjectaccessreviews";
const listPods = { verb: "list", resource: "pods", namespace: "shop" };

test.each<[name: string, path: string, body: JsonObject, message: string]>([
  [
    "nothing",
    accessReviews,
    { spec: {} },
    "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or " +
      "resourceAttributes must be specified",
  ],
  [
    "two things",
    accessReviews,
    { spec: { resourceAttributes: {}, nonResourceAttributes: { path: "/", verb: "get" } } },
    'spec.nonResourceAttributes: Invalid value: {"path":"/","verb":"get"}: cannot be specified ' +
      "in combination with resourceAttributes",
  ],
  [
    "with a name",
    accessReviews,
    { metadata: { name: "x" }, spec: { resourceAttributes: listPods } },
    'metadata: Invalid value: {"name":"x"}: must be empty',
  ],
  [
    "about nobody",
    subjectAccessReviews,
    { spec: { resourceAttributes: listPods } },
    'spec.user: Invalid value: "": at least one of user or group must be specified',
  ],
  [
    "about another namespace",
    localReviews,
    { spec: { user: "eve", resourceAttributes: { ...listPods, namespace: "bank" } } },
    'spec.resourceAttributes.namespace: Invalid value: "bank": must match metadata.namespace',
  ],
  [
    "about a path in a namespace",
    localReviews,
    { spec: { user: "eve", nonResourceAttributes: { path: "/api" } } },
    'spec.nonResourceAttributes: Invalid value: {"path":"/api"}: disallowed on this kind of ' +
      "request",
  ],
])("a review that asks %s is refused as Kubernetes does", async (_name, path, body, message) => {
  const { ask } = await kubeFixture({ authorize: () => ({ allowed: true }) });
  expect((await ask("POST", path, body)).body).toMatchObject({
    code: 422,
    reason: "Invalid",
    message: `.authorization.k8s.io "" is invalid: ${message}`,
  });
});

test.each<[name: string, path: string, body: Json, status: number]>([
  ["of another kind", accessReviews, { kind: "SubjectAccessReview", spec: {} }, 400],
  ["of another version", accessReviews, { apiVersion: "authorization.k8s.io/v1beta1" }, 400],
  ["that is no object", accessReviews, [], 400],
  ["of another namespace", localReviews, { metadata: { namespace: "bank" }, spec: {} }, 400],
  ["of rules without a namespace", rulesReviews, { spec: {} }, 400],
  ["in a namespace that is of none", `${subjectAccessReviews}/x`, {}, 404],
  ["of a namespace outside of it", localReviews.replace("namespaces/shop/", ""), {}, 404],
])("a review %s is refused", async (_name, path, body, status) => {
  const { ask } = await kubeFixture();
  expect((await ask("POST", path, body)).status).toBe(status);
});

test("who may ask about others gets their answer", async () => {
  const seen: [KubeCaller, AccessAttributes][] = [];
  const { ask } = await kubeFixture({
    authorize: () => ({ allowed: true }),
    authorizeFor: (user, attributes) => {
      seen.push([user, attributes]);
      return { allowed: user.groups.includes("ops"), reason: "RBAC: because" };
    },
  });
  const spec = { user: "eve", uid: "e-1", groups: ["ops"], extra: { scopes: ["a"] } };
  const answer = await ask("POST", subjectAccessReviews, {
    spec: {
      ...spec,
      resourceAttributes: { ...listPods, fieldSelector: { rawSelector: "metadata.name=p" } },
    },
  });
  expect(answer.status).toBe(201);
  expect(answer.body["status"]).toEqual({ allowed: true, reason: "RBAC: because" });
  expect(seen[0]).toEqual([
    { name: "eve", uid: "e-1", groups: ["ops"], extra: { scopes: ["a"] } },
    { kind: "resource", verb: "list", group: "", resource: "pods", namespace: "shop", name: "p" },
  ]);
  const local = await ask("POST", localReviews, {
    spec: { user: "eve", resourceAttributes: listPods },
  });
  expect(local.body).toMatchObject({ metadata: { namespace: "shop" }, status: { allowed: false } });
});

test("an API that knows its caller alone claims nothing about others", async () => {
  const { ask } = await kubeFixture({ authorize: () => ({ allowed: true }) });
  const spec = { user: "eve", resourceAttributes: listPods };
  expect((await ask("POST", subjectAccessReviews, { spec })).body["status"]).toEqual({
    allowed: false,
    evaluationError: "only the caller's own access is known here",
  });
});

test("who may not ask is told so, before anything is looked at", async () => {
  const { ask } = await kubeFixture({ authorize: () => ({ allowed: false, reason: "" }), caller });
  expect((await ask("POST", subjectAccessReviews, { spec: {} })).body).toMatchObject({
    code: 403,
    message:
      'subjectaccessreviews.authorization.k8s.io is forbidden: User "bob" cannot create resource ' +
      '"subjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope',
  });
  expect((await ask("GET", "/version")).body).toEqual({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: 'forbidden: User "bob" cannot get path "/version"',
    reason: "Forbidden",
    details: {},
    code: 403,
  });
  expect((await ask("GET", "/apis/x.com/v1/namespaces/shop/no<b>")).body["message"]).toContain(
    "no&lt;b&gt;",
  );
});
