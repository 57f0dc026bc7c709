import { expect, test } from "vitest";
import { at, omit } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  configMap,
  configMaps,
  deploymentOf,
  deployments,
  jsonPatchType,
  kubeFixture,
  mergePatchType,
  strategicType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";

test("a new object has what the server sets, and none of what the client claims", async () => {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", `${widgets}?fieldManager=ann`, {
    ...widgetOf("w", { size: 1 }),
    metadata: { name: "w", uid: "mine", generation: 7, creationTimestamp: "2001-01-01T00:00:00Z" },
    status: { size: 9 },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: {
      name: "w",
      namespace: "shop",
      generation: 1,
      creationTimestamp: "2026-11-21T12:00:00Z",
      managedFields: [{ manager: "ann", operation: "Update", apiVersion: "example.com/v1" }],
    },
    spec: { size: 1, color: "red" },
  });
  expect(at(body, "metadata", "uid")).not.toBe("mine");
  expect(body["status"]).toBeUndefined();
});

test("generated names begin as asked and differ", async () => {
  const { ask } = await kubeFixture();
  const names = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const { body } = await ask("POST", configMaps, { metadata: { generateName: "job-" } });
      return String(at(body, "metadata", "name"));
    }),
  );
  expect(new Set(names).size).toBe(5);
  for (const name of names) expect(name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test("a dry run answers as the write would, and writes nothing", async () => {
  const { ask, api } = await kubeFixture();
  const created = await ask("POST", `${configMaps}?dryRun=All`, configMap("a"));
  expect(created.status).toBe(201);
  expect((await ask("GET", `${configMaps}/a`)).status).toBe(404);
  await ask("POST", widgets, widgetOf("w", { size: 1 }));
  const before = await api.store.head(api.fleet);
  const how = { type: mergePatchType };
  const patched = await ask("PATCH", `${widgets}/w?dryRun=All`, { spec: { size: 2 } }, how);
  expect(patched.body).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 } });
  const deleted = await ask("DELETE", `${widgets}/w?dryRun=All`);
  expect(deleted.body).toMatchObject({ status: "Success" });
  const twice = await ask("POST", `${widgets}?dryRun=All`, widgetOf("w", { size: 1 }));
  expect(twice.status).toBe(409);
  expect(await api.store.head(api.fleet)).toEqual(before);
});

test("unknown fields are warned of, refused, or dropped, as the client asks", async () => {
  const { ask } = await kubeFixture();
  const odd = { ...widgetOf("w", { size: 1, sise: 2 }), spek: {} };
  const strict = await ask("POST", `${widgets}?fieldValidation=Strict`, odd);
  expect(strict.status).toBe(400);
  expect(strict.body["message"]).toBe(
    'Widget in version "v1" cannot be handled as a Widget: strict decoding error: ' +
      'unknown field "spec.sise", unknown field "spek"',
  );
  const warned = await ask("POST", widgets, odd);
  expect(warned.status).toBe(201);
  expect(warned.headers.get("warning")).toBe(
    '299 - "unknown field \\"spec.sise\\"", 299 - "unknown field \\"spek\\""',
  );
  expect(warned.body["spec"]).toEqual({ size: 1, color: "red" });
  const ignored = await ask("POST", `${widgets}?fieldValidation=Ignore`, {
    ...odd,
    metadata: { name: "v" },
  });
  expect(ignored.headers.get("warning")).toBeNull();
});

test("a wrong object is refused with a cause for each field", async () => {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", widgets, {
    ...widgetOf("W_1", { size: 11, color: "green", name: "TooLong", tags: ["a", "a"] }),
    metadata: { name: "W_1", labels: { "-": "x y" } },
  });
  expect(status).toBe(422);
  expect(body["message"]).toMatch(/^Widget.example.com "W_1" is invalid: \[metadata.name: /);
  const causes = at(body, "details", "causes") as { field: string; reason: string }[];
  expect(causes.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
    "metadata.name FieldValueInvalid",
    "metadata.labels FieldValueInvalid",
    "metadata.labels FieldValueInvalid",
    "spec.size FieldValueInvalid",
    "spec.color FieldValueNotSupported",
    "spec.name FieldValueTooLong",
    "spec.name FieldValueInvalid",
    "spec.tags[1] FieldValueDuplicate",
  ]);
  expect(body["details"]).toMatchObject({ name: "W_1", group: "example.com", kind: "Widget" });
});

test("the generation counts changes of what is wanted, the version all changes", async () => {
  const { ask } = await kubeFixture();
  const how = { type: mergePatchType };
  const seen = async (path: string, patch: object) => {
    const { body } = await ask("PATCH", path, patch as never, how);
    return [at(body, "metadata", "generation"), at(body, "metadata", "resourceVersion")];
  };
  const created = await ask("POST", widgets, widgetOf("w", { size: 1 }));
  const first = at(created.body, "metadata", "resourceVersion");
  expect(await seen(`${widgets}/w`, { spec: { size: 1 } })).toEqual([1, first]);
  const [labelled, second] = await seen(`${widgets}/w`, { metadata: { labels: { a: "b" } } });
  expect(labelled).toBe(1);
  expect(second).not.toBe(first);
  expect((await seen(`${widgets}/w/status`, { status: { size: 1 } }))[0]).toBe(1);
  expect((await seen(`${widgets}/w`, { spec: { size: 2 } }))[0]).toBe(2);
});

test("the status is written below /status alone, and nothing else is", async () => {
  const { ask } = await kubeFixture();
  const how = { type: mergePatchType };
  await ask("POST", widgets, widgetOf("w", { size: 1 }));
  const patch = { spec: { size: 3 }, status: { size: 3 }, metadata: { labels: { a: "b" } } };
  const main = await ask("PATCH", `${widgets}/w`, patch, how);
  expect(main.body).toMatchObject({ spec: { size: 3 }, metadata: { labels: { a: "b" } } });
  expect(main.body["status"]).toBeUndefined();
  const again = { spec: { size: 4 }, status: { size: 4 }, metadata: { labels: { a: "c" } } };
  const status = await ask("PATCH", `${widgets}/w/status?fieldManager=ctl`, again, how);
  expect(status.body).toMatchObject({
    spec: { size: 3 },
    status: { size: 4 },
    metadata: { labels: { a: "b" } },
  });
  const managers = at(status.body, "metadata", "managedFields") as { manager: string }[];
  expect(managers.find(({ manager }) => manager === "ctl")).toMatchObject({
    subresource: "status",
    fieldsV1: { "f:status": { ".": {}, "f:size": {} } },
  });
});

test("a Deployment that says nothing of replicas has one, and other kinds have none", async () => {
  const { ask } = await kubeFixture();
  const { spec, ...web } = deploymentOf("web", "nginx:1");
  await ask("POST", deployments, { ...web, spec: omit(spec as JsonObject, ["replicas"]) });
  const { body } = await ask("GET", `${deployments}/web/scale`);
  expect(body["spec"]).toEqual({ replicas: 1 });
});

test("replicas are read and written below /scale", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", deployments, deploymentOf("web", "nginx:1", 2));
  const scale = await ask("GET", `${deployments}/web/scale`);
  expect(scale.body).toMatchObject({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    spec: { replicas: 2 },
    status: { replicas: 0, selector: "app=web" },
  });
  const how = { type: mergePatchType };
  await ask("PATCH", `${deployments}/web/scale`, { spec: { replicas: 5 } }, how);
  const { body } = await ask("GET", `${deployments}/web`);
  expect(body).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } });
  const old = { metadata: scale.body["metadata"] ?? {}, spec: { replicas: 1 } };
  expect((await ask("PUT", `${deployments}/web/scale`, old)).status).toBe(409);
  const negative = await ask("PATCH", `${deployments}/web/scale`, { spec: { replicas: -1 } }, how);
  expect(negative.status).toBe(422);
});

test("an image is set by the name of its container, and other containers stay", async () => {
  const { ask } = await kubeFixture();
  const manifest = deploymentOf("web", "nginx:1");
  await ask("POST", deployments, manifest);
  const side = { name: "side", image: "proxy:1" };
  const add = [{ op: "add", path: "/spec/template/spec/containers/-", value: side }];
  await ask("PATCH", `${deployments}/web`, add, { type: jsonPatchType });
  const containers = [{ name: "main", image: "nginx:2" }];
  const patch = { spec: { template: { spec: { containers } } } };
  const { body } = await ask("PATCH", `${deployments}/web`, patch, { type: strategicType });
  expect(at(body, "spec", "template", "spec", "containers")).toEqual([
    { name: "main", image: "nginx:2", env: [{ name: "A", value: "1" }] },
    side,
  ]);
});

test("YAML is taken and given where it is asked for", async () => {
  const { ask } = await kubeFixture();
  const yaml = "metadata:\n  name: a\ndata:\n  day: 2026-11-21\n  'yes': 'yes'\n";
  const { status, body } = await ask("POST", configMaps, yaml, {
    type: "application/yaml",
    accept: "application/yaml",
  });
  expect(status).toBe(201);
  expect(body["text"]).toContain('data:\n  day: "2026-11-21"\n  "yes": "yes"\n');
});

test("a secret's text becomes data", async () => {
  const { ask } = await kubeFixture();
  const secret = { metadata: { name: "s" }, stringData: { a: "1" }, data: { b: "Mg==" } };
  const { body } = await ask("POST", "/api/v1/namespaces/shop/secrets", secret);
  expect(body).toMatchObject({ type: "Opaque", data: { a: "MQ==", b: "Mg==" } });
  expect(body["stringData"]).toBeUndefined();
});

test('the version "0" is none: who writes it has not read the object', async () => {
  const { ask } = await kubeFixture();
  const unread = {
    ...configMap("one", { a: "1" }),
    metadata: { name: "one", resourceVersion: "0" },
  };
  expect((await ask("POST", configMaps, unread)).status).toBe(201);
  expect((await ask("PUT", `${configMaps}/one`, unread)).status).toBe(200);
  const other = { metadata: { resourceVersion: "1" } };
  const how = { type: mergePatchType };
  expect((await ask("PATCH", `${configMaps}/one`, other, how)).status).toBe(409);
});

test("an applied object may say that its managed fields are null", async () => {
  const { ask } = await kubeFixture();
  const sent = { ...configMap("one"), metadata: { name: "one", managedFields: null } };
  const path = `${configMaps}/one?fieldManager=me`;
  expect((await ask("PATCH", path, sent, { type: applyType })).status).toBe(201);
  const managed = { ...sent, metadata: { name: "one", managedFields: [] } };
  expect((await ask("PATCH", path, managed, { type: applyType })).status).toBe(400);
});
