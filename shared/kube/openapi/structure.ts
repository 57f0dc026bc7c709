import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, fieldsOf, isArray, isObject, isString, objectOf, textOf } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { schemaPrefix } from "./schema-reference.ts";
import type { SchemaSet } from "./schema-set.ts";

/** Schemas that nest deeper than this are taken as open from there on. */
const depthMax = 32;

type Draft = { -readonly [Name in keyof OpenApiSchema]: OpenApiSchema[Name] };

const known = new WeakMap<SchemaSet, ReadonlyMap<string, OpenApiSchema>>();

/**
 * The structure of each schema of a set: fields, types and how lists and maps merge, with
 * references followed, without texts and rules. It is made once for each set.
 *
 * Some of Kubernetes' schemas contain themselves (`JSONSchemaProps`), and so do these objects:
 * follow a value through them, never walk them by themselves.
 */
export function structuresOf(set: SchemaSet): ReadonlyMap<string, OpenApiSchema> {
  const found = known.get(set) ?? resolve(set.read());
  known.set(set, found);
  return found;
}

const goNames = new WeakMap<OpenApiSchema, string>();

/** "v1.PodSpec" for the structure of "io.k8s.api.core.v1.PodSpec"; undefined for a part of one. */
export function goNameOf(schema: OpenApiSchema): string | undefined {
  return goNames.get(schema);
}

interface Resolving {
  readonly components: ReadonlyMap<string, Draft>;
  /** What refers to another and says more beside it, to be completed when that one is. */
  readonly owed: { readonly draft: Draft; readonly to: string }[];
}

function resolve(schemas: JsonObject): ReadonlyMap<string, OpenApiSchema> {
  const named = fieldsOf(schemas);
  const components = new Map(named.map(([name]): [string, Draft] => [name, {}]));
  const resolving: Resolving = { components, owed: [] };
  for (const [name, schema] of named) {
    const draft = components.get(name);
    if (draft === undefined) continue;
    fill(draft, objectOf(schema), resolving, 0);
    goNames.set(draft, name.split(".").slice(-2).join("."));
  }
  for (const { draft, to } of resolving.owed) {
    const component = components.get(to);
    Object.assign(draft, { ...(component ?? open), ...draft });
    openIfBare(draft);
    const goName = component === undefined ? undefined : goNames.get(component);
    if (goName !== undefined) goNames.set(draft, goName);
  }
  return components;
}

const open: OpenApiSchema = { "x-kubernetes-preserve-unknown-fields": true };

/** The structure of a part; the component itself where the part is nothing but a reference. */
function partOf(schema: Json, resolving: Resolving, depth: number): OpenApiSchema {
  if (!isObject(schema) || depth > depthMax) return open;
  const reference = referenceOf(schema);
  if (reference !== undefined && markersOf(schema).length === 0) {
    return resolving.components.get(reference) ?? open;
  }
  const draft: Draft = {};
  fill(draft, schema, resolving, depth);
  return draft;
}

function fill(draft: Draft, schema: JsonObject, resolving: Resolving, depth: number): void {
  Object.assign(draft, Object.fromEntries(markersOf(schema)));
  const reference = referenceOf(schema);
  if (reference !== undefined) {
    resolving.owed.push({ draft, to: reference });
    return;
  }
  const { type, format, properties, additionalProperties, items } = schema;
  if (isString(type)) Object.assign(draft, { type });
  if (isString(format)) draft.format = format;
  // A key of a list that is left out counts as its default.
  if (schema["default"] !== undefined && !isObject(schema["default"])) {
    draft.default = schema["default"];
  }
  if (format === "int-or-string") {
    draft["x-kubernetes-int-or-string"] = true;
    delete draft.type;
  }
  if (isObject(properties)) {
    draft.properties = Object.fromEntries(
      fieldsOf(properties).map(([name, each]) => [name, partOf(each, resolving, depth + 1)]),
    );
  }
  if (isObject(additionalProperties)) {
    draft.additionalProperties = partOf(additionalProperties, resolving, depth + 1);
  }
  if (isObject(items)) draft.items = partOf(items, resolving, depth + 1);
  openIfBare(draft);
}

/** An object of which nothing is said holds anything: RawExtension, JSON. */
function openIfBare(draft: Draft): void {
  const { properties, additionalProperties, items } = draft;
  if (properties === undefined && additionalProperties === undefined && items === undefined) {
    draft["x-kubernetes-preserve-unknown-fields"] = true;
  }
}

/** "io.k8s.api.core.v1.PodSpec"; version 3.0 puts what stands beside a reference into `allOf`. */
function referenceOf(schema: JsonObject): string | undefined {
  const all = schema["allOf"];
  const sole = isArray(all) && all.length === 1 ? objectOf(all[0])["$ref"] : undefined;
  const reference = textOf(schema["$ref"]) ?? textOf(sole);
  return reference?.startsWith(schemaPrefix) ? reference.slice(schemaPrefix.length) : undefined;
}

const markers = [
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-patch-merge-key",
  "x-kubernetes-patch-strategy",
] as const;

/** What a schema says of merging, as far as it is said in the way that Kubernetes does. */
function markersOf(schema: JsonObject): readonly [string, Json][] {
  const keys = arrayOf(schema["x-kubernetes-list-map-keys"]).filter(isString);
  return [
    ...markers.flatMap((name): [string, Json][] => {
      const value = schema[name];
      return isString(value) ? [[name, value]] : [];
    }),
    ...(keys.length > 0 ? [["x-kubernetes-list-map-keys", keys] as [string, Json]] : []),
  ];
}
