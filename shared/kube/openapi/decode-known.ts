/**
 * What a kube-apiserver's decoder makes of an object of one of its own kinds: fields that the type
 * does not have are left out and told, null is the same as absent, and a value of the wrong type
 * is an error in the words of Go.
 *
 * Nothing else is checked or set here: what is required and which values are allowed is told by
 * the kind's own rules (`validation/`), and defaults are set by the member's API server.
 */
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { parseQuantity } from "../cel/quantity.ts";
import { fieldsOf, isArray, isObject, isString } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { goNameOf } from "./structure.ts";

/** `json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool` */
export class UnmarshalError extends Error {
  override readonly name = "UnmarshalError";
}

/** Where a value stands: in which of Go's structs, in which field, and where to look for it. */
interface Place {
  readonly struct: string;
  /** Names of fields only, as Go tells them: "spec.template.spec.containers". */
  readonly fields: string;
  /** "spec.template.spec.containers[0]" */
  readonly path: string;
}

/**
 * The object without the fields that its structure does not know, whose paths are added to
 * `unknown`. Throws `UnmarshalError` for the first value of a wrong type.
 */
export function decodeKnown(
  object: JsonObject,
  structure: OpenApiSchema,
  unknown: string[],
): JsonObject {
  return decodeObject(object, structure, { struct: "", fields: "", path: "" }, unknown);
}

function decode(value: Json, schema: OpenApiSchema, place: Place, unknown: string[]): Json {
  checkType(value, schema, place);
  if (isArray(value)) {
    const { items = open } = schema;
    return value.map((item, index) => {
      const path = `${place.path}[${index}]`;
      return item === null ? item : decode(item, items, { ...place, path }, unknown);
    });
  }
  return isObject(value) ? decodeObject(value, schema, place, unknown) : value;
}

const open: OpenApiSchema = { "x-kubernetes-preserve-unknown-fields": true };

function decodeObject(
  object: JsonObject,
  schema: OpenApiSchema,
  place: Place,
  unknown: string[],
): JsonObject {
  const kept: [string, Json][] = [];
  for (const [name, value] of fieldsOf(object)) {
    const below = placeBelow(name, schema, place);
    const field = fieldOf(schema, name);
    if (field === undefined) unknown.push(below.path);
    else if (value !== null) kept.push([name, decode(value, field, below, unknown)]);
  }
  return Object.fromEntries(kept);
}

/** Keys of maps are no fields to Go. */
function placeBelow(name: string, schema: OpenApiSchema, place: Place): Place {
  const path = place.path === "" ? name : `${place.path}.${name}`;
  if (schema.properties === undefined) return { ...place, path };
  const fields = place.fields === "" ? name : `${place.fields}.${name}`;
  const struct = goNameOf(schema)?.split(".")[1];
  return { struct: struct ?? place.struct, fields, path };
}

function fieldOf(schema: OpenApiSchema, name: string): OpenApiSchema | undefined {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  if (typeof additionalProperties === "object") return additionalProperties;
  const isOpen = additionalProperties === true || schema[preserves] === true;
  return isOpen ? open : undefined;
}

const preserves = "x-kubernetes-preserve-unknown-fields";

const int32Max = 2 ** 31 - 1;

function checkType(value: Json, schema: OpenApiSchema, place: Place): void {
  if (schema["x-kubernetes-int-or-string"] === true) {
    if (isString(value) || Number.isInteger(value)) return;
    throw unmarshal(toldOf(value, "integer"), "value of type int32");
  }
  if (goNameOf(schema) === "resource.Quantity") checkQuantity(value);
  if (schema.type === undefined || fits(value, schema)) return;
  const told = toldOf(value, schema.type);
  // Times read themselves, and know nothing of where they stand.
  if (schema.format === "date-time") throw unmarshal(told, "value of type string");
  const field = `${place.struct}.${place.fields}`;
  throw unmarshal(told, `struct field ${field} of type ${goTypeOf(schema)}`);
}

/** "500m", "1Gi", 2: quantities read themselves too, and say what they could not read. */
function checkQuantity(value: Json): void {
  const text = isString(value) ? value : JSON.stringify(value);
  if (parseQuantity(text) !== undefined) return;
  const isNumber = text.length <= 100 && /^[+-]?[0-9]*\.?[0-9]*[eEinumkKMGTP]+$/.test(text);
  const pattern = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";
  throw new UnmarshalError(
    isNumber
      ? "unable to parse quantity's suffix"
      : `quantities must match the regular expression '${pattern}'`,
  );
}

function unmarshal(told: string, into: string): UnmarshalError {
  return new UnmarshalError(`json: cannot unmarshal ${told} into Go ${into}`);
}

function fits(value: Json, { type, format }: OpenApiSchema): boolean {
  switch (type) {
    case "array":
      return isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value) && (format !== "int32" || isInt32(value));
    case "number":
      return typeof value === "number";
    case "boolean":
    case "string":
    case undefined:
      break;
  }
  return typeof value === type;
}

function isInt32(value: Json): boolean {
  return typeof value === "number" && value <= int32Max && value >= -int32Max - 1;
}

/** What Go calls a value; a number that is no such integer is told with its digits. */
function toldOf(value: Json, wanted: OpenApiSchema["type"]): string {
  if (isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  const isOdd = typeof value === "number" && wanted === "integer";
  return isOdd ? `number ${value}` : typeof value;
}

/** "int32", "[]string", "map[string]string", "v1.PodSpec" */
function goTypeOf(schema: OpenApiSchema): string {
  const { type, format, items = open, additionalProperties } = schema;
  const struct = goNameOf(schema);
  switch (type) {
    case "array":
      return `[]${goTypeOf(items)}`;
    case "object": {
      if (struct !== undefined) return struct;
      const isMap = typeof additionalProperties === "object";
      return isMap ? `map[string]${goTypeOf(additionalProperties)}` : "map[string]interface {}";
    }
    case "integer":
      return format === "int64" ? "int64" : "int32";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "string":
    case undefined:
      break;
  }
  return format === "byte" ? "[]uint8" : "string";
}
