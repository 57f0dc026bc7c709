import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { configMaps, kubeFixture } from "../kube-fixture.ts";

const owner = { apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u" };

test.each<[name: string, metadata: JsonObject, fields: readonly string[]]>([
  ["no name", {}, ["metadata.name"]],
  [
    "an annotation with a wrong key",
    { name: "a", annotations: { "a b": "x" } },
    ["metadata.annotations"],
  ],
  [
    "annotations that are too much",
    { name: "a", annotations: { x: "y".repeat(300_000) } },
    ["metadata.annotations"],
  ],
  ["a finalizer that is no name", { name: "a", finalizers: ["x/a b"] }, ["metadata.finalizers"]],
  ["a finalizer without a domain", { name: "a", finalizers: ["x"] }, ["metadata.finalizers[0]"]],
  [
    "too many finalizers",
    { name: "a", finalizers: Array.from({ length: 101 }, (_, i) => `x.com/${i}`) },
    ["metadata.finalizers"],
  ],
  [
    "an owner without a uid",
    { name: "a", ownerReferences: [{ ...owner, uid: "" }] },
    ["metadata.ownerReferences.uid"],
  ],
  [
    "two owners that control it",
    {
      name: "a",
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, uid: "v", controller: true },
      ],
    },
    ["metadata.ownerReferences"],
  ],
])("metadata with %s is refused at its field", async (_name, metadata, fields) => {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", configMaps, { metadata });
  expect(status).toBe(422);
  const { causes } = body["details"] as { causes: { field: string }[] };
  expect(causes.map(({ field }) => field)).toEqual(fields);
});

test.each<[name: string, metadata: Json, because: string]>([
  ["text", "x", "ConfigMap.metadata of type v1.ObjectMeta"],
  ["a name that is no text", { name: 5 }, "ObjectMeta.metadata.name of type string"],
  [
    "labels that are a list",
    { name: "a", labels: [] as Json },
    "ObjectMeta.metadata.labels of type map[string]string",
  ],
  [
    "a label that is a number",
    { name: "a", labels: { x: 1 } },
    "ObjectMeta.metadata.labels of type string",
  ],
  [
    "finalizers that are text",
    { name: "a", finalizers: "x" },
    "ObjectMeta.metadata.finalizers of type []string",
  ],
  [
    "owners that are text",
    { name: "a", ownerReferences: ["x"] },
    "ObjectMeta.metadata.ownerReferences of type []v1.OwnerReference",
  ],
  [
    "a generation that is text",
    { name: "a", generation: "x" },
    "ObjectMeta.metadata.generation of type int64",
  ],
])("metadata with %s is read as no object", async (_name, metadata, because) => {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", configMaps, { metadata });
  expect(status).toBe(400);
  expect(body["message"]).toMatch(/cannot be handled as a ConfigMap: json: cannot unmarshal /);
  expect(String(body["message"]).endsWith(because)).toBe(true);
});

test("annotation keys may be written in any case", async () => {
  const { ask } = await kubeFixture();
  const metadata = { name: "a", annotations: { "Example.com/Key": "x" } };
  expect((await ask("POST", configMaps, { metadata })).status).toBe(201);
});

test("an unknown field of the metadata is told and dropped", async () => {
  const { ask } = await kubeFixture();
  const { body, headers } = await ask("POST", configMaps, { metadata: { name: "a", lables: {} } });
  expect(headers.get("warning")).toBe('299 - "unknown field \\"metadata.lables\\""');
  expect((body["metadata"] as JsonObject)["lables"]).toBeUndefined();
});
