import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { storedObject, toBody, toObject } from "../../../shared/kube/object/to-object.ts";
import {
  documentKind,
  type KubeObject,
  type ServedKind,
} from "../../../shared/kube/served-kind.ts";
import { type Document, type FleetId, keyOf } from "../../../shared/lib/document.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture, mergePatchType } from "../kube-fixture.ts";

/** Its older version names a field differently, and one field belongs to another face. */
const thing: ServedKind = {
  group: "example.com",
  kind: "Thing",
  plural: "things",
  singular: "thing",
  namespaced: true,
  hasStatus: true,
  documents: documentKind("example.com", "things"),
  hidden: ["arm"],
  finalizers: ["example.com/cleanup"],
  hiddenOnCreate: (object) => ({ arm: { madeBy: String(object.metadata["name"]) } }),
  refsOf: (body, name) => [
    `thing:${name}`,
    `size:${JSON.stringify((body as unknown as JsonObject)["size"])}`,
  ],
  versions: [
    { name: "v1", schema: { type: "object", properties: { size: { type: "integer" } } } },
    {
      name: "v1alpha1",
      schema: { type: "object", properties: { bigness: { type: "integer" } } },
      toStored: ({ bigness, ...rest }) => ({
        ...(rest as KubeObject),
        ...(bigness !== undefined && { size: bigness }),
      }),
      fromStored: ({ size, ...rest }) => ({
        ...(rest as KubeObject),
        ...(size !== undefined && { bigness: size }),
      }),
    },
  ],
  expand: async (object, _document, store) => ({
    ...object,
    status: { documents: (await store.find("example.com/things")).length },
  }),
};

const [v1, alpha] = thing.versions;
const path = "/apis/example.com/v1/namespaces/shop/things";
const alphaPath = "/apis/example.com/v1alpha1/namespaces/shop/things";

function thingDocument(): Document {
  return {
    key: keyOf(thing.documents, "/fleet" as FleetId, "t", "shop"),
    uid: "u",
    createdAt: "2026-11-21T12:00:00.123Z" as Instant,
    createdRevision: 5,
    revision: 7,
    generation: 2,
    refs: [],
    body: {
      metadata: { labels: { a: "b" }, deletionTimestamp: "2026-11-21T13:00:00.456Z" },
      size: 3,
      arm: { secret: true },
    },
  };
}

test("a document is an object in each version, with the metadata that the log knows", () => {
  if (v1 === undefined || alpha === undefined) throw new Error("there are two versions");
  const metadata = {
    name: "t",
    namespace: "shop",
    uid: "u",
    resourceVersion: "7",
    generation: 2,
    creationTimestamp: "2026-11-21T12:00:00Z",
    deletionTimestamp: "2026-11-21T13:00:00Z",
    labels: { a: "b" },
  };
  const document = thingDocument();
  expect(toObject(document, thing, v1)).toEqual({
    apiVersion: "example.com/v1",
    kind: "Thing",
    metadata,
    size: 3,
  });
  expect(toObject(document, thing, alpha)).toEqual({
    apiVersion: "example.com/v1alpha1",
    kind: "Thing",
    metadata,
    bigness: 3,
  });
  expect(storedObject(document, thing)["arm"]).toBeUndefined();
});

test("a body is the object without what the document says itself", () => {
  if (alpha === undefined) throw new Error("there are two versions");
  const body = toBody(toObject(thingDocument(), thing, alpha), thing, alpha);
  expect(body).toEqual({
    metadata: { labels: { a: "b" }, deletionTimestamp: "2026-11-21T13:00:00Z" },
    size: 3,
  });
});

const newThing = (version: string, content: object) => ({
  apiVersion: `example.com/${version}`,
  kind: "Thing",
  metadata: { name: "t" },
  ...content,
});

async function withThings() {
  return await kubeFixture({ kinds: kindsOf([...builtInKinds(), thing]) });
}

test("what another face owns is set on create, never shown and never lost", async () => {
  const { ask, api } = await withThings();
  const created = await ask("POST", path, newThing("v1", { size: 1 }));
  expect(created.body["arm"]).toBeUndefined();
  const how = { type: mergePatchType };
  await ask("PATCH", `${path}/t`, { size: 2, arm: { madeBy: "me" } }, how);
  const key = keyOf(thing.documents, api.fleet, "t", "shop");
  const document = await api.store.read(key);
  expect(document?.body).toMatchObject({ size: 2, arm: { madeBy: "t" } });
  expect(document?.refs).toEqual(["thing:t", "size:2"]);
});

test("each version reads and writes the one stored form", async () => {
  const { ask } = await withThings();
  await ask("POST", alphaPath, newThing("v1alpha1", { bigness: 4 }));
  expect((await ask("GET", `${path}/t`)).body["size"]).toBe(4);
  const how = { type: mergePatchType };
  await ask("PATCH", `${alphaPath}/t`, { bigness: 5 }, how);
  const { body } = await ask("GET", `${path}/t`);
  expect(body).toMatchObject({
    apiVersion: "example.com/v1",
    size: 5,
    metadata: { generation: 2 },
  });
});

test("a kind's finalizers are on each new object, and what it expands is shown, not kept", async () => {
  const { ask, api } = await withThings();
  const { body } = await ask("POST", path, newThing("v1", { size: 1 }));
  expect(body).toMatchObject({
    metadata: { finalizers: ["example.com/cleanup"] },
    status: { documents: 1 },
  });
  const list = await ask("GET", path);
  expect(list.body["items"]).toMatchObject([{ status: { documents: 1 } }]);
  const document = await api.store.read(keyOf(thing.documents, api.fleet, "t", "shop"));
  expect(Object.keys(document?.body ?? {})).toEqual(["metadata", "size", "arm"]);
});

test("a kind that is only read is not written", async () => {
  const kinds = kindsOf([...builtInKinds(), { ...thing, readOnly: true }]);
  const { ask } = await kubeFixture({ kinds });
  for (const [method, where] of [
    ["POST", path],
    ["PUT", `${path}/t`],
    ["PATCH", `${path}/t`],
    ["DELETE", `${path}/t`],
    ["DELETE", path],
  ] as const) {
    expect((await ask(method, where, {})).status).toBe(405);
  }
  const { body } = await ask("GET", "/apis/example.com/v1");
  expect(body["resources"]).toMatchObject([
    { verbs: ["get", "list", "watch"] },
    { verbs: ["get"] },
  ]);
});
