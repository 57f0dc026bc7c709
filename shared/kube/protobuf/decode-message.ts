import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { assertExactNumber } from "../http/exact-number.ts";
import { arrayOf, fieldsOf, isObject, objectOf } from "../json.ts";
import { type MessageField, messageOf } from "./messages.ts";
import { readFields } from "./wire.ts";

const depthMax = 100;

/**
 * A Kubernetes message as the JSON object that it stands for.
 *
 * Throws `RangeError` for bytes that are no such message and for a field that is not known: what
 * cannot be read must not be lost without a word.
 */
export function decodeMessage(type: string, bytes: Buffer, depth = 0): JsonObject {
  if (depth > depthMax) throw new RangeError("Cannot read a message: it is nested too deep");
  const message = messageOf(type);
  if (message === undefined) throw new RangeError(`Cannot read message "${type}": it is unknown`);
  const object = new Map<string, Json>();
  for (const { field: number, value } of readFields(bytes)) {
    const field = message.get(number);
    if (field === undefined) {
      throw new RangeError(`Cannot read message "${type}": field ${number} is unknown`);
    }
    addField(object, field, value, depth);
  }
  return Object.fromEntries(object);
}

function addField(
  object: Map<string, Json>,
  field: MessageField,
  value: bigint | Buffer,
  depth: number,
): void {
  const { name, type, shape, isKept } = field;
  if (shape === "map" && name !== undefined) {
    const [key, entry] = decodeEntry(type, value, depth);
    object.set(name, { ...objectOf(object.get(name)), [key]: entry });
    return;
  }
  const decoded = decodeValue(type, value, depth);
  if (name === undefined) {
    for (const [inner, each] of fieldsOf(objectOf(decoded))) object.set(inner, each);
  } else if (shape === "many") object.set(name, [...arrayOf(object.get(name)), decoded]);
  else if (isKept || !isZero(decoded)) object.set(name, decoded);
}

function isZero(value: Json): boolean {
  if (isObject(value)) return fieldsOf(value).length === 0;
  return value === null || value === "" || value === 0 || value === false;
}

function decodeEntry(type: string, value: bigint | Buffer, depth: number): [string, Json] {
  let key = "";
  let entry: Json = type === "string" || type === "bytes" ? "" : {};
  for (const { field, value: each } of readFields(bytesOf(value))) {
    if (field === 1) key = bytesOf(each).toString();
    else entry = decodeValue(type, each, depth);
  }
  return [key, entry];
}

function decodeValue(type: string, value: bigint | Buffer, depth: number): Json {
  switch (type) {
    case "string":
      return bytesOf(value).toString();
    case "bytes":
      return bytesOf(value).toString("base64");
    case "bool":
      return integerOf(value) !== 0n;
    case "int32":
    case "int64": {
      const integer = BigInt.asIntN(type === "int32" ? 32 : 64, integerOf(value));
      assertExactNumber(String(integer));
      return Number(integer);
    }
    case "double":
      return bytesOf(value).readDoubleLE(0);
    default:
      return decodeNested(type, bytesOf(value), depth);
  }
}

function decodeNested(type: string, bytes: Buffer, depth: number): Json {
  const special = specials.get(type);
  return special === undefined ? decodeMessage(type, bytes, depth + 1) : special(bytes);
}

/** Messages whose JSON is no object; a time that is not set is null. */
const specials: ReadonlyMap<string, (bytes: Buffer) => Json> = new Map<
  string,
  (bytes: Buffer) => Json
>([
  ["Time", (bytes) => timeOf(bytes, 0)],
  ["MicroTime", (bytes) => timeOf(bytes, 6)],
  ["Quantity", (bytes) => first(bytes, 1)?.toString() ?? "0"],
  ["IntOrString", intOrString],
  ["FieldsV1", rawJson],
  ["RawExtension", rawJson],
  ["ExtraValue", (bytes) => [...readFields(bytes)].map(({ value }) => bytesOf(value).toString())],
]);

function rawJson(bytes: Buffer): Json {
  return JSON.parse(first(bytes, 1)?.toString() ?? "{}") as Json;
}

function first(bytes: Buffer, number: number): bigint | Buffer | undefined {
  return [...readFields(bytes)].find(({ field }) => field === number)?.value;
}

/** Go's zero time has no fields, or is in the year 1. */
function timeOf(bytes: Buffer, fractionDigits: number): Json {
  const seconds = first(bytes, 1);
  if (seconds === undefined) return null;
  const whole = Number(BigInt.asIntN(64, integerOf(seconds)));
  if (whole < 0) return null;
  const micros = Math.floor(Number(integerOf(first(bytes, 2) ?? 0n)) / 1000);
  const fraction = fractionDigits === 0 ? "" : `.${String(micros).padStart(fractionDigits, "0")}`;
  return new Date(whole * 1000).toISOString().replace(/\.\d+Z$/, `${fraction}Z`);
}

function intOrString(bytes: Buffer): Json {
  const isText = integerOf(first(bytes, 1) ?? 0n) === 1n;
  if (isText) return first(bytes, 3)?.toString() ?? "";
  return Number(BigInt.asIntN(32, integerOf(first(bytes, 2) ?? 0n)));
}

function bytesOf(value: bigint | Buffer): Buffer {
  if (typeof value === "bigint") throw new RangeError("Cannot read a message: text must be bytes");
  return value;
}

function integerOf(value: bigint | Buffer): bigint {
  if (typeof value !== "bigint") throw new RangeError("Cannot read a message: must be a number");
  return value;
}
