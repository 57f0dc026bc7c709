import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { FleetError } from "../../lib/fleet-error.ts";
import { redactedError } from "../redacted.ts";
import { type BodyBudget, bodyBudget } from "./body-budget.ts";
import { endingBody } from "./ending-body.ts";
import { type BodyRead, readBody } from "./read-body.ts";

/** A body must be there after so long: a client that sends a byte a second holds nothing up. */
const bodySecondsMax = 30;

/** The bodies of all requests of this process, and of one caller: some of the largest. */
const bodies = bodyBudget({ bytesMax: 96_000_000, bytesPerCallerMax: 24_000_000 });

const retryAfterSeconds = 1;

/** The status of the answer when a face throws: a bug, since faces answer all that they expect. */
const bug = { status: 500, body: "Cannot answer: an unexpected error happened" };

export interface AnswerOptions {
  readonly bodySecondsMax?: number;
  readonly bodies?: BodyBudget;
  /** How the face says that the body did not come in time; a plain 408 when left out. */
  readonly tooSlow?: (secondsMax: number) => Response;
  /** How it says that too many bodies are under way; a plain 429 when left out. */
  readonly tooMany?: (retryAfterSeconds: number) => Response;
  /**
   * Who asks, by the headers alone. What one caller sends has a part of the room for bodies. The
   * body of who is "Unauthenticated" is not read at all: the face refuses it before it looks.
   */
  readonly identify?: (authorization: string | null) => Promise<{ readonly objectId: string }>;
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
  const { tooSlow = plainTooSlow, tooMany = plainTooMany } = options;
  const answerTo = async (request: HttpRequest, body: Received["body"]): Promise<Response> => {
    if (body === "late") return tooSlow(options.bodySecondsMax ?? bodySecondsMax);
    if (body === "no-room") return tooMany(retryAfterSeconds);
    return await face(standardRequest(request, body));
  };
  return async (request, context) => {
    const log = (what: string, error: unknown) => {
      const { pathname } = new URL(request.url);
      context.error(`Cannot ${what} ${request.method} ${pathname}: ${redactedError(error)}`);
    };
    let received: Received | undefined;
    try {
      received = await receive(request, options);
      return responseInit(await answerTo(request, received.body), log);
    } catch (error) {
      log("answer", error);
      return bug;
    } finally {
      received?.close();
    }
  };
}

/** A body that is held until it is answered. */
interface Received {
  readonly body: BodyRead | ReadableStream | undefined;
  readonly close: () => void;
}

const nothingHeld = () => {};

async function receive(request: HttpRequest, options: AnswerOptions): Promise<Received> {
  const { method } = request;
  if (method === "GET" || method === "HEAD") return { body: undefined, close: nothingHeld };
  const caller = await callerOf(request, options);
  if (caller === "unknown") return { body: unreadBody(), close: nothingHeld };
  const share = (options.bodies ?? bodies).open(caller.objectId);
  const secondsMax = options.bodySecondsMax ?? bodySecondsMax;
  try {
    return { body: await readBody(request, { share, secondsMax }), close: share.close };
  } catch (error) {
    share.close();
    throw error;
  }
}

function plainTooSlow(secondsMax: number): Response {
  const text = `Cannot read the request: its body must arrive within ${secondsMax} seconds`;
  return new Response(text, { status: 408 });
}

function plainTooMany(seconds: number): Response {
  const text = "Cannot read the request: too many are under way";
  return new Response(text, { status: 429, headers: { "retry-after": String(seconds) } });
}

/** Whoever cannot be identified just now is nobody in particular: the face asks once more. */
const nobody = { objectId: "" };

async function callerOf(
  { headers }: HttpRequest,
  { identify }: AnswerOptions,
): Promise<{ readonly objectId: string } | "unknown"> {
  try {
    return (await identify?.(headers.get("authorization"))) ?? nobody;
  } catch (error) {
    const isRefused = error instanceof FleetError && error.code === "Unauthenticated";
    return isRefused ? "unknown" : nobody;
  }
}

/** Whoever reads it fails: nothing is done for a request whose body is not known. */
function unreadBody(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => controller.error(new Error("The body of the request was not read")),
  });
}

function standardRequest(
  { url, method, headers: given }: HttpRequest,
  body: Uint8Array | ReadableStream | undefined,
): Request {
  const headers = new Headers();
  for (const [name, value] of given.entries()) headers.append(name, value);
  const hasBody = body instanceof ReadableStream || (body?.byteLength ?? 0) > 0;
  const init = { method, headers, ...(hasBody && { body, duplex: "half" }) };
  return new Request(url, init as RequestInit);
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
