/** Defaults are shown in every answer and never stored, not even when they come back. */
import { expect, test } from "vitest";
import { at, omit } from "../../../shared/kube/json.ts";
import { documentKey } from "../../../shared/kube/object/to-object.ts";
import type { Json, JsonObject, KubeBody } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  deploymentOf,
  deployments,
  jsonPatchType,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  strategicType,
} from "../kube-fixture.ts";
import { watching } from "../watch/watching.ts";

const web = `${deployments}/web`;

/** A Deployment without what is shown of it. */
function template(): JsonObject {
  const deployment = deploymentOf("web", "nginx");
  const spec = omit(deployment["spec"] as JsonObject, ["replicas"]);
  return { ...deployment, spec };
}

async function storedSpec({ api }: KubeFixture): Promise<Json | undefined> {
  const kind = api.kinds.all.find(({ plural }) => plural === "deployments");
  if (kind === undefined) throw new Error("no Deployments");
  const key = documentKey(kind, { fleet: api.fleet, namespace: "shop", name: "web" });
  const document = await api.store.read<KubeBody>(key);
  return (document?.body as JsonObject | undefined)?.["spec"];
}

const strategy = {
  type: "RollingUpdate",
  rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
};
const defaults = { replicas: 1, strategy };

/** A fixture with the template, and what its creation has answered. */
async function withTemplate() {
  const fixture = await kubeFixture();
  const { body } = await fixture.ask("POST", deployments, template());
  return { ...fixture, fixture, made: body };
}

test("every answer shows the defaults, and what is stored is what was written", async () => {
  const { ask, fixture, made } = await withTemplate();
  expect(made).toMatchObject({ spec: defaults, metadata: { generation: 1 } });
  expect((await ask("GET", web)).body).toMatchObject({ spec: defaults });
  expect((await ask("GET", deployments)).body).toMatchObject({ items: [{ spec: defaults }] });
  const dry = await ask("PATCH", `${web}?dryRun=All`, {}, { type: mergePatchType });
  expect(dry.body).toMatchObject({ spec: defaults });
  expect(await storedSpec(fixture)).toEqual(template()["spec"]);
  expect(JSON.stringify(at(made, "metadata", "managedFields"))).not.toMatch(/replicas|strategy/);
});

test("a watch shows the defaults", async () => {
  const { fixture, made } = await withTemplate();
  const before = Number(at(made, "metadata", "resourceVersion")) - 1;
  const watch = await watching(fixture, `${deployments}?watch=1&resourceVersion=${before}`);
  expect(await watch.next()).toMatchObject({ type: "ADDED", object: { spec: defaults } });
  await watch.stop();
});

test("an object that is replaced as it was shown has not changed", async () => {
  const { ask, fixture, made } = await withTemplate();
  const { body } = await ask("PUT", web, made);
  expect(body).toEqual(made);
  expect(await storedSpec(fixture)).toEqual(template()["spec"]);
  const labelled = { ...made, metadata: { ...(made["metadata"] as JsonObject), labels: {} } };
  const { body: next } = await ask("PUT", web, labelled);
  expect(next).toMatchObject({ metadata: { generation: 1 }, spec: defaults });
  expect(await storedSpec(fixture)).toEqual(template()["spec"]);
});

const jsonPatch = (...operations: readonly JsonObject[]) => [jsonPatchType, operations] as const;

test.each<[what: string, type: string, patch: Json, stored: JsonObject]>([
  [
    "tests a default and sets another value",
    ...jsonPatch(
      { op: "test", path: "/spec/replicas", value: 1 },
      { op: "replace", path: "/spec/replicas", value: 4 },
    ),
    { replicas: 4 },
  ],
  [
    "replaces a default by itself",
    ...jsonPatch({ op: "replace", path: "/spec/replicas", value: 1 }),
    {},
  ],
  ["removes a default", ...jsonPatch({ op: "remove", path: "/spec/replicas" }), {}],
  ["sets a default to null", mergePatchType, { spec: { replicas: null } }, {}],
  ["names a default", strategicType, { spec: { replicas: 1 } }, {}],
  [
    "sets what is not the default",
    strategicType,
    { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } },
    { strategy: { type: "Recreate" } },
  ],
])("a patch that %s is laid over what is shown", async (_what, type, patch, stored) => {
  const { ask, fixture } = await withTemplate();
  const { status, body } = await ask("PATCH", web, patch, { type });
  expect({ status, stored: await storedSpec(fixture) }).toEqual({
    status: 200,
    stored: { ...(template()["spec"] as JsonObject), ...stored },
  });
  expect(body).toMatchObject({
    metadata: { generation: Object.keys(stored).length === 0 ? 1 : 2 },
    spec: { replicas: 1, ...stored },
  });
});

test("what is applied is owned and stored, even where it is the default", async () => {
  const { ask, fixture } = await withTemplate();
  const applied = { ...template(), spec: { ...(template()["spec"] as JsonObject), replicas: 1 } };
  const how = { type: applyType };
  const { body } = await ask("PATCH", `${web}?fieldManager=ann&force=true`, applied, how);
  expect(at(await storedSpec(fixture), "replicas")).toBe(1);
  expect(JSON.stringify(at(body, "metadata", "managedFields"))).toMatch(/f:replicas/);
  const { body: without } = await ask("PATCH", `${web}?fieldManager=ann`, template(), how);
  expect(await storedSpec(fixture)).toEqual(template()["spec"]);
  expect(without).toMatchObject({ spec: defaults });
});

test("who scales to the default has asked for it", async () => {
  const { ask, fixture } = await withTemplate();
  const scale = await ask("GET", `${web}/scale`);
  expect(scale.body).toMatchObject({ spec: { replicas: 1 } });
  await ask("PATCH", `${web}/scale`, { spec: { replicas: 1 } }, { type: mergePatchType });
  expect(at(await storedSpec(fixture), "replicas")).toBe(1);
});

test("each version of a kind shows its defaults", async () => {
  const { ask } = await kubeFixture();
  const path = (version: string) =>
    `/apis/autoscaling/${version}/namespaces/shop/horizontalpodautoscalers`;
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const spec = { maxReplicas: 3, scaleTargetRef };
  const made = await ask("POST", path("v1"), { metadata: { name: "web" }, spec });
  expect(made.body).toMatchObject({ spec: { minReplicas: 1 } });
  for (const version of ["v1", "v2"]) {
    const { body } = await ask("GET", `${path(version)}/web`);
    expect(body).toMatchObject({ spec: { minReplicas: 1 } });
    const { body: again } = await ask("PUT", `${path(version)}/web`, body);
    expect(again).toEqual(body);
  }
});
