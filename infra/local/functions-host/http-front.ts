import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { BodyTooLarge, type Exchange, reply } from "./exchange.ts";
import { errorText, type Log } from "./log.ts";
import { parseRequestTarget } from "./request-target.ts";

/** As many may wait to be taken: a system whose queue is full resets connections. */
export const connectionsMax = 4_096;

/** Limits of a connection, after Kestrel and Azure's front end. */
const limits = {
  /** The streaming proxy takes 16 KiB, and forwarding adds a few headers. */
  maxHeaderSize: 15 * 1024,
  headersTimeout: 30_000,
  requestTimeout: 230_000,
  keepAliveTimeout: 130_000,
  /** The load balancer drops an answer that is silent for this long. */
  timeout: 230_000,
  maxConnections: connectionsMax,
} as const;

export interface HttpFrontOptions {
  readonly port: number;
  /** PEM texts; without them the front speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly serve: (exchange: Exchange) => Promise<void>;
  readonly log: Log;
}

export interface HttpFront {
  /** The port that was asked for, or the free one that 0 found. */
  readonly port: number;
  /** Stops listening, lets requests without an answer get one for so long, then closes all. */
  close(drainMilliseconds: number): Promise<void>;
}

/** Listens on 127.0.0.1 and hands each well-formed request to `serve`. */
export async function openHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const { port, tls, log } = options;
  const unanswered = new Set<ServerResponse>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    unanswered.add(response);
    response.on("close", () => unanswered.delete(response));
    serve(options, request, response).catch((error: unknown) => {
      log({ level: "error", message: `Cannot serve ${request.method}: ${errorText(error)}` });
      response.destroy();
    });
  };
  const server: Server =
    tls === undefined
      ? createHttpServer({ ...limits, keepAlive: true }, onRequest)
      : createHttpsServer({ ...limits, ...tls, ALPNProtocols: ["http/1.1"] }, onRequest);
  server.timeout = limits.timeout;
  server.maxConnections = limits.maxConnections;
  server.keepAliveTimeout = limits.keepAliveTimeout;

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", connectionsMax, () => {
      server.off("error", reject);
      resolve();
    });
  });

  async function close(drainMilliseconds: number): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    const deadline = performance.now() + drainMilliseconds;
    const isWaiting = () => [...unanswered].some((response) => !response.headersSent);
    while (isWaiting() && performance.now() < deadline) await sleep(10);
    // What was just answered gets a moment to leave; a watch never ends by itself.
    if (unanswered.size > 0) await sleep(Math.min(50, drainMilliseconds));
    server.closeAllConnections();
    await closed;
  }

  return { port: (server.address() as AddressInfo).port, close };
}

async function serve(
  options: HttpFrontOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = parseRequestTarget(request.url ?? "/", request.headers.host);
  if (target === undefined) return reply({ request, response }, 400);
  try {
    await options.serve({ request, response, target });
  } catch (error) {
    const isClientGone = response.destroyed;
    if (response.headersSent) {
      response.destroy();
    } else {
      reply({ request, response }, error instanceof BodyTooLarge ? 413 : 500);
    }
    if (!(error instanceof BodyTooLarge || isClientGone)) throw error;
  }
}
