/** Objects as a Go client writes them in protobuf, by the tables that the hub reads them with. */
import { type MessageField, messageOf } from "../../../shared/kube/protobuf/messages.ts";
import { encodeBytes, encodeDouble, encodeInteger } from "../../../shared/kube/protobuf/wire.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

/** A field of a message, or of one that stands in it: the numbers that lead to it. */
export interface FoundField {
  readonly numbers: readonly number[];
  readonly field: MessageField;
}

/** The field that has a name in JSON; undefined for a name that the table lacks. */
export function fieldNamed(type: string, name: string): FoundField | undefined {
  for (const [number, field] of messageOf(type) ?? []) {
    if (field.name === name) return { numbers: [number], field };
    const inner = field.name === undefined ? fieldNamed(field.type, name) : undefined;
    if (inner !== undefined) return { ...inner, numbers: [number, ...inner.numbers] };
  }
  return undefined;
}

/** `runtime.Unknown` with its magic number. */
export function writeBody(apiVersion: string, kind: string, message: Buffer): Buffer {
  const type = Buffer.concat([encodeBytes(1, apiVersion), encodeBytes(2, kind)]);
  return Buffer.concat([Buffer.from("k8s\0"), encodeBytes(1, type), encodeBytes(2, message)]);
}

export function writeMessage(type: string, object: JsonObject): Buffer {
  return Buffer.concat(
    Object.entries(object).map(([name, value = null]) => {
      const found = fieldNamed(type, name);
      if (found === undefined) throw new Error(`Message "${type}" has no field "${name}"`);
      const [number = 0, ...around] = [...found.numbers].reverse();
      const written = writeField(number, found.field, value);
      return around.reduce<Buffer>((bytes, each) => encodeBytes(each, bytes), written);
    }),
  );
}

function writeField(number: number, { type, shape }: MessageField, value: Json): Buffer {
  if (shape === "many") {
    return Buffer.concat((value as Json[]).map((item) => writeValue(number, type, item)));
  }
  if (shape === "one") return writeValue(number, type, value);
  const entries = Object.entries(value as JsonObject).map(([key, entry = null]) =>
    encodeBytes(number, Buffer.concat([encodeBytes(1, key), writeValue(2, type, entry)])),
  );
  return Buffer.concat(entries);
}

function writeValue(number: number, type: string, value: Json): Buffer {
  switch (type) {
    case "bool":
      return encodeInteger(number, value === true ? 1 : 0);
    case "int32":
    case "int64":
      return encodeInteger(number, value as number);
    case "double":
      return encodeDouble(number, value as number);
    case "string":
      return encodeBytes(number, value as string);
    case "bytes":
      return encodeBytes(number, Buffer.from(value as string, "base64"));
    default:
      return encodeBytes(number, writeNested(type, value));
  }
}

function writeNested(type: string, value: Json): Buffer {
  switch (type) {
    case "Time":
    case "MicroTime": {
      const text = value as string;
      const nanos = Number(/\.(\d{6})Z$/.exec(text)?.[1] ?? 0) * 1000;
      const seconds = Math.floor(Date.parse(text) / 1000);
      return Buffer.concat([encodeInteger(1, seconds), encodeInteger(2, nanos)]);
    }
    case "Quantity":
      return encodeBytes(1, value as string);
    case "IntOrString":
      return typeof value === "number"
        ? Buffer.concat([encodeInteger(1, 0), encodeInteger(2, value), encodeBytes(3, "")])
        : Buffer.concat([encodeInteger(1, 1), encodeBytes(3, value as string)]);
    case "FieldsV1":
    case "RawExtension":
    case "JSON":
      return encodeBytes(1, JSON.stringify(value));
    case "ExtraValue":
      return Buffer.concat((value as string[]).map((item) => encodeBytes(1, item)));
    default:
      return writeMessage(type, chosen(type, value));
  }
}

/** What is a schema, a list, a text or a boolean in JSON is a message of one of them. */
function chosen(type: string, value: Json): JsonObject {
  if (!type.startsWith("JSONSchemaPropsOr")) return value as JsonObject;
  if (typeof value === "boolean") return { allows: value };
  if (!Array.isArray(value)) return { schema: value };
  return type === "JSONSchemaPropsOrArray" ? { jSONSchemas: value } : { property: value };
}
