import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, isString, objectOf, textOf } from "../json.ts";
import { type Kinds, kindsOf } from "../kinds.ts";
import {
  documentKind,
  type OpenApiSchema,
  type PrinterColumn,
  type ServedKind,
  type ServedVersion,
  type VersionServes,
} from "../served-kind.ts";
import { isJsonPath } from "../table/json-path.ts";
import { coercionTo, conversionOf } from "./coerce-stored.ts";
import { conditionOf } from "./definition-conditions.ts";
import { reservedGroups } from "./reserved-groups.ts";

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

const kindsByContent = new Map<string, ServedKind>();

/**
 * The kind that a CustomResourceDefinition defines; no version's fields are converted. Equal
 * definitions are the same kind, so what is derived of it can be kept. Undefined for a definition
 * that cannot be read, whose names are another's, or whose group is reserved.
 */
export function definitionKind(definition: JsonObject): ServedKind | undefined {
  if (conditionOf(definition, "Established")?.["status"] === "False") return undefined;
  const spec = objectOf(definition["spec"]);
  const names = namesToServe(definition);
  const isTerminating = at(definition, "metadata", "deletionTimestamp") !== undefined;
  const content = createHash("sha256")
    .update(JSON.stringify([spec, names, isTerminating]))
    .digest("base64");
  const known = kindsByContent.get(content);
  if (known !== undefined) return known;
  const read = readKind(spec, names);
  if (read === undefined) return undefined;
  const kind: ServedKind = isTerminating ? { ...read, isTerminating } : read;
  if (kindsByContent.size >= 2 * definitionsMax) kindsByContent.clear();
  kindsByContent.set(content, kind);
  return kind;
}

/** Names that were refused later are not used; those that were accepted first still are. */
function namesToServe(definition: JsonObject): JsonObject {
  const isRefused = conditionOf(definition, "NamesAccepted")?.["status"] === "False";
  return objectOf(
    isRefused ? at(definition["status"], "acceptedNames") : at(definition["spec"], "names"),
  );
}

function readKind(spec: JsonObject, names: JsonObject): ServedKind | undefined {
  const group = textOf(spec["group"]);
  const plural = textOf(names["plural"]);
  const kind = textOf(names["kind"]);
  const served = arrayOf(spec["versions"]).filter(isObject).filter(isServed);
  if (!group || !plural || !kind || served.length === 0) return undefined;
  if (reservedGroups.includes(group)) return undefined;
  const storage = schemaOf(arrayOf(spec["versions"]).map(objectOf).find(isStorage) ?? {});
  const each = served.map(servesOf);
  const all = {
    hasStatus: each.some(({ hasStatus }) => hasStatus),
    scale: each.map(({ scale }) => scale).find((scale) => scale !== undefined),
    selectableFields: [...new Set(each.flatMap(({ selectableFields }) => selectableFields))],
  };
  const shortNames = arrayOf(names["shortNames"]).filter(isString);
  const categories = arrayOf(names["categories"]).filter(isString);
  const versions = served.map((version, index) =>
    versionOf(version, { group, kind, serves: differing(each[index], all), storage }),
  );
  return {
    group,
    kind,
    plural,
    singular: textOf(names["singular"]) ?? kind.toLowerCase(),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    namespaced: spec["scope"] === "Namespaced",
    versions,
    documents: documentKind(group, plural),
    isCustom: true,
    coerce: coercionTo(storage),
    hasStatus: all.hasStatus,
    ...(all.scale !== undefined && { scale: all.scale }),
    ...(all.selectableFields.length > 0 && { selectableFields: all.selectableFields }),
  };
}

function isServed(version: JsonObject): boolean {
  return version["served"] === true && textOf(version["name"]) !== undefined;
}

function isStorage(version: JsonObject): boolean {
  return version["storage"] === true;
}

function schemaOf(version: JsonObject): OpenApiSchema {
  const schema = at(version, "schema", "openAPIV3Schema");
  return isObject(schema) ? contentSchema(schema) : openSchema;
}

function servesOf(version: JsonObject): VersionServes {
  return {
    hasStatus: isObject(at(version, "subresources", "status")),
    scale: scaleOf(version),
    selectableFields: arrayOf(version["selectableFields"])
      .map((field) => textOf(at(field, "jsonPath"))?.replace(/^\./, ""))
      .filter((path) => path !== undefined),
  };
}

/** Undefined when the version serves what the kind says. */
function differing(own: VersionServes | undefined, all: VersionServes): VersionServes | undefined {
  return isDeepStrictEqual(own, all) ? undefined : own;
}

interface VersionOf {
  readonly group: string;
  readonly kind: string;
  readonly serves: VersionServes | undefined;
  /** The schema of the version that objects are stored in. */
  readonly storage: OpenApiSchema;
}

function versionOf(
  version: JsonObject,
  { group, kind, serves, storage }: VersionOf,
): ServedVersion {
  const name = textOf(version["name"]) ?? "v1";
  const schema = schemaOf(version);
  const columns = columnsOf(version);
  const deprecationWarning =
    version["deprecated"] === true
      ? (textOf(version["deprecationWarning"]) ?? `${group}/${name} ${kind} is deprecated`)
      : undefined;
  return {
    name,
    schema,
    ...conversionOf(schema, storage),
    ...(columns !== undefined && { columns }),
    ...(serves !== undefined && { serves }),
    ...(deprecationWarning !== undefined && { deprecationWarning }),
  };
}

const openSchema: OpenApiSchema = {
  type: "object",
  "x-kubernetes-preserve-unknown-fields": true,
};

/** Without what is the same for all kinds. The definition was valid when it was stored. */
function contentSchema(schema: JsonObject): OpenApiSchema {
  const { apiVersion: _a, kind: _k, metadata, ...rest } = objectOf(schema["properties"]);
  // What is said of the name is checked beside the rules that names have anyway.
  const isNamed = isObject(at(metadata, "properties"));
  const properties = { ...rest, ...(isNamed && { metadata }) };
  const required = arrayOf(schema["required"]).filter((name) => !typeMeta.includes(name));
  return {
    ...(schema as unknown as OpenApiSchema),
    properties: asSchemas(properties),
    ...(schema["required"] !== undefined && { required: required.filter(isString) }),
  };
}

const typeMeta: readonly Json[] = ["apiVersion", "kind", "metadata"];

function asSchemas(properties: JsonObject): Readonly<Record<string, OpenApiSchema>> {
  return properties as unknown as Readonly<Record<string, OpenApiSchema>>;
}

const columnTypes: readonly Json[] = ["string", "integer", "number", "boolean", "date"];

/** Undefined for a version without any. Those after one whose path cannot be read are not shown. */
function columnsOf(version: JsonObject): readonly PrinterColumn[] | undefined {
  const columns = arrayOf(version["additionalPrinterColumns"]).map(objectOf);
  if (columns.length === 0) return undefined;
  const unreadable = columns.findIndex(({ jsonPath }) => !isJsonPath(textOf(jsonPath) ?? ""));
  return (unreadable < 0 ? columns : columns.slice(0, unreadable)).flatMap(columnOf);
}

function columnOf(column: JsonObject): readonly PrinterColumn[] {
  const { name, type, jsonPath, priority, description, format } = column;
  if (!isString(name) || !columnTypes.includes(type ?? null) || !isString(jsonPath)) return [];
  return [
    {
      name,
      type: type as PrinterColumn["type"],
      jsonPath,
      ...(isString(format) && { format }),
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
