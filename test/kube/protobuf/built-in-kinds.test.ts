/**
 * The tables against the models of a Kubernetes client, which are made of OpenAPI documents: a kind
 * without a table, a field that one lacks and a type that is another one are noticed.
 */
import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { apiVersionOf } from "../../../shared/kube/kinds.ts";
import { decodeProtobufBody } from "../../../shared/kube/protobuf/decode-body.ts";
import { messageLines, messageOf } from "../../../shared/kube/protobuf/messages.ts";
import { reviewKinds } from "../../../shared/kube/review/review-kinds.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import {
  fieldsOfModel,
  fullObject,
  itemType,
  type ModelField,
  modelOfKind,
  newerFields,
} from "./client-models.ts";
import { fieldNamed, writeBody, writeMessage } from "./write-message.ts";

interface Creatable {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The message, where it has not the kind's name. */
  readonly message: string;
}

/** Messages of kinds whose name another version or group has. */
const named: Readonly<Record<string, string>> = {
  "autoscaling/v1 HorizontalPodAutoscaler": "HorizontalPodAutoscalerV1",
  "events.k8s.io/v1 Event": "EventOfEvents",
};

const creatable: readonly Creatable[] = [
  ...builtInKinds().flatMap(({ group, kind, versions }) =>
    versions.map(({ name }) => ({ group, kind, version: name })),
  ),
  ...reviewKinds,
  { group: "autoscaling", version: "v1", kind: "Scale" },
].map(({ group, version, kind }) => {
  const name = `${apiVersionOf({ group }, version)} ${kind}`;
  return { group, version, kind, message: named[name] ?? kind };
});

test.each(creatable)(
  "a $group/$version $kind with all fields is read as it was written",
  ({ group, version, kind, message }) => {
    const model = modelOfKind(group, version, kind);
    expect(fieldsOfModel(model), model).toBeDefined();
    const object = fullObject(model);
    expect(Object.keys(object)).toContain("metadata");
    const apiVersion = apiVersionOf({ group }, version);
    const bytes = writeBody(apiVersion, kind, writeMessage(message, object));
    const expected = { apiVersion, kind, ...object };
    expect(decodeProtobufBody(bytes)).toEqual({ value: expected, unknown: [] });
  },
);

interface Pair {
  readonly message: string;
  readonly model: string;
}

/** Each message that the kinds need, with the model that says the same. */
function pairs(): readonly Pair[] {
  const found = new Map<string, Pair>();
  const visit = (pair: Pair): void => {
    const key = `${pair.message} ${pair.model}`;
    if (found.has(key)) return;
    found.set(key, pair);
    for (const { name, type } of fieldsOfModel(pair.model) ?? []) {
      const inner = fieldNamed(pair.message, name)?.field.type;
      const model = itemType(type);
      if (inner !== undefined && fieldsOfModel(model) !== undefined && messageOf(inner)) {
        visit({ message: inner, model });
      }
    }
  };
  for (const { group, version, kind, message } of creatable) {
    visit({ message, model: modelOfKind(group, version, kind) });
  }
  return [...found.values()];
}

test("each field has the type and the shape that clients know", () => {
  const wrong: string[] = [];
  let count = 0;
  for (const { message, model } of pairs()) {
    for (const field of fieldsOfModel(model) ?? []) {
      const found = fieldNamed(message, field.name)?.field;
      count += 1;
      const wanted = typesOf(field);
      const shape = found?.type === "ExtraValue" ? "map" : shapeOf(field.type);
      if (found?.shape === shape && wanted(found.type)) continue;
      wrong.push(`${message}.${field.name}: ${found?.shape} ${found?.type}, not ${field.type}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(1_800);
});

function shapeOf(type: string): string {
  if (type.startsWith("Array<")) return "many";
  return type.startsWith("{") ? "map" : "one";
}

/** The types of a table that fit. */
function typesOf({ type, format }: ModelField): (type: string) => boolean {
  const item = itemType(type);
  if (item === "string") {
    if (format === "byte") return (given) => given === "bytes";
    return (given) => given === "string" || given === "Quantity";
  }
  if (item === "number") return (given) => given === format;
  const same: Readonly<Record<string, readonly string[]>> = {
    boolean: ["bool"],
    Date: ["Time"],
    V1MicroTime: ["MicroTime"],
    IntOrString: ["IntOrString"],
    "Array<string>": ["ExtraValue"],
    any: [
      ...["CustomResourceSubresourceStatus", "FieldsV1", "JSON", "RawExtension"],
      ...["JSONSchemaPropsOrArray", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrStringArray"],
    ],
  };
  const fits = same[item];
  return fits === undefined
    ? (given) => messageOf(given) !== undefined
    : (given) => fits.includes(given);
}

test("the tables have no field that clients do not know, but those of old objects", () => {
  const known = new Map<string, Set<string>>();
  for (const { message, model } of pairs()) {
    const names = (fieldsOfModel(model) ?? []).map(({ name }) => name);
    known.set(message, new Set([...(known.get(message) ?? []), ...names]));
  }
  const unknown = [...known].flatMap(([message, names]) =>
    namesOf(message)
      .filter((name) => !names.has(name))
      .map((name) => `${message}.${name}`),
  );
  expect(unknown).toEqual([]);
});

function namesOf(message: string): readonly string[] {
  return [...(messageOf(message)?.values() ?? [])].flatMap(({ name, type }) =>
    name === undefined ? namesOf(type) : [name],
  );
}

test("each message is in one table, with each number and each name once", () => {
  const names = messageLines().map(([name]) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  for (const [name, line] of messageLines()) {
    const fields = line.split(", ").filter((field) => field !== "");
    expect(messageOf(name)?.size, name).toBe(fields.length);
    expect(new Set(namesOf(name)).size, name).toBe(namesOf(name).length);
    for (const field of fields) expect(field).toMatch(/^\d+ \S+ \{?\w+(\[\]|\}|[*!])?$/);
  }
});

test("what came after 1.34 is in no table, so that it is told and not kept", () => {
  for (const { message, model } of pairs()) {
    for (const name of newerFields[model] ?? []) {
      expect(fieldNamed(message, name), `${message}.${name}`).toBeUndefined();
    }
  }
});

test.each<[name: string, schema: Json]>([
  ["a list of items", { items: [{ type: "string" }, { type: "integer" }] }],
  ["one schema of items", { items: { type: "string" } }],
  ["no other properties", { additionalProperties: false }],
  ["any other properties", { additionalProperties: true }],
  ["other properties of a schema", { additionalProperties: { type: "string" } }],
  ["dependencies", { dependencies: { a: ["b", "c"], d: { required: ["e"] } } }],
  ["defaults that are nothing", { default: null, enum: [null, 0, "", false, [], {}] }],
  ["what is no schema: text and numbers", { pattern: "^a$", multipleOf: 0.5, maxItems: 3 }],
  ["limits of zero", { minimum: 0, maximum: -1.5, minLength: 0 }],
  ["empty schemas", { not: {}, properties: { a: {} }, items: {} }],
])("a definition's schema keeps %s", (_name, schema) => {
  const versions = [
    { name: "v1", served: true, storage: false, schema: { openAPIV3Schema: schema } },
  ];
  const object = { metadata: { name: "things.a.com" }, spec: { versions } };
  const kind = "CustomResourceDefinition";
  const bytes = writeBody("apiextensions.k8s.io/v1", kind, writeMessage(kind, object));
  expect(decodeProtobufBody(bytes).value).toEqual({
    apiVersion: "apiextensions.k8s.io/v1",
    kind,
    ...object,
  });
});
