import { randomUUID } from "node:crypto";
import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as openRequest,
} from "node:http";
import { pipeline } from "node:stream/promises";
import { BodyTooLarge, type Exchange, headerText, limited, reply } from "./exchange.ts";
import { headersOf } from "./http-buffered.ts";
import type { HttpMatch, HttpTriggerPorts } from "./http-trigger.ts";
import type { StreamingProxy } from "./streaming-proxy.ts";

export interface StreamPorts extends HttpTriggerPorts {
  readonly proxy: StreamingProxy;
  readonly agent: Agent;
}

/** Headers that belong to one connection and are not passed on. */
const ownHeaders = ["connection", "keep-alive", "upgrade", "te", "expect", "proxy-authorization"];

/**
 * Serves a request through the library's streaming proxy: the request is forwarded to it while the
 * invocation runs, and chunks come back as the handler makes them, no faster than the client reads
 * them from this host.
 *
 * As on Azure the handler is not told when its client goes away: the forwarded request is torn
 * down, and what the handler still writes goes nowhere.
 */
export async function serveStreamed(
  { fn, values }: HttpMatch,
  exchange: Exchange,
  ports: StreamPorts,
): Promise<void> {
  const invocationId = randomUUID();
  const traceParent = headerText(exchange.request, "traceparent");
  const routeValues = Object.entries(values).map(([name, string]) => [name, { string }] as const);
  const ran = ports.invoker.run({
    fn,
    input: { http: {} },
    triggerMetadata: {
      ...Object.fromEntries(routeValues),
      Headers: { json: JSON.stringify(headersOf(exchange)) },
      Query: { json: "{}" },
    },
    invocationId,
    isStreamed: true,
    ...(traceParent === undefined ? {} : { traceParent }),
  });
  await Promise.all([
    forward(exchange, invocationId, ports),
    ran.catch(() => ports.proxy.cut(invocationId)), // The invoker has logged it.
  ]);
}

/** Resolves when the client has its answer, or is gone. */
async function forward(
  exchange: Exchange,
  invocationId: string,
  { proxy, agent, bodyBytesMax, scheme }: StreamPorts,
): Promise<void> {
  const { request, response } = exchange;
  const received = proxy.received(invocationId);
  const upstream = openRequest({
    host: "127.0.0.1",
    port: proxy.port,
    method: request.method,
    path: request.url,
    headers: forwardedHeaders(request, invocationId, scheme),
    agent,
  });
  upstream.flushHeaders();
  response.once("close", () => {
    if (!response.writableFinished) void received.then(() => upstream.destroy());
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once("response", resolve);
    upstream.on("error", reject);
  });
  const sending = pipeline(sentBody(request, bodyBytesMax, received), upstream);
  const refused = new Promise<never>((_resolve, reject) => {
    sending.catch((error: unknown) => {
      if (error instanceof BodyTooLarge) reject(error);
    });
  });
  try {
    const answer = await Promise.race([answered, refused]);
    if (response.destroyed) return void answer.destroy();
    response.writeHead(answer.statusCode ?? 200, answeredHeaders(answer));
    response.flushHeaders();
    await pipeline(answer, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else reply(exchange, error instanceof BodyTooLarge ? 413 : 500);
  } finally {
    await leaveBody(request, upstream, sending);
  }
}

/** A body that nobody read on must not stand before the connection's next request. */
async function leaveBody(
  request: IncomingMessage,
  upstream: ClientRequest,
  sending: Promise<void>,
): Promise<void> {
  if (upstream.writableFinished) return;
  upstream.destroy();
  await sending.catch(() => {});
  request.resume();
}

/** The library waits for each invocation's request, so it must get it before a failure ends it. */
async function* sentBody(request: IncomingMessage, bytesMax: number, received: Promise<void>) {
  try {
    yield* limited(request, bytesMax);
  } catch (error) {
    await received;
    throw error;
  }
}

/** Ours come first: Node drops headers past a number of them. */
function forwardedHeaders(
  { headers }: IncomingMessage,
  invocationId: string,
  scheme: string,
): OutgoingHttpHeaders {
  const forwarded: OutgoingHttpHeaders = {
    "x-ms-invocation-id": invocationId,
    "x-forwarded-host": headers.host ?? "localhost",
    "x-forwarded-proto": scheme,
  };
  for (const [name, value] of Object.entries(headers)) {
    if (!(name in forwarded) && !ownHeaders.includes(name)) forwarded[name] = value;
  }
  return forwarded;
}

function answeredHeaders({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const own = [...ownHeaders, "transfer-encoding", "x-ms-invocation-id"];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)));
}
