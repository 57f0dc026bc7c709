import { expect, test } from "vitest";
import type { Store } from "../../shared/effects/store.ts";
import { preparedDefinition } from "../../shared/kube/definitions/prepared-definition.ts";
import { at } from "../../shared/kube/json.ts";
import { type GadgetParts, gadgetDefinition } from "../kube/definitions/definition-fixture.ts";
import { hubInMemory } from "./hub-in-memory.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const gadgets = "/apis/example.com/v1/namespaces/default/gadgets";

const size = { type: "integer", default: 3, maximum: 10 };

const definition = (more: GadgetParts = {}) => {
  const additionalPrinterColumns = [{ name: "Size", type: "integer", jsonPath: ".spec.size" }];
  const names = { kind: "Gadget", plural: "gadgets", shortNames: ["gd"] };
  return gadgetDefinition({
    spec: { names, ...more.spec },
    version: { additionalPrinterColumns },
    size,
    ...more,
  });
};

const gadget = (spec: object) => ({
  apiVersion: "example.com/v1",
  kind: "Gadget",
  metadata: { name: "g" },
  spec,
});

test("a definition is established at once, and so is its resource", async () => {
  const { ask } = await hubInMemory();
  expect((await ask("GET", gadgets)).status).toBe(404);
  const { status, body } = await ask("POST", definitions, definition());
  expect(status).toBe(201);
  expect(at(body, "status", "conditions")).toMatchObject([
    { type: "NamesAccepted", status: "True" },
    { type: "Established", status: "True" },
  ]);
  const made = await ask("POST", gadgets, gadget({}));
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ spec: { size: 3 } });
  const refused = await ask("PATCH", `${gadgets}/g`, { spec: { size: 11 } });
  expect(refused.body).toMatchObject({
    code: 422,
    details: { causes: [{ field: "spec.size" }] },
  });
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const table = await ask("GET", gadgets, undefined, { accept });
  expect(at(table.body, "columnDefinitions")).toMatchObject([{ name: "Name" }, { name: "Size" }]);
});

test("discovery and OpenAPI tell of it, and no longer once it is gone", async () => {
  const { ask, settle } = await hubInMemory();
  await ask("POST", definitions, definition());
  expect((await ask("GET", "/apis/example.com/v1")).body).toMatchObject({
    resources: [
      { name: "gadgets", kind: "Gadget", shortNames: ["gd"] },
      { name: "gadgets/status" },
    ],
  });
  const index = await ask("GET", "/openapi/v3");
  expect(at(index.body, "paths", "apis/example.com/v1")).toBeDefined();
  const document = await ask("GET", "/openapi/v3/apis/example.com/v1");
  expect(JSON.stringify(document.body)).toContain('"maximum":10');
  await ask("DELETE", `${definitions}/gadgets.example.com`);
  await settle();
  expect((await ask("GET", "/apis/example.com/v1")).status).toBe(404);
  expect((await ask("GET", gadgets)).status).toBe(404);
});

test("a changed definition holds from the next request on", async () => {
  const { ask } = await hubInMemory();
  await ask("POST", definitions, definition());
  await ask("POST", gadgets, gadget({ size: 1 }));
  const widened = { size: { ...size, maximum: 20 }, fields: { color: { type: "string" } } };
  const { spec } = definition(widened);
  expect((await ask("PATCH", `${definitions}/gadgets.example.com`, { spec })).status).toBe(200);
  const { status, body } = await ask("PATCH", `${gadgets}/g`, { spec: { size: 20, color: "red" } });
  expect(status).toBe(200);
  expect(body).toMatchObject({ spec: { size: 20, color: "red" } });
});

test("what it defined goes with it", async () => {
  const { ask, settle, effects, fleet } = await hubInMemory();
  await ask("POST", definitions, definition());
  await ask("POST", gadgets, gadget({}));
  await ask("DELETE", `${definitions}/gadgets.example.com`);
  await settle();
  expect((await ask("GET", `${definitions}/gadgets.example.com`)).status).toBe(404);
  const left = await effects.store.list({ fleet, kind: "example.com/gadgets" });
  expect(left.documents).toEqual([]);
});

test("an object of it with a finalizer keeps it until the finalizer is gone", async () => {
  const { ask, settle } = await hubInMemory();
  await ask("POST", definitions, definition());
  const held = { ...gadget({}), metadata: { name: "g", finalizers: ["x.com/hold"] } };
  await ask("POST", gadgets, held);
  await ask("DELETE", `${definitions}/gadgets.example.com`);
  await settle();
  const { body } = await ask("GET", `${definitions}/gadgets.example.com`);
  expect(at(body, "metadata", "deletionTimestamp")).toBeDefined();
  const other = { ...gadget({}), metadata: { name: "other" } };
  expect((await ask("POST", gadgets, other)).status).toBe(405);
  expect((await ask("PATCH", `${gadgets}/g`, { metadata: { finalizers: null } })).status).toBe(200);
  await settle();
  expect((await ask("GET", `${definitions}/gadgets.example.com`)).status).toBe(404);
});

test("a definition of a kind that the hub serves itself is refused, and an old one does no harm", async () => {
  const { ask, settle, effects, fleet } = await hubInMemory();
  const group = "placement.kubernetes-fleet.io";
  const placements = `/apis/${group}/v1/clusterresourceplacements`;
  const resourceSelectors = [{ group: "", version: "v1", kind: "Namespace", name: "default" }];
  const placement = {
    apiVersion: `${group}/v1`,
    kind: "ClusterResourcePlacement",
    metadata: { name: "kept" },
    spec: { resourceSelectors },
  };
  expect((await ask("POST", placements, placement)).status).toBe(201);
  const names = { kind: "ClusterResourcePlacement", plural: "clusterresourceplacements" };
  const metadata = {
    name: `clusterresourceplacements.${group}`,
    // Kubernetes asks for it in groups of its own.
    annotations: {
      "api-approved.kubernetes.io": "https://github.com/kubernetes/kubernetes/pull/1",
    },
  };
  const shadow = { ...definition({ spec: { group, scope: "Cluster", names } }), metadata };
  const refused = await ask("POST", definitions, shadow);
  expect(refused.body).toMatchObject({ code: 403, reason: "Forbidden" });
  expect(refused.body["message"]).toMatch(/"placement\.kubernetes-fleet\.io" itself/);

  const { apiVersion: _a, kind: _k, ...rest } = preparedDefinition(shadow);
  const { annotations } = metadata;
  const key = {
    fleet,
    kind: "apiextensions.k8s.io/customresourcedefinitions",
    name: metadata.name,
  };
  const stored = { ...rest, metadata: { annotations } };
  await effects.store.commit({ fleet, writes: [{ kind: "create", key, body: stored }] });
  await settle();
  const old = await ask("GET", `${definitions}/${metadata.name}`);
  expect(at(old.body, "status", "conditions")).toMatchObject([
    { type: "NamesAccepted", status: "False", reason: "KindConflict" },
    { type: "Established", status: "False" },
  ]);
  expect((await ask("GET", `${placements}/kept`)).status).toBe(200);
  await ask("DELETE", `${definitions}/${metadata.name}`);
  await settle();
  expect((await ask("GET", `${definitions}/${metadata.name}`)).status).toBe(404);
  const { status, body } = await ask("GET", `${placements}/kept`);
  expect(status).toBe(200);
  expect(at(body, "metadata", "deletionTimestamp")).toBeUndefined();
});

test("a fleet's definitions are no other fleet's", async () => {
  const [one, other] = [await hubInMemory(), await hubInMemory()];
  await one.ask("POST", definitions, definition());
  expect((await other.ask("GET", gadgets)).status).toBe(404);
});

test("a request costs no read of definitions for own kinds, and one for those of users", async () => {
  const reads: string[] = [];
  const hub = await hubInMemory(
    (store: Store): Store => ({
      ...store,
      read: async (key) => {
        reads.push(key.kind);
        return await store.read(key);
      },
    }),
  );
  await hub.ask("POST", definitions, definition());
  await hub.ask("POST", gadgets, gadget({}));
  reads.length = 0;
  await hub.ask("GET", "/api/v1/namespaces/default");
  expect(reads).toEqual(["namespaces"]);
  reads.length = 0;
  await hub.ask("GET", `${gadgets}/g`);
  expect(reads).toEqual(["apiextensions.k8s.io/customresourcedefinitions", "example.com/gadgets"]);
});
