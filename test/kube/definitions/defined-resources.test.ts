import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import {
  definitionKind,
  withDefinitions,
} from "../../../shared/kube/definitions/definition-kind.ts";
import { at } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { type KubeFixture, kubeFixture, mergePatchType } from "../kube-fixture.ts";
import { type GadgetParts, gadgetDefinition } from "./definition-fixture.ts";

const gadgets = "/apis/example.com/v1/namespaces/shop/gadgets";
const merge = { type: mergePatchType };

async function served(parts: GadgetParts): Promise<KubeFixture> {
  const kinds = withDefinitions(kindsOf(builtInKinds()), [gadgetDefinition(parts)]);
  return await kubeFixture({ kinds });
}

function gadget(spec: JsonObject, more: JsonObject = {}): JsonObject {
  return { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g" }, spec, ...more };
}

/** What is said of a write: "spec.size Invalid value: ...". */
function causes({ body }: { readonly body: JsonObject }): readonly string[] {
  const all = (at(body, "details", "causes") ?? []) as readonly {
    field: string;
    message: string;
  }[];
  return all.map(({ field, message }) => `${field} ${message}`);
}

const guarded: GadgetParts = {
  size: {
    type: "integer",
    default: 1,
    minimum: 0,
    "x-kubernetes-validations": [{ rule: "self >= oldSelf", message: "gadgets never shrink" }],
  },
  root: (schema) => ({
    ...schema,
    "x-kubernetes-validations": [
      { rule: "size(self.metadata.name) < 5", message: "the name is too long" },
      {
        rule: "!has(self.status) || self.status.size <= self.spec.size",
        messageExpression: "'there are ' + string(self.status.size)",
        fieldPath: ".status.size",
      },
    ],
  }),
};

test("objects of a definition obey its schema and its rules", async () => {
  const { ask } = await served(guarded);
  const created = await ask("POST", gadgets, gadget({}));
  expect(created.status).toBe(201);
  expect(created.body["spec"]).toEqual({ size: 1 });
  const long = await ask("POST", gadgets, gadget({}, { metadata: { name: "gadget" } }));
  expect(long.status).toBe(422);
  expect(causes(long)).toEqual(['<nil> Invalid value: "object": the name is too long']);
  expect(long.body["message"]).toBe(
    'Gadget.example.com "gadget" is invalid: <nil>: Invalid value: "object": the name is too long',
  );
  const grown = await ask("PATCH", `${gadgets}/g`, { spec: { size: 3 } }, merge);
  expect(grown.status).toBe(200);
  const shrunk = await ask("PATCH", `${gadgets}/g`, { spec: { size: 2 } }, merge);
  expect(shrunk.status).toBe(422);
  expect(causes(shrunk)).toEqual(['spec.size Invalid value: "integer": gadgets never shrink']);
  const status = await ask("PATCH", `${gadgets}/g/status`, { status: { size: 9 } }, merge);
  expect(causes(status)).toEqual(['status.size Invalid value: "object": there are 9']);
});

test("rules are not run on an object of the wrong shape", async () => {
  const { ask } = await served(guarded);
  expect(causes(await ask("POST", gadgets, gadget({ size: "x" })))).toEqual([
    'spec.size Invalid value: "string": spec.size in body must be of type integer: "string"',
    "<nil> Invalid value: null: some validation rules were not checked because the object was " +
      "invalid; correct the existing errors to complete validation",
  ]);
});

test("what a stricter definition calls wrong may stay, until it is changed", async () => {
  const before = await served({});
  await before.ask("POST", gadgets, gadget({ size: 7 }));
  const stricter = gadgetDefinition({
    size: {
      type: "integer",
      maximum: 5,
      "x-kubernetes-validations": [{ rule: "self != 7", message: "unlucky" }],
    },
  });
  const kinds = withDefinitions(kindsOf(builtInKinds()), [stricter]);
  const { ask } = await kubeFixture({ kinds, store: before.api.store });
  const label = { metadata: { labels: { a: "b" } } };
  const labelled = await ask("PATCH", `${gadgets}/g`, label, merge);
  expect(labelled.status).toBe(200);
  expect(labelled.headers.get("warning")).toContain("unlucky");
  const changed = await ask("PATCH", `${gadgets}/g`, { spec: { size: 8 } }, merge);
  expect(causes(changed)).toEqual([
    "spec.size Invalid value: 8: spec.size in body should be less than or equal to 5",
  ]);
});

test("an embedded object keeps what it is, and loses what its schema does not know", async () => {
  const template = {
    type: "object",
    "x-kubernetes-embedded-resource": true,
    properties: { spec: { type: "object", properties: { a: { type: "integer", default: 1 } } } },
  };
  const { ask } = await served({ size: template });
  const size = {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name: "t", labels: { a: "b" }, odd: 1 },
    spec: { b: 2 },
    odd: 1,
  };
  const { body } = await ask("POST", `${gadgets}?fieldValidation=Ignore`, gadget({ size }));
  expect(at(body, "spec", "size")).toEqual({
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name: "t", labels: { a: "b" } },
    spec: { a: 1 },
  });
  const strict = await ask("POST", `${gadgets}?fieldValidation=Strict`, gadget({ size }));
  expect(strict.body["message"]).toContain(
    'unknown field "spec.size.metadata.odd", unknown field "spec.size.odd", unknown field ' +
      '"spec.size.spec.b"',
  );
});

test("a schema may restrict the name", async () => {
  const { ask } = await served({
    root: (schema) => ({
      ...schema,
      properties: {
        ...(schema["properties"] as JsonObject),
        metadata: { type: "object", properties: { name: { type: "string", maxLength: 3 } } },
      },
    }),
  });
  const refused = await ask("POST", gadgets, gadget({}, { metadata: { name: "long" } }));
  expect(causes(refused)).toEqual(["metadata.name Too long: may not be more than 3 bytes"]);
  expect((await ask("POST", gadgets, gadget({}))).status).toBe(201);
});

test("each version serves what it says", async () => {
  const first = at(gadgetDefinition()["spec"], "versions") as readonly JsonObject[];
  const other = {
    ...first[0],
    name: "v1alpha1",
    storage: false,
    deprecated: true,
    subresources: {
      scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" },
    },
    selectableFields: [{ jsonPath: ".spec.size" }],
  };
  const { ask } = await served({ spec: { versions: [...first, other] } });
  const alpha = gadgets.replace("/v1/", "/v1alpha1/");
  await ask("POST", gadgets, gadget({ size: 1 }));
  expect((await ask("GET", `${gadgets}/g/status`)).status).toBe(200);
  expect((await ask("GET", `${alpha}/g/status`)).status).toBe(404);
  expect((await ask("GET", `${gadgets}/g/scale`)).status).toBe(404);
  expect((await ask("GET", `${alpha}/g/scale`)).body["spec"]).toEqual({ replicas: 1 });
  expect((await ask("GET", `${gadgets}?fieldSelector=spec.size%3D1`)).status).toBe(400);
  const selected = await ask("GET", `${alpha}?fieldSelector=spec.size%3D1`);
  expect(selected.body["items"]).toHaveLength(1);
  expect((await ask("GET", `${alpha}?fieldSelector=spec.size%3D2`)).body["items"]).toEqual([]);
  const names = async (version: string) => {
    const { body } = await ask("GET", `/apis/example.com/${version}`);
    return (body["resources"] as readonly { name: string }[]).map(({ name }) => name);
  };
  expect(await names("v1")).toEqual(["gadgets", "gadgets/status"]);
  expect(await names("v1alpha1")).toEqual(["gadgets", "gadgets/scale"]);
  expect((await ask("GET", gadgets)).headers.get("warning")).toBeNull();
  expect((await ask("GET", alpha)).headers.get("warning")).toBe(
    '299 - "example.com/v1alpha1 Gadget is deprecated"',
  );
});

test("equal definitions are one kind, and others are not", () => {
  expect(definitionKind(gadgetDefinition())).toBe(definitionKind(gadgetDefinition()));
  expect(definitionKind(gadgetDefinition({ size: { type: "string" } }))).not.toBe(
    definitionKind(gadgetDefinition()),
  );
});
