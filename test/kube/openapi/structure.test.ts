/** Schemas as no cluster should tell them: nothing hangs, breaks or leads nowhere. */
import { expect, test } from "vitest";
import { simulatedSchemas } from "../../../infra/local/member-cluster/open-api/simulated-schemas.ts";
import { closedSchemas } from "../../../shared/kube/openapi/closed-schemas.ts";
import { decodeKnown } from "../../../shared/kube/openapi/decode-known.ts";
import { packSchemas, unpackSchemas } from "../../../shared/kube/openapi/packed-schemas.ts";
import type { SchemaSet } from "../../../shared/kube/openapi/schema-set.ts";
import { goNameOf, structuresOf } from "../../../shared/kube/openapi/structure.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const setOf = (schemas: JsonObject): SchemaSet => ({ hash: "", kinds: {}, read: () => schemas });

function known(schemas: JsonObject, object: JsonObject): [object: JsonObject, unknown: string[]] {
  const structure = structuresOf(setOf(schemas)).get("v1.A") ?? {};
  const unknown: string[] = [];
  return [decodeKnown(object, structure, unknown), unknown];
}

test("a schema that contains itself is followed as deep as a value goes", () => {
  const a = { type: "object", properties: { next: ref("v1.A"), name: { type: "string" } } };
  expect(known({ "v1.A": a }, { next: { next: { name: "x", mane: 1 } } })).toEqual([
    { next: { next: { name: "x" } } },
    ["next.next.mane"],
  ]);
});

test.each<[name: string, schemas: JsonObject]>([
  ["refers to itself", { "v1.A": ref("v1.A") }],
  ["refers in a circle", { "v1.A": ref("v1.B"), "v1.B": ref("v1.A") }],
  ["refers to nothing", { "v1.A": { properties: { b: ref("v1.None") } } }],
  ["refers elsewhere", { "v1.A": { properties: { b: { $ref: "https://example.com/b" } } } }],
  ["is no schema", { "v1.A": "text" }],
  ["says odd things", { "v1.A": { properties: [], items: 3, type: {}, format: 1 } }],
])("a schema that %s leaves fields open", (_name, schemas) => {
  const object = { b: { c: 1 } };
  expect(known(schemas, object)).toEqual([object, []]);
});

test("a schema of endless depth is open from some depth on", () => {
  let deep: JsonObject = { type: "string" };
  for (let depth = 0; depth < 1_000; depth++) deep = { type: "object", properties: { a: deep } };
  let value: Json = "x";
  for (let depth = 0; depth < 60; depth++) value = { a: value };
  expect(known({ "v1.A": deep }, value as JsonObject)).toEqual([value, []]);
});

test("what stands beside a reference is added to what it refers to", () => {
  const schemas = {
    "v1.A": {
      properties: {
        plan: { allOf: [ref("v1.Plan")], "x-kubernetes-patch-strategy": "retainKeys" },
        other: { allOf: [ref("v1.Plan")], description: "Nothing about merging." },
      },
    },
    "v1.Plan": { type: "object", properties: { type: { type: "string" } } },
  };
  const structures = structuresOf(setOf(schemas));
  const { plan, other } = structures.get("v1.A")?.properties ?? {};
  expect(plan).toMatchObject({
    "x-kubernetes-patch-strategy": "retainKeys",
    properties: { type: { type: "string" } },
  });
  expect(other).toBe(structures.get("v1.Plan"));
  expect([plan, other].map((each) => each && goNameOf(each))).toEqual(["v1.Plan", "v1.Plan"]);
});

test("of schemas, what is needed is kept, and no reference leads nowhere", () => {
  const told = [{ group: "", version: "v1", kind: "A" }];
  const schemas = {
    "v1.A": {
      "x-kubernetes-group-version-kind": [...told, { group: "x", version: "v1", kind: "A" }],
      properties: { b: ref("v1.B"), none: { allOf: [ref("v1.None")] }, $ref: { type: "string" } },
    },
    "v1.B": { "x-kubernetes-group-version-kind": told, properties: { a: ref("v1.A") } },
    "v1.C": {},
  };
  const closed = closedSchemas(schemas, {
    roots: ["v1.A", "v1.Absent"],
    describes: (name, { group }) => name === "v1.A" && group === "",
  });
  expect(closed).toEqual({
    "v1.A": {
      "x-kubernetes-group-version-kind": told,
      properties: {
        b: ref("v1.B"),
        none: { allOf: [{ type: "object", "x-kubernetes-preserve-unknown-fields": true }] },
        $ref: { type: "string" },
      },
    },
    "v1.B": { properties: { a: ref("v1.A") } },
  });
});

test("packed schemas are read as they were, and what is no gzip of schemas is read as none", () => {
  const schemas = simulatedSchemas().get("apis/apps/v1")?.read() ?? {};
  expect(unpackSchemas(packSchemas(schemas))).toEqual(schemas);
  expect(unpackSchemas(Buffer.from("no gzip"))).toEqual({});
  expect(unpackSchemas(packSchemas([] as unknown as JsonObject))).toEqual({});
  const bomb = packSchemas({ a: "x".repeat(17 * 1024 * 1024) });
  expect(bomb.length).toBeLessThan(100_000);
  expect(unpackSchemas(bomb)).toEqual({});
});
