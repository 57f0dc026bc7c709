import { expect, test } from "vitest";
import type { AccessAttributes, KubeApi } from "../../shared/kube/kube-api.ts";
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
    return isRead ? { allowed: true } : { allowed: false, reason: "readers only" };
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
  expect((await ask("POST", accessReviews, { spec: {} })).status).toBe(400);
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
  const { ask } = await kubeFixture({ rules: () => [rule] });
  const known = await ask("POST", rulesReviews, { spec: { namespace: "shop" } });
  expect(known.body["status"]).toMatchObject({ resourceRules: [rule], incomplete: false });
  const open = await kubeFixture();
  const all = await open.ask("POST", rulesReviews, {});
  expect(all.body["status"]).toMatchObject({ resourceRules: [{ verbs: ["*"] }] });
  const nobody = await open.ask("POST", subjectReviews, {});
  expect(nobody.body["status"]).toMatchObject({ userInfo: { username: "system:anonymous" } });
});
