import type { HttpRequest, HttpResponseInit } from "@azure/functions";

/** Requests over this are refused by their faces; here it only bounds what is kept in memory. */
const bodyBytesMax = 4_000_000;

/** The status of the answer when a face throws: a bug, since faces answer all that they expect. */
const bug = { status: 500, body: "Cannot answer: an unexpected error happened" };

/**
 * A face, from web standard `Request` to `Response`, as a handler of the Functions host. It always
 * answers: with response streaming on, a handler that throws would leave its client waiting.
 */
export function answer(
  face: (request: Request) => Promise<Response>,
): (
  request: HttpRequest,
  context: { error(...args: unknown[]): void },
) => Promise<HttpResponseInit> {
  return async (request, context) => {
    try {
      return responseInit(await face(await standardRequest(request)));
    } catch (error) {
      context.error(`Cannot answer ${request.method} ${new URL(request.url).pathname}`, error);
      return bug;
    }
  };
}

async function standardRequest(request: HttpRequest): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of request.headers.entries()) headers.append(name, value);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const body = hasBody ? await readBody(request) : undefined;
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

function responseInit(response: Response): HttpResponseInit {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(response.body !== null && { body: response.body }),
  };
}
