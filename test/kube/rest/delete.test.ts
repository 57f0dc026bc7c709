import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import { configMap, configMaps, kubeFixture, mergePatchType } from "../kube-fixture.ts";

const how = { type: mergePatchType };

test("an object that nothing holds is gone at once", async () => {
  const { ask } = await kubeFixture();
  const created = await ask("POST", configMaps, configMap("a"));
  const { status, body } = await ask("DELETE", `${configMaps}/a`);
  expect(status).toBe(200);
  expect(body).toEqual({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: "a", kind: "configmaps", uid: at(created.body, "metadata", "uid") },
  });
  expect((await ask("DELETE", `${configMaps}/a`)).status).toBe(404);
});

test("an object with finalizers waits for the last of them, and takes no new ones", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", configMaps, {
    metadata: { name: "a", finalizers: ["x.com/one", "x.com/two"] },
  });
  const { body } = await ask("DELETE", `${configMaps}/a`);
  expect(body).toMatchObject({
    kind: "ConfigMap",
    metadata: { deletionTimestamp: "2026-11-21T12:00:00Z", deletionGracePeriodSeconds: 0 },
  });
  const version = at(body, "metadata", "resourceVersion");
  const again = await ask("DELETE", `${configMaps}/a`);
  expect(at(again.body, "metadata", "resourceVersion")).toBe(version);

  const more = { metadata: { finalizers: ["x.com/one", "x.com/three"] } };
  const refused = await ask("PATCH", `${configMaps}/a`, more, how);
  expect(refused.status).toBe(422);
  expect(refused.body["message"]).toMatch(
    /no new finalizers can be added .*found new finalizers \[\]string\{"x.com\/three"\}/,
  );
  const revive = { metadata: { deletionTimestamp: null } };
  const revived = await ask("PATCH", `${configMaps}/a`, revive, how);
  expect(at(revived.body, "metadata", "deletionTimestamp")).toBe("2026-11-21T12:00:00Z");

  await ask("PATCH", `${configMaps}/a`, { metadata: { finalizers: ["x.com/two"] } }, how);
  const last = await ask("PATCH", `${configMaps}/a`, { metadata: { finalizers: null } }, how);
  expect(last.status).toBe(200);
  expect((await ask("GET", `${configMaps}/a`)).status).toBe(404);
});

test("a collection is deleted as its selectors say", async () => {
  const { ask } = await kubeFixture();
  for (let index = 0; index < 40; index++) {
    const labels = { half: String(index % 2) };
    await ask("POST", configMaps, { metadata: { name: `c${index}`, labels } });
  }
  const { body } = await ask("DELETE", `${configMaps}?labelSelector=half%3D1`);
  expect(body["kind"]).toBe("ConfigMapList");
  expect(body["items"]).toHaveLength(20);
  const rest = (await ask("GET", configMaps)).body["items"] as object[];
  expect(rest).toHaveLength(20);
  await ask("DELETE", configMaps);
  expect((await ask("GET", configMaps)).body["items"]).toEqual([]);
});

test("a namespace that is deleted takes nothing new, and stays until it is let go", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", configMaps, configMap("a"));
  const { body } = await ask("DELETE", "/api/v1/namespaces/shop");
  expect(body).toMatchObject({
    status: { phase: "Terminating" },
    spec: { finalizers: ["kubernetes"] },
  });
  const refused = await ask("POST", configMaps, configMap("b"));
  expect(refused.body).toMatchObject({
    code: 403,
    reason: "Forbidden",
    message:
      'configmaps "b" is forbidden: unable to create new content in namespace shop because it is ' +
      "being terminated",
    details: { causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] },
  });
  const free = { metadata: { name: "shop" }, spec: { finalizers: [] } };
  const unheeded = await ask("PUT", "/api/v1/namespaces/shop", free);
  expect(unheeded.body).toMatchObject({ spec: { finalizers: ["kubernetes"] } });
  expect((await ask("PUT", "/api/v1/namespaces/shop/finalize", free)).status).toBe(200);
  expect((await ask("GET", "/api/v1/namespaces/shop")).status).toBe(404);
});
