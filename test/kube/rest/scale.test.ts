import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  type Answer,
  applyType,
  deploymentOf,
  deployments,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";

const controllers = "/api/v1/namespaces/shop/replicationcontrollers";
const web = `${deployments}/web`;

const scaled = (replicas: number): JsonObject => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  spec: { replicas },
});

function applier({ ask }: KubeFixture) {
  return async (path: string, body: Json, query: string): Promise<Answer> =>
    await ask("PATCH", `${path}/scale?${query}`, body, { type: applyType });
}

/** "hpa Apply apps/v1 scale f:replicas" */
function managersOf({ body }: Answer): readonly string[] {
  const all = (at(body, "metadata", "managedFields") ?? []) as readonly JsonObject[];
  return all.map((each) => {
    const spec = Object.keys(at(each, "fieldsV1", "f:spec") ?? {});
    const { manager, operation, apiVersion, subresource = "-" } = each;
    return [manager, operation, apiVersion, subresource, ...spec].join(" ");
  });
}

test("a ReplicationController is scaled, and its scale tells how its Pods are selected", async () => {
  const { ask } = await kubeFixture();
  const labels = { tier: "a", app: "web" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx" }] } };
  const created = await ask("POST", controllers, {
    metadata: { name: "web" },
    spec: { selector: labels, template },
  });
  expect(created.status).toBe(201);
  const { body } = await ask("GET", `${controllers}/web/scale`);
  expect(body).toMatchObject({
    spec: { replicas: 1 },
    status: { replicas: 0, selector: "app=web,tier=a" },
  });
  await ask("PUT", `${controllers}/web/scale`, { ...body, spec: { replicas: 3 } });
  expect((await ask("GET", `${controllers}/web`)).body).toMatchObject({ spec: { replicas: 3 } });
  const list = await ask("GET", "/api/v1");
  expect(list.body["resources"]).toContainEqual({
    name: "replicationcontrollers/scale",
    singularName: "",
    namespaced: true,
    group: "autoscaling",
    version: "v1",
    kind: "Scale",
    verbs: ["get", "patch", "update"],
  });
});

test("expressions of a selector are told by a scale, in the order of their keys", async () => {
  const { ask } = await kubeFixture();
  const deployment = deploymentOf("web", "nginx:1");
  const labels = { app: "web", tier: "a", env: "dev" };
  const selector = {
    matchLabels: { tier: "a" },
    matchExpressions: [
      { key: "env", operator: "In", values: ["test", "dev"] },
      { key: "app", operator: "Exists" },
      { key: "old", operator: "DoesNotExist" },
      { key: "zone", operator: "NotIn", values: ["b"] },
    ],
  };
  const template = { ...(at(deployment, "spec", "template") as JsonObject), metadata: { labels } };
  await ask("POST", deployments, { ...deployment, spec: { selector, template } });
  const { body } = await ask("GET", `${web}/scale`);
  expect(at(body, "status", "selector")).toBe("app,env in (dev,test),!old,tier=a,zone notin (b)");
});

test("an applied scale belongs to its manager, in the object that is scaled", async () => {
  const fixture = await kubeFixture();
  const { ask } = fixture;
  const apply = applier(fixture);
  const { spec, ...rest } = deploymentOf("web", "nginx:1");
  const { replicas: _, ...unscaled } = spec as JsonObject;
  await ask("POST", `${deployments}?fieldManager=ann`, { ...rest, spec: unscaled });
  const applied = await apply(web, scaled(4), "fieldManager=hpa");
  expect(applied.status).toBe(200);
  expect(applied.body).toMatchObject({
    kind: "Scale",
    metadata: { name: "web" },
    spec: { replicas: 4 },
  });
  const live = await ask("GET", web);
  expect(live.body).toMatchObject({ spec: { replicas: 4 }, metadata: { generation: 2 } });
  expect(managersOf(live)).toEqual([
    "hpa Apply apps/v1 scale f:replicas",
    "ann Update apps/v1 - . f:selector f:template",
  ]);
  expect((await apply(web, scaled(4), "fieldManager=hpa")).body["metadata"]).toMatchObject({
    resourceVersion: at(live.body, "metadata", "resourceVersion"),
  });
});

test("replicas that another manager owns are only scaled with force", async () => {
  const fixture = await kubeFixture();
  const { ask } = fixture;
  const apply = applier(fixture);
  await ask("POST", `${deployments}?fieldManager=ann`, deploymentOf("web", "nginx:1", 2));
  const refused = await apply(web, scaled(4), "fieldManager=hpa");
  expect(refused.body).toMatchObject({
    code: 409,
    message: 'Apply failed with 1 conflict: conflict with "ann" using apps/v1: .spec.replicas',
    details: { causes: [{ reason: "FieldManagerConflict", field: ".spec.replicas" }] },
  });
  expect((await apply(web, scaled(4), "fieldManager=hpa&force=true")).status).toBe(200);
  const live = await ask("GET", web);
  expect(at(live.body, "spec", "replicas")).toBe(4);
  expect(managersOf(live)[0]).toBe("hpa Apply apps/v1 scale f:replicas");
  expect(managersOf(live)[1]).not.toContain("f:replicas");
});

test("what kubectl has noted of an object is not about its scale", async () => {
  const fixture = await kubeFixture();
  const { ask } = fixture;
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}" };
  const deployment = deploymentOf("web", "nginx:1");
  const metadata = { name: "web", annotations };
  await ask("POST", deployments, { ...deployment, metadata });
  await applier(fixture)(web, scaled(4), "fieldManager=kubectl&force=true");
  expect((await ask("GET", web)).body).toMatchObject({ metadata: { annotations } });
});

test("a custom resource is scaled where its definition says, if its schema allows it", async () => {
  const fixture = await kubeFixture();
  const { ask } = fixture;
  const apply = applier(fixture);
  await ask("POST", widgets, widgetOf("w", { size: 1 }));
  const force = "fieldManager=hpa&force=true";
  expect((await apply(`${widgets}/w`, scaled(3), force)).body).toMatchObject({
    spec: { replicas: 3 },
  });
  const live = await ask("GET", `${widgets}/w`);
  expect(live.body).toMatchObject({ spec: { size: 3 } });
  expect(managersOf(live)).toContain("hpa Apply example.com/v1 scale f:size");
  expect((await apply(`${widgets}/w`, scaled(11), force)).status).toBe(422);
});

const cannotBeTyped =
  "failed to create typed patch object (shop/web; autoscaling/v1, Kind=Scale): ";

test.each<[name: string, body: JsonObject, code: number, message: string]>([
  [
    "another kind",
    { ...scaled(1), kind: "Deployment" },
    400,
    "invalid object type: autoscaling/v1, Kind=Deployment",
  ],
  [
    "another object",
    { ...scaled(1), metadata: { name: "other" } },
    400,
    "the name of the object (other) does not match the name on the URL (web)",
  ],
  [
    "another namespace",
    { ...scaled(1), metadata: { namespace: "default" } },
    400,
    "the namespace of the provided object does not match the namespace sent on the request",
  ],
  [
    "managed fields",
    { ...scaled(1), metadata: { managedFields: [] } },
    400,
    "metadata.managedFields must be nil",
  ],
  [
    "an unknown field",
    { ...scaled(1), spec: { replicas: 1, size: 2 } },
    400,
    `${cannotBeTyped}.spec.size: field not declared in schema`,
  ],
  [
    "fewer than none",
    scaled(-1),
    422,
    'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than ' +
      "or equal to 0",
  ],
  [
    "an older version",
    { ...scaled(5), metadata: { resourceVersion: "1" } },
    409,
    'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; ' +
      "please apply your changes to the latest version and try again",
  ],
])("an applied scale of %s is refused", async (_name, body, code, message) => {
  const fixture = await kubeFixture();
  await fixture.ask("POST", deployments, deploymentOf("web", "nginx:1", 2));
  const answer = await applier(fixture)(web, body, "fieldManager=hpa&force=true");
  expect(answer.body).toMatchObject({ code, message });
  expect((await fixture.ask("GET", web)).body).toMatchObject({ spec: { replicas: 2 } });
});

test("who applies a scale must say as whom, and nothing is made by it", async () => {
  const fixture = await kubeFixture();
  const apply = applier(fixture);
  expect((await apply(web, scaled(1), "fieldManager=hpa")).status).toBe(404);
  await fixture.ask("POST", deployments, deploymentOf("web", "nginx:1", 2));
  expect((await apply(web, scaled(1), "force=true")).body).toMatchObject({
    code: 422,
    message: /fieldManager: Required value/,
  });
  const merge = { type: mergePatchType };
  const { body } = await fixture.ask("PATCH", `${web}/scale`, { spec: { replicas: 5 } }, merge);
  expect(body).toMatchObject({ spec: { replicas: 5 } });
});
