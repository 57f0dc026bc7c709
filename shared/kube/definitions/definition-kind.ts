import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, isString, objectOf, textOf } from "../json.ts";
import { type Kinds, kindsOf } from "../kinds.ts";
import {
  documentKind,
  type OpenApiSchema,
  type PrinterColumn,
  type ServedKind,
  type ServedVersion,
} from "../served-kind.ts";
import { isJsonPath } from "../table/json-path.ts";

/** So many definitions are served; further ones are kept as objects only. */
const definitionsMax = 500;

/**
 * The kinds of an API with those of its CustomResourceDefinitions. A definition that an own kind or
 * an earlier definition stands in the way of, or that cannot be read, is served as no kind.
 */
export function withDefinitions(own: Kinds, definitions: readonly JsonObject[]): Kinds {
  const all = [...own.all];
  const taken = new Set(all.flatMap(namesOf));
  for (const definition of definitions.slice(0, definitionsMax)) {
    const kind = definitionKind(definition);
    if (kind === undefined || namesOf(kind).some((name) => taken.has(name))) continue;
    for (const name of namesOf(kind)) taken.add(name);
    all.push(kind);
  }
  return all.length === own.all.length ? own : kindsOf(all);
}

function namesOf({ group, plural, kind }: ServedKind): readonly string[] {
  return [`${group}/${plural}`, `${group}/${kind}`];
}

/** The kind that a CustomResourceDefinition defines; all versions are stored as they come. */
export function definitionKind(definition: JsonObject): ServedKind | undefined {
  const spec = objectOf(definition["spec"]);
  const names = objectOf(spec["names"]);
  const group = textOf(spec["group"]);
  const plural = textOf(names["plural"]);
  const kind = textOf(names["kind"]);
  const served = arrayOf(spec["versions"]).filter(isObject).filter(isServed);
  if (!group || !plural || !kind || served.length === 0) return undefined;
  const scale = served.map((version) => scaleOf(version)).find((each) => each !== undefined);
  const shortNames = arrayOf(names["shortNames"]).filter(isString);
  const categories = arrayOf(names["categories"]).filter(isString);
  return {
    group,
    kind,
    plural,
    singular: textOf(names["singular"]) ?? kind.toLowerCase(),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    namespaced: spec["scope"] === "Namespaced",
    versions: served.map(versionOf),
    documents: documentKind(group, plural),
    hasStatus: served.some((version) => at(version, "subresources", "status") !== undefined),
    ...(scale !== undefined && { scale }),
  };
}

function isServed(version: JsonObject): boolean {
  return version["served"] === true && textOf(version["name"]) !== undefined;
}

function versionOf(version: JsonObject): ServedVersion {
  const schema = at(version, "schema", "openAPIV3Schema");
  const columns = arrayOf(version["additionalPrinterColumns"]).filter(isObject).flatMap(columnOf);
  return {
    name: textOf(version["name"]) ?? "v1",
    schema: isObject(schema) ? contentSchema(schema) : openSchema,
    ...(columns.length > 0 && { columns }),
  };
}

const openSchema: OpenApiSchema = {
  type: "object",
  "x-kubernetes-preserve-unknown-fields": true,
};

/** Without what is the same for all kinds. The definition was valid when it was stored. */
function contentSchema(schema: JsonObject): OpenApiSchema {
  const { apiVersion: _a, kind: _k, metadata: _m, ...properties } = objectOf(schema["properties"]);
  return { ...(schema as unknown as OpenApiSchema), properties: asSchemas(properties) };
}

function asSchemas(properties: JsonObject): Readonly<Record<string, OpenApiSchema>> {
  return properties as unknown as Readonly<Record<string, OpenApiSchema>>;
}

const columnTypes: readonly Json[] = ["string", "integer", "number", "boolean", "date"];

function columnOf(column: JsonObject): readonly PrinterColumn[] {
  const { name, type, jsonPath, priority, description } = column;
  if (!isString(name) || !columnTypes.includes(type ?? null)) return [];
  if (!isString(jsonPath) || !isJsonPath(jsonPath)) return [];
  return [
    {
      name,
      type: type as PrinterColumn["type"],
      jsonPath,
      ...(isString(description) && { description }),
      ...(typeof priority === "number" && { priority }),
    },
  ];
}

function scaleOf(version: JsonObject): ServedKind["scale"] {
  const scale = at(version, "subresources", "scale");
  if (!isObject(scale)) return undefined;
  const pathOf = (name: string): readonly string[] =>
    (textOf(scale[name]) ?? "").split(".").filter((part) => part !== "");
  const selector = pathOf("labelSelectorPath");
  return {
    specReplicas: pathOf("specReplicasPath"),
    statusReplicas: pathOf("statusReplicasPath"),
    ...(selector.length > 0 && { selector }),
  };
}
