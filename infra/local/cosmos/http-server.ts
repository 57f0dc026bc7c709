import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** The service's limit is 2 MB; the rest is room for what JSON puts around an item. */
const bodyBytesMax = 2 * 1024 * 1024;
const bodyBytesSlack = 64 * 1024;
const connectionsMax = 1_024;

export interface HttpOptions {
  readonly port: number;
  /** In PEM; without them, plain HTTP is served. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  /** Serves one request; undefined cuts the connection. */
  readonly serve: (request: WireRequest) => Promise<WireAnswer | undefined>;
  /** Hears of defects: an error that `serve` did not turn into an answer. */
  readonly onDefect: (error: unknown) => void;
}

export interface HttpServer {
  /** It ends in "/". */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    // Who went away before sending all, or before the answer, is no defect of ours.
    void exchange(message, response, options).catch((error: unknown) => {
      if (!message.socket.destroyed) options.onDefect(error);
      message.socket.destroy();
    });
  };
  const { tls } = options;
  const server: Server =
    tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener);
  server.maxConnections = connectionsMax;
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function exchange(
  message: IncomingMessage,
  response: ServerResponse,
  { serve, onDefect }: HttpOptions,
): Promise<void> {
  const body = await bodyOf(message);
  if (body === undefined) {
    send(response, tooLarge);
    return;
  }
  const request: WireRequest = {
    method: message.method ?? "GET",
    path: message.url ?? "/",
    headers: message.headers as WireRequest["headers"],
    body,
  };
  try {
    const answer = await serve(request);
    if (answer === undefined) message.socket.destroy();
    else send(response, answer);
  } catch (error) {
    if (message.socket.destroyed) return;
    onDefect(error);
    send(response, defect);
  }
}

const tooLarge: WireAnswer = {
  status: 413,
  headers: { connection: "close" },
  body: JSON.stringify({ code: "RequestEntityTooLarge", message: "Request size is too large" }),
};

const defect: WireAnswer = {
  status: 500,
  headers: {},
  body: JSON.stringify({ code: "InternalServerError", message: "The local endpoint has failed" }),
};

/** The whole body, or undefined when it is over the limit; the rest of it is then thrown away. */
async function bodyOf(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax + bodyBytesSlack) chunks.push(chunk);
  }
  return bytes > bodyBytesMax + bodyBytesSlack ? undefined : Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  const bare = status === 204 || status === 304;
  const all: Record<string, string> = {
    ...headers,
    "x-ms-activity-id": randomUUID(),
    "x-ms-version": "2020-07-15",
    "x-ms-gatewayversion": "2.0.0",
  };
  if (!bare) {
    all["content-type"] = "application/json";
    all["content-length"] = String(Buffer.byteLength(body));
  }
  response.writeHead(status, all);
  response.end(bare ? undefined : body);
}
