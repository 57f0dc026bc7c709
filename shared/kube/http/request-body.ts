import { CORE_SCHEMA, load } from "js-yaml";
import type { Json } from "../../lib/kube-object.ts";
import { decodeProtobufBody, protobufType } from "../protobuf/decode-body.ts";
import { badRequest, StatusError, unsupportedMediaType } from "../status-error.ts";
import { parseMediaType } from "./media-type.ts";

/** As much as a kube-apiserver takes in one request. */
export const bodyBytesMax = 3 * 1024 * 1024;

/** Deeper objects are refused: nothing that Kubernetes knows is deeper than 30. */
const depthMax = 100;

/** YAML aliases can make a small text huge; JSON of 3 MiB has fewer values than this. */
const valuesMax = 1_600_000;

/** The media type of the body, without parameters; JSON when the client names none. */
export function bodyType(request: Request): string {
  const { type } = parseMediaType(request.headers.get("content-type"));
  return type === "" ? "application/json" : type;
}

/** The bytes of the body. Throws 413 for more than `bodyBytesMax`. */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (request.body !== null) {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > bodyBytesMax) throw tooLarge();
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}

/** The body as JSON, from JSON, YAML or Kubernetes' protobuf; undefined for an empty one. */
export async function readObject(request: Request): Promise<Json | undefined> {
  const type = bodyType(request);
  const bytes = await readBody(request);
  if (bytes.byteLength === 0) return undefined;
  switch (type) {
    case "application/json":
      return parseJson(bytes);
    case "application/yaml":
      return parseYaml(bytes);
    case protobufType:
      return decodeProtobufBody(bytes);
    default:
      throw unsupportedMediaType(["application/json", "application/yaml", protobufType]);
  }
}

/** Throws 400 for what is not JSON, is too deep or sets an object's prototype. */
export function parseJson(bytes: Uint8Array): Json {
  return bounded("JSON", () => JSON.parse(textOf(bytes)) as Json);
}

/** YAML 1.2 and so JSON too; dates stay text. Throws 400 as `parseJson` does. */
export function parseYaml(bytes: Uint8Array): Json {
  return bounded("YAML", () => load(textOf(bytes), { schema: CORE_SCHEMA }) as Json);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function bounded(language: string, parse: () => Json): Json {
  let value: Json;
  try {
    value = parse();
  } catch (error) {
    // RangeError is a stack that a deep text has used up.
    const because = error instanceof Error ? error.message.split("\n")[0] : "";
    throw badRequest(`couldn't parse the body as ${language}: ${because}`);
  }
  let values = 0;
  const check = (each: Json | undefined, depth: number): void => {
    if (typeof each !== "object" || each === null) return;
    if (depth > depthMax) throw badRequest(`the body is nested deeper than ${depthMax} levels`);
    for (const [name, child] of Object.entries(each) as [string, Json][]) {
      values += 1;
      if (values > valuesMax) throw badRequest(`the body has more than ${valuesMax} values`);
      if (name === "__proto__") throw badRequest('the body has a field "__proto__"');
      check(child, depth + 1);
    }
  };
  check(value, 1);
  return value;
}

function tooLarge(): StatusError {
  return new StatusError(
    413,
    "RequestEntityTooLarge",
    `Request entity too large: limit is ${bodyBytesMax}`,
  );
}
