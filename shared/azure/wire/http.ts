import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { redactedError } from "../redacted.ts";
import { type BodyBudget, bodyBudget } from "./body-budget.ts";
import { endingBody } from "./ending-body.ts";
import { readBody } from "./read-body.ts";

/** A body must be there after so long: a client that sends a byte a second holds nothing up. */
const bodySecondsMax = 30;

/** The bodies of all requests of this process: some of the largest, or very many usual ones. */
const bodies = bodyBudget(96_000_000);

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
   * Who asks, by the headers alone. The body of a request that it throws for is not read, so that
   * nobody who is not known fills the memory: the face refuses it before it looks at the body.
   */
  readonly identify?: (authorization: string | null) => Promise<unknown>;
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
  return async (request, context) => {
    const log = (what: string, error: unknown) => {
      const { pathname } = new URL(request.url);
      context.error(`Cannot ${what} ${request.method} ${pathname}: ${redactedError(error)}`);
    };
    const share = (options.bodies ?? bodies).open();
    try {
      const secondsMax = options.bodySecondsMax ?? bodySecondsMax;
      const body = await bodyOf(
        request,
        options.identify,
        async () => await readBody(request, { share, secondsMax }),
      );
      if (body === "late") return responseInit((options.tooSlow ?? tooSlow)(secondsMax), log);
      if (body === "no-room") {
        return responseInit((options.tooMany ?? tooMany)(retryAfterSeconds), log);
      }
      return responseInit(await face(standardRequest(request, body)), log);
    } catch (error) {
      log("answer", error);
      return bug;
    } finally {
      share.close();
    }
  };
}

function tooSlow(secondsMax: number): Response {
  const text = `Cannot read the request: its body must arrive within ${secondsMax} seconds`;
  return new Response(text, { status: 408 });
}

function tooMany(seconds: number): Response {
  const text = "Cannot read the request: too many are under way";
  return new Response(text, { status: 429, headers: { "retry-after": String(seconds) } });
}

async function bodyOf<Read>(
  { method, headers }: HttpRequest,
  identify: AnswerOptions["identify"],
  read: () => Promise<Read>,
): Promise<Read | ReadableStream | undefined> {
  if (method === "GET" || method === "HEAD") return undefined;
  try {
    await identify?.(headers.get("authorization"));
  } catch {
    return unreadBody();
  }
  return await read();
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
