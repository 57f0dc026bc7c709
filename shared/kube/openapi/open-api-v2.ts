import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject, isString, objectOf, omit } from "../json.ts";
import { type OpenApiGroup, openApiV3 } from "./open-api-v3.ts";
import { schemaPrefix } from "./schema-reference.ts";

const definitionPrefix = "#/definitions/";

/**
 * OpenAPI v2, which kubectl up to 1.28 and Argo CD read, made of the v3 documents. Where several
 * describe a schema, a learnt one wins: others refer to more of it.
 */
export function openApiV2(groups: readonly OpenApiGroup[]): JsonObject {
  const isLearnt = ({ kinds }: OpenApiGroup) =>
    kinds.some(({ version }) => version.learnt !== undefined);
  const ordered = [
    ...groups.filter((group) => !isLearnt(group)),
    ...groups.filter((group) => isLearnt(group)),
  ];
  const documents = ordered.map(openApiV3);
  const schemas = documents.map((body) => objectOf(objectOf(body["components"])["schemas"]));
  // Where a kind is served, its schema says so; where it is only referred to, it does not.
  const definitions = [...schemas, ...schemas.map(ofKinds)];
  const paths = documents.map((body) => objectOf(body["paths"]));
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: mapFields(merge(paths), pathV2),
    definitions: mapFields(merge(definitions), schemaV2),
  };
}

function ofKinds(schemas: JsonObject): JsonObject {
  return Object.fromEntries(
    fieldsOf(schemas).filter(
      ([, schema]) => objectOf(schema)["x-kubernetes-group-version-kind"] !== undefined,
    ),
  );
}

function merge(objects: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...objects) as JsonObject;
}

function mapFields(object: JsonObject, map: (value: Json) => Json): JsonObject {
  return Object.fromEntries(fieldsOf(object).map(([name, value]) => [name, map(value)]));
}

function pathV2(path: Json): Json {
  const { parameters, ...operations } = objectOf(path);
  return {
    ...mapFields(operations, operationV2),
    ...(parameters !== undefined && { parameters: parametersV2(parameters) }),
  };
}

function operationV2(operation: Json): Json {
  const { requestBody, parameters, responses: _, ...rest } = objectOf(operation);
  const types = Object.keys(objectOf(objectOf(requestBody)["content"]));
  return {
    ...rest,
    ...(types.length > 0 && { consumes: types }),
    parameters: parametersV2(parameters ?? []),
    responses: { "200": { description: "OK" } },
  };
}

function parametersV2(parameters: Json): Json {
  return (isArray(parameters) ? parameters : []).map((parameter) => {
    const { schema, ...rest } = objectOf(parameter);
    return { ...rest, ...objectOf(schema) };
  });
}

/** v2 has no `allOf` with one reference beside a description, no `nullable`, no `oneOf`. */
function schemaV2(schema: Json): Json {
  if (isArray(schema)) return schema.map(schemaV2);
  if (isString(schema)) return schema.replace(schemaPrefix, definitionPrefix);
  if (!isObject(schema)) return schema;
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return anythingV2(schema);
  const { allOf, default: _, ...rest } = schema;
  const sole = isArray(allOf) && allOf.length === 1 ? objectOf(allOf[0]) : undefined;
  const plain = omit(sole === undefined ? schema : { ...rest, ...sole }, [
    "nullable",
    "oneOf",
    "anyOf",
    "not",
    ...(isText(schema) ? ["type"] : []),
  ]);
  const fields = fieldsOf(plain).map(([name, value]): [string, Json] => [
    name,
    // Names of properties are names, whatever they are.
    name === "properties" ? mapFields(objectOf(value), schemaV2) : nestedV2(name, value),
  ]);
  return Object.fromEntries(isText(schema) ? [...fields, ["type", "string"]] : fields);
}

/** Clients of v2 refuse each field that is not among the properties, if any are told. */
function anythingV2(schema: JsonObject): JsonObject {
  const kept = ["type", "description", "x-kubernetes-group-version-kind"];
  const preserves = { "x-kubernetes-preserve-unknown-fields": true };
  const fields = fieldsOf(schema).filter(([name]) => kept.includes(name));
  return { ...Object.fromEntries(fields), ...preserves };
}

/** Quantities and "int or string" are texts to v2. */
function isText({ format, oneOf }: JsonObject): boolean {
  const isOne = (each: Json) => objectOf(each)["type"] === "string";
  return format === "int-or-string" || (isArray(oneOf) && oneOf.some(isOne));
}

/** Defaults, enums and texts are values, not schemas. */
function nestedV2(name: string, value: Json): Json {
  return name === "items" || name === "additionalProperties" || name === "$ref"
    ? schemaV2(value)
    : value;
}
