/** What is stored may be older than its definition, or than the version that it is asked for in. */
import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { withDefinitions } from "../../../shared/kube/definitions/definition-kind.ts";
import { at } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { Kind } from "../../../shared/lib/document.ts";
import type { JsonObject, KubeBody } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  jsonPatchType,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
} from "../kube-fixture.ts";
import { type GadgetParts, gadgetDefinition } from "./definition-fixture.ts";

const gadgets = "/apis/example.com/v1/namespaces/shop/gadgets";
const text = { type: "string" };
const merge = { type: mergePatchType };

const kindsWith = (parts: GadgetParts) =>
  withDefinitions(kindsOf(builtInKinds()), [gadgetDefinition(parts)]);

function gadget(spec: JsonObject, version = "v1"): JsonObject {
  return { apiVersion: `example.com/${version}`, kind: "Gadget", metadata: { name: "g" }, spec };
}

/** An object that was written before its definition lost a field and got two with defaults. */
async function olderThanItsDefinition(): Promise<KubeFixture> {
  const before = await kubeFixture({ kinds: kindsWith({ fields: { old: text, keep: text } }) });
  const { status } = await before.ask("POST", gadgets, gadget({ old: "x", keep: "y" }));
  expect(status).toBe(201);
  const deep = { type: "object", default: {}, properties: { deep: { ...text, default: "d" } } };
  const fields = { keep: text, fresh: { ...text, default: "f" }, deep };
  return await kubeFixture({ kinds: kindsWith({ fields }), store: before.api.store });
}

const read = { keep: "y", fresh: "f", deep: { deep: "d" } };

test("an object is read without what its definition has lost, and with its new defaults", async () => {
  const { ask } = await olderThanItsDefinition();
  expect((await ask("GET", `${gadgets}/g`)).body["spec"]).toEqual(read);
  const { items } = (await ask("GET", gadgets)).body as { items: readonly JsonObject[] };
  expect(items.map((item) => item["spec"])).toEqual([read]);
  expect((await ask("GET", `${gadgets}?fieldSelector=metadata.name%3Dg`)).status).toBe(200);
});

test("a strict change is not refused for fields that its client never sent", async () => {
  const { ask } = await olderThanItsDefinition();
  const change = { spec: { keep: "z" } };
  const { status, body } = await ask("PATCH", `${gadgets}/g?fieldValidation=Strict`, change, merge);
  expect(status).toBe(200);
  expect(body["spec"]).toEqual({ ...read, keep: "z" });
  expect(at(body, "metadata", "generation")).toBe(2);
});

test("a label changes nothing that is wanted, however the definition has changed since", async () => {
  const { ask } = await olderThanItsDefinition();
  const label = { metadata: { labels: { a: "b" } } };
  const query = "?fieldManager=labeller";
  const { body } = await ask("PATCH", `${gadgets}/g${query}`, label, merge);
  expect(body["spec"]).toEqual(read);
  expect(at(body, "metadata", "generation")).toBe(1);
  const managed = at(body, "metadata", "managedFields") as readonly JsonObject[];
  const own = managed.find(({ manager }) => manager === "labeller");
  expect(own?.["fieldsV1"]).toEqual({ "f:metadata": { "f:labels": { ".": {}, "f:a": {} } } });
});

async function inTwoVersions(more: JsonObject = {}): Promise<KubeFixture> {
  const first = at(gadgetDefinition()["spec"], "versions") as readonly JsonObject[];
  const version = (name: string, fields: JsonObject) => ({
    ...first[0],
    name,
    storage: name === "v1",
    subresources: {
      status: {},
      scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" },
    },
    schema: { openAPIV3Schema: schemaOf(fields) },
  });
  const versions = [version("v1", { newer: text, ...more }), version("v1alpha1", { older: text })];
  return await kubeFixture({ kinds: kindsWith({ spec: { versions } }) });
}

const schemaOf = (fields: JsonObject): JsonObject => ({
  type: "object",
  properties: {
    spec: { type: "object", properties: { size: { type: "integer" }, ...fields } },
    status: { type: "object", properties: { size: { type: "integer" } } },
  },
});

const alpha = gadgets.replace("/v1/", "/v1alpha1/");

test("each version shows the fields that it knows, and stores those that the stored one knows", async () => {
  const { api, ask } = await inTwoVersions();
  await ask("POST", gadgets, gadget({ size: 1, newer: "n" }));
  expect((await ask("GET", `${alpha}/g`)).body["spec"]).toEqual({ size: 1 });
  await ask("PATCH", `${alpha}/g`, { spec: { older: "o" } }, merge);
  expect((await ask("GET", `${gadgets}/g`)).body["spec"]).toEqual({ size: 1 });
  const kind = "example.com/gadgets" as Kind<KubeBody & { readonly spec: JsonObject }>;
  const stored = await api.store.read({ fleet: api.fleet, kind, namespace: "shop", name: "g" });
  expect(stored?.body.spec).toEqual({ size: 1 });
});

test("a status through a version without a stored default changes nothing that is wanted", async () => {
  const { ask } = await inTwoVersions({ mode: { ...text, default: "auto" } });
  await ask("POST", gadgets, gadget({ size: 1 }));
  const generations: unknown[] = [];
  for (const size of [1, 2, 3]) {
    const { body } = await ask("PATCH", `${alpha}/g/status`, { status: { size } }, merge);
    generations.push(at(body, "metadata", "generation"));
  }
  expect(generations).toEqual([1, 1, 1]);
});

test("nothing strict is refused through a version that lacks a stored field", async () => {
  const { ask } = await inTwoVersions();
  await ask("POST", gadgets, gadget({ size: 1, newer: "n" }));
  const strict = "?fieldValidation=Strict&fieldManager=me";
  const shown = (await ask("GET", `${alpha}/g`)).body;
  const size = { spec: { size: 2 } };
  const status = { status: { size: 1 } };
  const replicas = { spec: { replicas: 3 } };
  const apply = { type: applyType };
  const jsonPatch = { type: jsonPatchType };
  const remove = [{ op: "replace", path: "/spec/size", value: 5 }];
  const asked = [
    await ask("PUT", `${alpha}/g${strict}`, shown),
    await ask("PATCH", `${alpha}/g${strict}`, size, merge),
    await ask("PATCH", `${alpha}/g/status${strict}`, status, merge),
    await ask("PATCH", `${alpha}/g/scale${strict}`, replicas, merge),
    await ask("PATCH", `${alpha}/g${strict}`, remove, jsonPatch),
    await ask("PATCH", `${alpha}/g${strict}&force=true`, gadget({ size: 4 }, "v1alpha1"), apply),
  ];
  expect(asked.map(({ status: code }) => code)).toEqual([200, 200, 200, 200, 200, 200]);
});
