import { load } from "js-yaml";
import type { Json } from "../../lib/kube-object.ts";
import { assertNotEncoded } from "../flow/assert-not-encoded.ts";
import { decodeProtobufBody, protobufType } from "../protobuf/decode-body.ts";
import { badRequest, StatusError, tooLarge, unsupportedMediaType } from "../status-error.ts";
import { assertExactNumbers } from "./exact-number.ts";
import { duplicateFields, jsonSyntaxError } from "./go-json.ts";
import { parseMediaType } from "./media-type.ts";
import { firstDocument, yamlSchema } from "./yaml-schema.ts";

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

/** The bytes of the body. Throws 413 for more than `bodyBytesMax`, 415 for packed ones. */
export async function readBody(request: Request): Promise<Uint8Array> {
  assertNotEncoded(request);
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) {
    throw tooLarge(bodyBytesMax);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (request.body !== null) {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > bodyBytesMax) throw tooLarge(bodyBytesMax);
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}

/** What a body said, and what its language tells beside it. */
export interface ReadBody {
  readonly value: Json;
  /** Keys that were there twice; the last one counts. */
  readonly duplicates: readonly string[];
  /** Fields that were skipped, which is never an error: of protobuf only. */
  readonly skipped?: readonly string[];
}

/**
 * The body as JSON, from JSON, YAML or Kubernetes' protobuf. Throws 400 for what cannot be read,
 * which names the kind that was expected, and 415 for another language.
 */
export async function readObject(request: Request, kind: string): Promise<ReadBody> {
  const type = bodyType(request);
  const isYaml = type === "application/yaml";
  if (!isYaml && type !== "application/json" && type !== protobufType) {
    throw unsupportedMediaType(["application/json", "application/yaml", protobufType]);
  }
  const bytes = await readBody(request);
  try {
    if (type === protobufType && !isProtobuf(bytes)) {
      const prefix = "expected prefix [107 56 115 0]";
      const because = `provided data does not appear to be a protobuf message, ${prefix}`;
      throw unrecognized(kind, because, bytes);
    }
    if (type === protobufType) return readProtobuf(bytes);
    if (isYaml) return readYaml(bytes);
    return { value: parseJson(bytes), duplicates: duplicateKeys(bytes) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const because = isYaml ? "" : "couldn't get version/kind; json parse error: ";
    throw unrecognized(kind, `${because}${error.message}`, bytes);
  }
}

function readProtobuf(bytes: Uint8Array): ReadBody {
  let skipped: readonly string[] = [];
  const value = bounded(() => {
    const decoded = decodeProtobufBody(bytes);
    skipped = decoded.unknown;
    return decoded.value;
  });
  return { value, duplicates: [], skipped };
}

function isProtobuf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "k8s\0";
}

const summaryBytesMax = 30;

/** A body that is no object of a kind. */
export function unrecognized(kind: string, because: string, bytes: Uint8Array): StatusError {
  const cut = Buffer.from(bytes.subarray(0, summaryBytesMax));
  const text = cut.toString().startsWith("{") ? cut.toString() : cut.toString("hex");
  const more = bytes.length > summaryBytesMax ? " ..." : "";
  const summary = bytes.length === 0 ? "<empty>" : `${text}${more}`;
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${because} (${summary})`,
  );
}

function duplicateKeys(bytes: Uint8Array): readonly string[] {
  return duplicateFields(textOf(bytes)).map((path) => `duplicate field ${JSON.stringify(path)}`);
}

/**
 * Throws `SyntaxError` with the words of Go's decoder for what is not JSON, and 400 for what is too
 * deep, sets an object's prototype or has a number that cannot be kept.
 */
export function parseJson(bytes: Uint8Array): Json {
  return bounded(() => {
    const text = textOf(bytes);
    const value = parsedJson(text);
    assertExactNumbers(text);
    return value;
  });
}

function parsedJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new SyntaxError(jsonSyntaxError(text));
  }
}

/** YAML, and so JSON too: its first document. Throws as `parseJson` does. */
export function readYaml(bytes: Uint8Array): ReadBody {
  const text = firstDocument(textOf(bytes));
  const duplicates: string[] = [];
  const value = bounded(() => {
    if (text.trim() === "") return null;
    try {
      return load(text, { schema: yamlSchema }) as Json;
    } catch (error) {
      if (error instanceof StatusError) throw error;
      const duplicate = duplicateLine(text, error);
      if (duplicate === undefined) throw new SyntaxError(`yaml: ${firstLine(error)}`);
      duplicates.push(duplicate);
      return load(text, { schema: yamlSchema, json: true }) as Json;
    }
  });
  return { value, duplicates };
}

/** A key that begins after so many characters of its line is not named. */
const keyCharactersMax = 1_024;

/** `line 5: key "k" already set in map`; undefined for another error. */
function duplicateLine(text: string, error: unknown): string | undefined {
  const message = firstLine(error);
  const line = Number(/^duplicated mapping key \((\d+):/.exec(message)?.[1] ?? 0);
  if (line === 0) return undefined;
  const begin = (text.split("\n")[line - 1] ?? "").slice(0, keyCharactersMax);
  const key = /([^\s"'{,-][^"':]*)["']?\s*:/.exec(begin)?.[1] ?? "";
  return `line ${line}: key ${JSON.stringify(key)} already set in map`;
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8").decode(bytes);
}

function bounded(parse: () => Json): Json {
  let value: Json;
  try {
    value = parse();
  } catch (error) {
    // A stack that a deep text has used up.
    if (error instanceof RangeError) throw badRequest("exceeded max depth");
    throw error;
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
