import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import type { AccessAttributes } from "../../../shared/kube/kube-api.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { configMap, configMaps, kubeFixture, widgetOf, widgets } from "../kube-fixture.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/shop/leases";
const one = `${leases}/one`;

const lease = (metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "one", ...metadata },
  spec: { holderIdentity: "a" },
});

test("a PUT makes what is not there of the kinds of which Kubernetes does so, and no others", () => {
  const made = builtInKinds().filter(({ isMadeByPut }) => isMadeByPut === true);
  expect(made.map(({ group, plural }) => `${plural}.${group}`).sort()).toEqual([
    "clusterrolebindings.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io",
    "endpoints.",
    "events.",
    "events.events.k8s.io",
    "leases.coordination.k8s.io",
    "limitranges.",
    "rolebindings.rbac.authorization.k8s.io",
    "roles.rbac.authorization.k8s.io",
    "runtimeclasses.node.k8s.io",
    "services.",
  ]);
});

test("a PUT makes a Lease, and changes it from then on", async () => {
  const { ask } = await kubeFixture();
  const made = await ask("PUT", `${one}?fieldManager=ann`, lease({ resourceVersion: "3" }));
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    metadata: { namespace: "shop", managedFields: [{ manager: "ann", operation: "Update" }] },
    spec: { holderIdentity: "a" },
  });
  const again = await ask("PUT", one, { ...lease(), spec: { holderIdentity: "b" } });
  expect(again.status).toBe(200);
  expect((await ask("GET", one)).body).toMatchObject({ spec: { holderIdentity: "b" } });
});

test("a dry run makes nothing", async () => {
  const { ask } = await kubeFixture();
  expect((await ask("PUT", `${one}?dryRun=All`, lease())).status).toBe(201);
  expect((await ask("GET", one)).status).toBe(404);
});

test.each<[name: string, path: string, body: JsonObject, code: number]>([
  ["a ConfigMap", `${configMaps}/one`, configMap("one"), 404],
  ["a custom resource", `${widgets}/one`, widgetOf("one", { size: 1 }), 404],
  ["a status", "/api/v1/namespaces/shop/services/one/status", { metadata: { name: "one" } }, 404],
  ["an object that was another", one, lease({ uid: "uid-1" }), 409],
  ["an object that is not valid", one, { ...lease(), spec: { leaseDurationSeconds: 0 } }, 422],
  ["an object of another name", one, lease({ name: "two" }), 400],
  ["what has no namespace", one.replace("shop", "nowhere"), lease(), 404],
])("a PUT of %s makes nothing", async (_name, path, body, code) => {
  const { ask } = await kubeFixture();
  expect((await ask("PUT", path, body)).body).toMatchObject({ code });
  expect((await ask("GET", path)).status).toBe(404);
});

test("who may update and not create makes nothing by a PUT", async () => {
  const asked: AccessAttributes[] = [];
  const authorize = (attributes: AccessAttributes) => {
    asked.push(attributes);
    const isRefused =
      attributes.kind === "resource" &&
      attributes.verb === "create" &&
      attributes.resource === "leases";
    return isRefused
      ? ({ allowed: false, reason: "not you" } as const)
      : ({ allowed: true } as const);
  };
  const { ask } = await kubeFixture({ authorize });
  const { body } = await ask("PUT", one, lease());
  expect(body).toMatchObject({ code: 403, message: /cannot create resource "leases"/ });
  expect(asked.at(-1)).toMatchObject({ verb: "create", name: "one", namespace: "shop" });
  expect((await ask("GET", one)).status).toBe(404);
});

test("of many that make the same by a PUT, one does, and all others change it", async () => {
  const { ask } = await kubeFixture();
  const answers = await Promise.all(
    ["a", "b", "c", "d", "e", "f"].map(
      async (holderIdentity) => await ask("PUT", one, { ...lease(), spec: { holderIdentity } }),
    ),
  );
  const codes = answers.map(({ status }) => status).sort();
  expect(codes).toEqual([200, 200, 200, 200, 200, 201]);
});
