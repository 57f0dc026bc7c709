import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { assertExactNumber, assertExactNumbers } from "../http/exact-number.ts";
import { fieldsOf, isObject, objectOf } from "../json.ts";
import { type MessageField, messageOf } from "./messages.ts";
import { type UnknownFields, unknownFields } from "./unknown-fields.ts";
import { bytesOf, doubleOf, integerOf, readFields, type WireField } from "./wire.ts";

const depthMax = 100;

/** Where in an object it is read, and what is noticed on the way. */
interface Reading {
  readonly depth: number;
  readonly unknown: UnknownFields;
}

/**
 * A Kubernetes message as the JSON object that it stands for. Fields that are not known are
 * skipped, and told to `unknown`.
 *
 * Throws `RangeError` or `SyntaxError` for bytes that are no such message.
 */
export function decodeMessage(
  type: string,
  bytes: Buffer,
  unknown: UnknownFields = unknownFields(),
): JsonObject {
  return decodeAt(type, bytes, { depth: 0, unknown });
}

function decodeAt(type: string, bytes: Buffer, reading: Reading): JsonObject {
  if (reading.depth > depthMax) {
    throw new RangeError("Cannot read a message: it is nested too deep");
  }
  const message = messageOf(type);
  if (message === undefined) throw new RangeError(`Cannot read message "${type}": it is unknown`);
  const object = new Map<string, Json | Json[] | Map<string, Json>>();
  for (const wire of readFields(bytes)) {
    const field = message.get(wire.field);
    if (field === undefined) reading.unknown.skip(type, wire);
    else addField(object, field, wire, reading);
  }
  const plain = [...object].map(([name, value]): [string, Json] => [
    name,
    value instanceof Map ? Object.fromEntries(value) : value,
  ]);
  return Object.fromEntries(plain);
}

function addField(
  object: Map<string, Json | Json[] | Map<string, Json>>,
  { name, type, shape, isKept }: MessageField,
  wire: WireField,
  reading: Reading,
): void {
  if (name === undefined) {
    for (const [inner, each] of fieldsOf(objectOf(decodeValue(type, wire, reading)))) {
      object.set(inner, each);
    }
    return;
  }
  // Lists and maps grow in place: a body of 3 MiB can have a million items.
  const known = object.get(name);
  if (shape === "map") {
    const [key, entry] = decodeEntry(type, bytesOf(wire), reading);
    if (known instanceof Map) known.set(key, entry);
    else object.set(name, new Map([[key, entry]]));
    return;
  }
  const decoded = decodeValue(type, wire, reading);
  if (shape === "many") {
    if (Array.isArray(known)) known.push(decoded);
    else object.set(name, [decoded]);
  } else if (isKept || !isZero(decoded)) object.set(name, decoded);
}

function isZero(value: Json): boolean {
  if (isObject(value)) return fieldsOf(value).length === 0;
  return value === null || value === "" || value === 0 || value === false;
}

function decodeEntry(type: string, bytes: Buffer, reading: Reading): [string, Json] {
  let key = "";
  let entry: Json | undefined;
  for (const wire of readFields(bytes)) {
    if (wire.field === 1) key = bytesOf(wire).toString();
    else if (wire.field === 2) entry = decodeValue(type, wire, reading);
  }
  const nothing: WireField = { field: 2, wireType: 2, value: Buffer.alloc(0) };
  return [key, entry ?? decodeValue(type, nothing, reading)];
}

function decodeValue(type: string, wire: WireField, reading: Reading): Json {
  switch (type) {
    case "string":
      return bytesOf(wire).toString();
    case "bytes":
      return bytesOf(wire).toString("base64");
    case "bool":
      return integerOf(wire) !== 0n;
    case "int32":
    case "int64": {
      const integer = BigInt.asIntN(type === "int32" ? 32 : 64, integerOf(wire));
      assertExactNumber(String(integer));
      return Number(integer);
    }
    case "double": {
      const double = doubleOf(wire);
      assertExactNumber(String(double));
      // A negative zero is written as zero in JSON.
      return double === 0 ? 0 : double;
    }
    default:
      return decodeNested(type, bytesOf(wire), reading);
  }
}

function decodeNested(type: string, bytes: Buffer, { depth, unknown }: Reading): Json {
  const special = specials.get(type);
  if (special !== undefined) return special(bytes);
  const object = decodeAt(type, bytes, { depth: depth + 1, unknown });
  const choice = choices.get(type);
  return choice === undefined ? object : choice(object);
}

/** Messages whose JSON is one of their fields. */
const choices: ReadonlyMap<string, (object: JsonObject) => Json> = new Map<
  string,
  (object: JsonObject) => Json
>([
  ["JSONSchemaPropsOrArray", ({ schema, jSONSchemas }) => jSONSchemas ?? schema ?? null],
  ["JSONSchemaPropsOrBool", ({ schema, allows }) => schema ?? allows === true],
  ["JSONSchemaPropsOrStringArray", ({ schema, property }) => property ?? schema ?? null],
]);

/** Messages whose JSON is no object; a time that is not set is null. */
const specials: ReadonlyMap<string, (bytes: Buffer) => Json> = new Map<
  string,
  (bytes: Buffer) => Json
>([
  ["Time", (bytes) => timeOf(bytes, 0)],
  ["MicroTime", (bytes) => timeOf(bytes, 6)],
  ["Quantity", (bytes) => textOf(bytes, 1) ?? "0"],
  ["IntOrString", intOrString],
  ["FieldsV1", (bytes) => rawJson(bytes, {})],
  ["RawExtension", (bytes) => rawJson(bytes, {})],
  ["JSON", (bytes) => rawJson(bytes, null)],
  ["ExtraValue", (bytes) => [...readFields(bytes)].map((wire) => bytesOf(wire).toString())],
]);

function rawJson(bytes: Buffer, nothing: Json): Json {
  const text = textOf(bytes, 1) ?? "";
  if (text === "") return nothing;
  const value = JSON.parse(text) as Json;
  assertExactNumbers(text);
  return value;
}

function first(bytes: Buffer, number: number): WireField | undefined {
  for (const wire of readFields(bytes)) if (wire.field === number) return wire;
  return undefined;
}

function textOf(bytes: Buffer, number: number): string | undefined {
  const wire = first(bytes, number);
  return wire === undefined ? undefined : bytesOf(wire).toString();
}

function numberOf(bytes: Buffer, number: number): bigint | undefined {
  const wire = first(bytes, number);
  return wire === undefined ? undefined : BigInt.asIntN(64, integerOf(wire));
}

/** 9999-12-31T23:59:59Z, the last second that RFC 3339 can write. */
const secondsMax = 253_402_300_799;

/** Go's zero time has no fields, or is in the year 1. */
function timeOf(bytes: Buffer, fractionDigits: number): Json {
  const seconds = numberOf(bytes, 1);
  if (seconds === undefined || seconds < 0n) return null;
  const whole = Number(seconds);
  const nanos = Number(numberOf(bytes, 2) ?? 0n);
  if (whole > secondsMax || nanos < 0 || nanos > 999_999_999) {
    throw new RangeError("Cannot read a message: a time is out of range");
  }
  const micros = Math.floor(nanos / 1000);
  const fraction = fractionDigits === 0 ? "" : `.${String(micros).padStart(fractionDigits, "0")}`;
  return new Date(whole * 1000).toISOString().replace(/\.\d+Z$/, `${fraction}Z`);
}

function intOrString(bytes: Buffer): Json {
  const isText = numberOf(bytes, 1) === 1n;
  if (isText) return textOf(bytes, 3) ?? "";
  return Number(BigInt.asIntN(32, numberOf(bytes, 2) ?? 0n));
}
