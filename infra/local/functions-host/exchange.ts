import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { RequestTarget } from "./request-target.ts";

/** A request on its way, with the response that it waits for. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
}

/** Answers with text, with a value as JSON, or with nothing but the status. */
export function reply(
  { request, response }: Pick<Exchange, "request" | "response">,
  status: number,
  body?: string | object,
): void {
  const isText = typeof body === "string";
  const payload = isText ? body : body === undefined ? "" : JSON.stringify(body);
  const headers: OutgoingHttpHeaders = { "content-length": Buffer.byteLength(payload) };
  if (body !== undefined) {
    headers["content-type"] = isText ? "text/plain; charset=utf-8" : "application/json";
  }
  response.writeHead(status, headers);
  response.end(payload);
  // A client that is still sending reads the answer only when it has got rid of the rest.
  if (!request.complete) request.resume();
}

/** A request's body is longer than this host takes; the answer is 413. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";

  constructor(bytesMax: number) {
    super(`Cannot read body: must be at most ${bytesMax} bytes`);
  }
}

/** Throws BodyTooLarge when the request itself says so. */
export function assertFits(request: IncomingMessage, bytesMax: number): void {
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw new BodyTooLarge(bytesMax);
}

/** Rejects with BodyTooLarge before more than the limit is in memory. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(request, bytesMax)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body chunk by chunk, ending in BodyTooLarge past the limit. */
export async function* limited(
  request: IncomingMessage,
  bytesMax: number,
): AsyncGenerator<Buffer, void> {
  assertFits(request, bytesMax);
  let bytes = 0;
  const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new BodyTooLarge(bytesMax);
    yield chunk;
  }
}

/** A header's text, with repeated ones joined as the runtime joins them. */
export function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

/** The access key of a request: the header `x-functions-key`, or `code` in the query. */
export function presentedKey({ request, target }: Exchange): string | undefined {
  return headerText(request, "x-functions-key") ?? target.query.get("code") ?? undefined;
}
