/** What an API that has learnt what built-in kinds are makes of the fields of their objects. */
import { expect, test } from "vitest";
import { at, omit } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  configMap,
  configMaps,
  deploymentOf,
  deployments,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  strategicType,
} from "../kube-fixture.ts";
import { learntFixture, learntKinds } from "./learnt-kinds.ts";

/** The Deployment "web" with this container alone. */
function webOf(container: JsonObject): JsonObject {
  const web = deploymentOf("web", "nginx:1", 1);
  const template = at(web, "spec", "template") as JsonObject;
  const spec = { template: { ...template, spec: { containers: [container] } } };
  return { ...web, spec: { ...(web["spec"] as JsonObject), ...spec } };
}

/** The Deployment "web" with a change of its spec, or of its first container. */
function webWith(spec: JsonObject, container: JsonObject = {}): JsonObject {
  const web = webOf({ name: "main", image: "nginx:1", ...container });
  return { ...web, spec: { ...(web["spec"] as JsonObject), ...spec } };
}

const create = async ({ ask }: KubeFixture, object: JsonObject, validation = "Strict") =>
  await ask("POST", `${deployments}?fieldValidation=${validation}`, object);

const main = "spec.template.spec.containers[0]";

test.each<[name: string, object: JsonObject, unknown: readonly string[]]>([
  ["of the spec", webWith({ replica: 3 }), ["spec.replica"]],
  ["in another case", webWith({ Replicas: 3 }), ["spec.Replicas"]],
  ["of a container", webWith({}, { imagee: "x" }), [`${main}.imagee`]],
  [
    "of an item in an item",
    webWith({}, { env: [{ name: "A", val: "1" }] }),
    [`${main}.env[0].val`],
  ],
  ["beside others", webWith({ a: 1, b: 2 }), ["spec.a", "spec.b"]],
  ["of the object", { ...webWith({}), specs: {} }, ["specs"]],
])("a field %s that Kubernetes does not know is refused, told or left out", async (...row) => {
  const [, object, unknown] = row;
  const sentences = unknown.map((path) => `unknown field "${path}"`);
  const fixture = await learntFixture();
  const strict = await create(fixture, object);
  expect(strict.body).toMatchObject({
    code: 400,
    reason: "BadRequest",
    message:
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ' +
      sentences.join(", "),
  });
  const warned = await create(fixture, object, "Warn");
  expect(warned.status).toBe(201);
  const warning = warned.headers.get("warning") ?? "";
  for (const path of unknown) expect(warning).toContain(`unknown field \\"${path}\\"`);
  for (const path of unknown) expect(JSON.stringify(warned.body)).not.toContain(lastOf(path));
  const again = { ...object, metadata: { name: "web-2" } };
  const ignored = await create(fixture, again, "Ignore");
  expect([ignored.status, ignored.headers.get("warning")]).toEqual([201, null]);
});

const lastOf = (path: string) => `"${path.split(".").at(-1)}":`;

const web = "spec.template.spec.containers";

test.each<[object: JsonObject, found: string, field: string, wanted: string]>([
  [webWith({ replicas: "3" }), "string", "DeploymentSpec.spec.replicas", "int32"],
  [webWith({ replicas: 1.5 }), "number 1.5", "DeploymentSpec.spec.replicas", "int32"],
  [webWith({ replicas: 3e9 }), "number 3000000000", "DeploymentSpec.spec.replicas", "int32"],
  [webWith({ paused: "yes" }), "string", "DeploymentSpec.spec.paused", "bool"],
  [webWith({ template: [] }), "array", "DeploymentSpec.spec.template", "v1.PodTemplateSpec"],
  [webWith({}, { image: 1 }), "number", `Container.${web}.image`, "string"],
  [webWith({}, { args: "x" }), "string", `Container.${web}.args`, "[]string"],
  [webWith({}, { ports: { a: 1 } }), "object", `Container.${web}.ports`, "[]v1.ContainerPort"],
])("%j is refused as Go does: %s for %s of type %s", async (object, found, field, wanted) => {
  const fixture = await learntFixture();
  for (const validation of ["Strict", "Warn", "Ignore"]) {
    const { body } = await create(fixture, object, validation);
    expect(body).toMatchObject({
      code: 400,
      reason: "BadRequest",
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal ' +
        `${found} into Go struct field ${field} of type ${wanted}`,
    });
  }
});

const pattern = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";

test.each<[cpu: JsonObject[string], because: string]>([
  ["much", `quantities must match the regular expression '${pattern}'`],
  ["", `quantities must match the regular expression '${pattern}'`],
  ["1 Gi", `quantities must match the regular expression '${pattern}'`],
  [true, `quantities must match the regular expression '${pattern}'`],
  ["9".repeat(100_000), `quantities must match the regular expression '${pattern}'`],
  ["1KK", "unable to parse quantity's suffix"],
  ["1.2.3", `quantities must match the regular expression '${pattern}'`],
])("the quantity %j is refused", async (cpu, because) => {
  const object = webWith({}, { resources: { requests: { cpu } } });
  const { body } = await create(await learntFixture(), object);
  expect(body).toMatchObject({
    code: 400,
    reason: "BadRequest",
    message: `Deployment in version "v1" cannot be handled as a Deployment: ${because}`,
  });
});

test.each([1, 0.5, "1", "500m", "1.5Gi", "1e3", "100Ki", "+1"])(
  "the quantity %j is taken",
  async (cpu) => {
    const object = webWith({}, { resources: { requests: { cpu } } });
    expect((await create(await learntFixture(), object)).status).toBe(201);
  },
);

test("what may be a number or a text is nothing else", async () => {
  const probe = { httpGet: { port: true } };
  const { body } = await create(await learntFixture(), webWith({}, { livenessProbe: probe }));
  expect(body["message"]).toMatch(/json: cannot unmarshal bool into Go value of type int32$/);
});

test("values of maps have types too", async () => {
  const { ask } = await learntFixture();
  const { body } = await ask("POST", configMaps, configMap("c", { a: 1 }));
  expect(body["message"]).toBe(
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number ' +
      "into Go struct field ConfigMap.data of type string",
  );
});

test("no default is added but what clients crash without: templates stay as they are", async () => {
  const bare = webWith({ paused: null });
  const made = await create(await learntFixture(), bare);
  expect(made.status).toBe(201);
  const spec = omit(made.body["spec"] as JsonObject, ["strategy"]);
  expect(spec).toEqual(omit(bare["spec"] as JsonObject, ["paused"]));
});

test("anything is taken where Kubernetes takes anything", async () => {
  const { ask } = await learntFixture();
  const limits = { cpu: 1, memory: "1Gi" };
  const made = await ask("POST", `${deployments}?fieldValidation=Strict`, {
    ...webWith(
      { strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: 1 } } },
      {
        resources: { limits },
      },
    ),
  });
  expect(made.status).toBe(201);
  const revisions = "/apis/apps/v1/namespaces/shop/controllerrevisions?fieldValidation=Strict";
  const free = {
    metadata: { name: "r" },
    revision: 1,
    data: { any: { thing: [1, { is: "good" }] } },
  };
  expect((await ask("POST", revisions, free)).body).toMatchObject({ data: free.data });
});

test("what was stored before kinds were learnt is in nobody's way", async () => {
  const before = await kubeFixture();
  const old = webWith({ replica: 3 });
  expect((await create(before, old)).status).toBe(201);
  const after = await kubeFixture({ kinds: learntKinds, store: before.api.store });
  const path = `${deployments}/web?fieldValidation=Strict`;
  const label = { metadata: { labels: { tier: "front" } } };
  const labelled = await after.ask("PATCH", path, label, { type: mergePatchType });
  expect(labelled.status).toBe(200);
  expect(labelled.body["spec"]).not.toHaveProperty("replica");
  const typo = { spec: { replicaz: 1 } };
  const refused = await after.ask("PATCH", path, typo, { type: mergePatchType });
  expect(refused.body["message"]).toMatch(/unknown field "spec.replicaz"$/);
});

test("a wrong value that was stored before stays until it is set right", async () => {
  const before = await kubeFixture();
  expect((await create(before, webWith({ replicas: "3" }))).status).toBe(201);
  const { ask } = await kubeFixture({ kinds: learntKinds, store: before.api.store });
  const patch = async (change: JsonObject) =>
    await ask("PATCH", `${deployments}/web`, change, { type: mergePatchType });
  const label = { metadata: { labels: { tier: "front" } } };
  expect((await patch(label)).body).toMatchObject({ ...label, spec: { replicas: "3" } });
  expect((await patch({ spec: { replicas: "x", paused: 1 } })).status).toBe(200);
  expect((await patch({ spec: { replicas: 3 } })).status).toBe(422);
  expect((await patch({ spec: { replicas: 3, paused: null } })).status).toBe(200);
  expect((await patch({ spec: { replicas: "3" } })).status).toBe(422);
});

test("two managers share the containers of a pod template by their names", async () => {
  const { ask } = await learntFixture();
  const apply = async (manager: string, container: JsonObject) => {
    const path = `${deployments}/web?fieldManager=${manager}`;
    return await ask("PATCH", path, webOf(container), { type: applyType });
  };
  await apply("ann", { name: "a", image: "a:1", ports: [{ containerPort: 80 }] });
  await apply("bob", { name: "b", image: "b:1" });
  const both = await apply("bob", { name: "b", image: "b:2" });
  expect(at(both.body, "spec", "template", "spec", "containers")).toEqual([
    { name: "a", image: "a:1", ports: [{ containerPort: 80 }] },
    { name: "b", image: "b:2" },
  ]);
  const conflict = await apply("bob", { name: "a", image: "a:2" });
  expect(conflict.body["message"]).toContain(
    'conflict with "ann": .spec.template.spec.containers[name="a"].image',
  );
});

test("what was applied before kinds were learnt is applied again without loss", async () => {
  const before = await kubeFixture();
  const after = await kubeFixture({ kinds: learntKinds, store: before.api.store });
  const apply = async ({ ask }: KubeFixture, object: JsonObject) =>
    await ask("PATCH", `${deployments}/web?fieldManager=ann`, object, { type: applyType });
  const probe = { livenessProbe: { httpGet: { path: "/", port: 80 } } };
  const strategy = { strategy: { rollingUpdate: { maxSurge: 1 } } };
  const first = await apply(before, webWith(strategy, probe));
  const second = await apply(after, webWith(strategy, probe));
  expect(second.body["spec"]).toEqual(first.body["spec"]);
  const [owned] = at(second.body, "metadata", "managedFields") as JsonObject[];
  // Of structs, an API server that knows them notes the fields only.
  expect(at(owned, "fieldsV1", "f:spec", "f:strategy")).toEqual({
    "f:rollingUpdate": { "f:maxSurge": {} },
  });
  const third = await apply(after, webWith({}));
  const shown = {
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
  };
  expect(at(third.body, "spec", "strategy")).toEqual(shown);
  expect(at(third.body, "spec", "template", "spec", "containers")).toEqual([
    { name: "main", image: "nginx:1" },
  ]);
});

test("a strategic merge patch meets lists by their merge keys", async () => {
  const fixture = await learntFixture();
  await create(fixture, webWith({}));
  const containers = [
    { name: "side", image: "s:1" },
    { $patch: "delete", name: "main" },
  ];
  const patch = { spec: { template: { spec: { containers } } } };
  const how = { type: strategicType };
  const { body } = await fixture.ask("PATCH", `${deployments}/web`, patch, how);
  expect(at(body, "spec", "template", "spec", "containers")).toEqual([
    { name: "side", image: "s:1" },
  ]);
});
