import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { redactedError } from "../redacted.ts";
import { endingBody } from "./ending-body.ts";

/** Requests over this are refused by their faces; here it only bounds what is kept in memory. */
const bodyBytesMax = 4_000_000;

/** A body must be there after so long: a client that sends a byte a second holds nothing up. */
const bodySecondsMax = 30;

/** The status of the answer when a face throws: a bug, since faces answer all that they expect. */
const bug = { status: 500, body: "Cannot answer: an unexpected error happened" };

export interface AnswerOptions {
  readonly bodySecondsMax?: number;
  /** How the face says that the body did not come in time; a plain 408 when left out. */
  readonly tooSlow?: (secondsMax: number) => Response;
}

type Context = { error(...args: unknown[]): void };

/**
 * A face, from web standard `Request` to `Response`, as a handler of the Functions host. It always
 * answers, and ends each answer: with response streaming on, a handler that throws, or a body that
 * breaks, would leave its client waiting.
 */
export function answer(
  face: (request: Request) => Promise<Response>,
  options: AnswerOptions = {},
): (request: HttpRequest, context: Context) => Promise<HttpResponseInit> {
  const { bodySecondsMax: secondsMax = bodySecondsMax, tooSlow = plainTooSlow } = options;
  return async (request, context) => {
    const log = (what: string, error: unknown) => {
      const { pathname } = new URL(request.url);
      context.error(`Cannot ${what} ${request.method} ${pathname}: ${redactedError(error)}`);
    };
    try {
      const given = await standardRequest(request, secondsMax);
      if (given === undefined) return responseInit(tooSlow(secondsMax), log);
      return responseInit(await face(given), log);
    } catch (error) {
      log("answer", error);
      return bug;
    }
  };
}

function plainTooSlow(secondsMax: number): Response {
  const text = `Cannot read the request: its body must arrive within ${secondsMax} seconds`;
  return new Response(text, { status: 408 });
}

/** Undefined for a body that did not come in time. */
async function standardRequest(
  request: HttpRequest,
  secondsMax: number,
): Promise<Request | undefined> {
  const headers = new Headers();
  for (const [name, value] of request.headers.entries()) headers.append(name, value);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const body = hasBody ? await within(secondsMax, readBody(request)) : undefined;
  if (body === "late") return undefined;
  return new Request(request.url, {
    method: request.method,
    headers,
    ...(body !== undefined && body.byteLength > 0 && { body: body as Uint8Array<ArrayBuffer> }),
  });
}

/**
 * What is over the limit is read and let go: one chunk more is enough for a face to see that a body
 * is too large, and a client reads the answer when it has sent all. The host limits how much.
 */
async function readBody(request: HttpRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    const some = chunk as Uint8Array;
    if (bytes <= bodyBytesMax) chunks.push(some);
    bytes += some.byteLength;
  }
  return Buffer.concat(chunks);
}

/** What is late is left where it is: to cancel it would cut the connection before the answer. */
async function within<Value>(seconds: number, value: Promise<Value>): Promise<Value | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), seconds * 1_000);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
    value.catch(() => undefined);
  }
}

function responseInit(
  { status, headers, body }: Response,
  log: (what: string, error: unknown) => void,
): HttpResponseInit {
  return {
    status,
    headers: Object.fromEntries(headers),
    ...(body !== null && { body: endingBody(body, (error) => log("go on answering", error)) }),
  };
}
