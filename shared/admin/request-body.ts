import { z } from "zod";
import { ArmError } from "./arm-error.ts";

/** ARM's own limit is 4 MB; no resource of ours comes near this. */
const bodyBytesMax = 1_000_000;

/** JSON that nests deeper is refused before it is parsed. */
const depthMax = 50;

/** The JSON object of a request; undefined when it has none. */
export async function readBody(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return undefined;
  if (depthOf(text) > depthMax) {
    throw malformed(`it nests deeper than ${depthMax} levels`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "it must be JSON");
  }
}

/** A field that only we write: who writes back what was read sends it, and it changes nothing. */
export const readOnly = z.unknown().optional();

/** Reads a body as a resource's schema has it; the first field that is wrong is named. */
export function parseBody<Shape extends z.ZodType>(schema: Shape, body: unknown): z.infer<Shape> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw malformed("it must be a JSON object");
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const target = [...(issue?.path ?? []), ...unknown].map(pathPart).join("").replace(/^\./, "");
  if (issue?.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    const message = `A required property ${target} is missing.`;
    throw new ArmError(400, "RequiredPropertyMissing", message, { target });
  }
  const why = unknown.length > 0 ? "there is no such property" : issue?.message;
  const message = `Cannot accept ${target}: ${why ?? "it is not valid"}`;
  throw new ArmError(400, "InvalidRequestContent", message, { target });
}

const pathPart = (part: PropertyKey) =>
  typeof part === "number" ? `[${part}]` : `.${String(part)}`;

const malformed = (why: string) =>
  new ArmError(
    400,
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${why}'.`,
  );

async function readText(request: Request): Promise<string> {
  if (request.body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax) {
      const message = `Cannot read the request: must be at most ${bodyBytesMax} bytes`;
      throw new ArmError(413, "RequestContentTooLarge", message);
    }
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw malformed("it must be UTF-8");
  }
}

/** How deep the brackets go; what stands in strings does not count. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [part] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (part === "[" || part === "{") deepest = Math.max(deepest, ++depth);
    else if (part === "]" || part === "}") depth--;
  }
  return deepest;
}
