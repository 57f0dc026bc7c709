import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, fieldsOf, isObject, isString, objectOf, textOf } from "../json.ts";
import { encodeBytes, encodeDouble, encodeInteger } from "../protobuf/wire.ts";

/**
 * An OpenAPI v2 document as the protocol buffers message `openapi.v2.Document`: the only form in
 * which kubectl and Argo CD read v2.
 *
 * @see https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
 */
export function encodeOpenApiV2(document: JsonObject): Buffer {
  const info = objectOf(document["info"]);
  return message([
    text(1, document["swagger"]),
    encodeBytes(2, message([text(1, info["title"]), text(2, info["version"])])),
    encodeBytes(8, message(named(2, document["paths"], encodePath))),
    encodeBytes(9, message(named(1, document["definitions"], encodeSchema))),
  ]);
}

const none = Buffer.alloc(0);

function message(fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

function text(field: number, value: Json | undefined): Buffer {
  return isString(value) && value !== "" ? encodeBytes(field, value) : none;
}

function integer(field: number, value: Json | undefined): Buffer {
  return typeof value === "number" ? encodeInteger(field, value) : none;
}

function double(field: number, value: Json | undefined): Buffer {
  return typeof value === "number" ? encodeDouble(field, value) : none;
}

function flag(field: number, value: Json | undefined): Buffer {
  return value === true ? encodeInteger(field, 1) : none;
}

/** `Any` carries YAML, and JSON is YAML. */
function any(field: number, value: Json | undefined): Buffer {
  return value === undefined ? none : encodeBytes(field, encodeBytes(2, JSON.stringify(value)));
}

/** Named values: a name in field 1 and a message in field 2. */
function named(
  field: number,
  values: Json | undefined,
  encode: (value: JsonObject) => Buffer,
): readonly Buffer[] {
  return fieldsOf(objectOf(values)).map(([name, value]) =>
    encodeBytes(field, message([encodeBytes(1, name), encodeBytes(2, encode(objectOf(value)))])),
  );
}

function extensions(field: number, object: JsonObject): readonly Buffer[] {
  return fieldsOf(object)
    .filter(([name]) => name.startsWith("x-"))
    .map(([name, value]) => encodeBytes(field, message([encodeBytes(1, name), any(2, value)])));
}

const operationFields = { get: 2, put: 3, post: 4, delete: 5, patch: 8 } as const;

function encodePath(path: JsonObject): Buffer {
  const operations = Object.entries(operationFields).map(([method, field]) => {
    const operation = path[method];
    return isObject(operation) ? encodeBytes(field, encodeOperation(operation)) : none;
  });
  const parameters = arrayOf(path["parameters"]).map((each) => encodeBytes(9, parameter(each)));
  return message([...operations, ...parameters]);
}

function encodeOperation(operation: JsonObject): Buffer {
  const ok = message([encodeBytes(1, "200"), encodeBytes(2, encodeBytes(1, encodeBytes(1, "OK")))]);
  return message([
    text(5, operation["operationId"]),
    ...arrayOf(operation["consumes"]).map((type) => text(7, type)),
    ...arrayOf(operation["parameters"]).map((each) => encodeBytes(8, parameter(each))),
    encodeBytes(9, encodeBytes(1, ok)),
    ...extensions(13, operation),
  ]);
}

/** `ParametersItem` of a `Parameter` of a `NonBodyParameter` that stands in the query or path. */
function parameter(value: Json): Buffer {
  const { in: place, name, type, required } = objectOf(value);
  const isPath = place === "path";
  const fields = isPath
    ? [flag(1, required), text(2, place), text(4, name), text(5, type)]
    : [flag(1, required), text(2, place), text(4, name), text(6, type)];
  return encodeBytes(1, encodeBytes(2, encodeBytes(isPath ? 4 : 3, message(fields))));
}

function encodeSchema(schema: JsonObject): Buffer {
  const { additionalProperties, items, type } = schema;
  const openEnd =
    additionalProperties === true
      ? encodeBytes(21, flag(2, true))
      : isObject(additionalProperties)
        ? encodeBytes(21, encodeBytes(1, encodeSchema(additionalProperties)))
        : none;
  return message([
    text(1, schema["$ref"]),
    text(2, schema["format"]),
    text(3, schema["title"]),
    text(4, schema["description"]),
    any(5, schema["default"]),
    double(7, schema["maximum"]),
    double(9, schema["minimum"]),
    integer(11, schema["maxLength"]),
    integer(12, schema["minLength"]),
    text(13, schema["pattern"]),
    integer(14, schema["maxItems"]),
    integer(15, schema["minItems"]),
    ...arrayOf(schema["required"]).map((name) => text(19, name)),
    ...arrayOf(schema["enum"]).map((value) => any(20, value)),
    openEnd,
    textOf(type) === undefined ? none : encodeBytes(22, text(1, type)),
    isObject(items) ? encodeBytes(23, encodeBytes(1, encodeSchema(items))) : none,
    ...(isObject(schema["properties"])
      ? [encodeBytes(25, message(named(1, schema["properties"], encodeSchema)))]
      : []),
    ...extensions(31, schema),
  ]);
}
