import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { LocalAuthority } from "./local-authority.ts";

const headerBytesMax = 65_536;
const requestMilliseconds = 60_000;
const connectionsMax = 2_000;

export interface LocalRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What goes back; `hang-up` closes the connection without a word, as a lost answer does. */
export type LocalAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | "hang-up";

export interface HttpsServerOptions {
  readonly tls: LocalAuthority;
  /** 0, the default, lets the system choose. */
  readonly port?: number | undefined;
  readonly bodyBytesMax: number;
  /** An error that it throws is answered with 500 and told to `log`. */
  readonly serve: (request: LocalRequest) => Promise<LocalAnswer>;
  /** Answers a body over the limit; 413 without a body when left out. */
  readonly tooLarge?: LocalAnswer;
  readonly log?: ((line: string) => void) | undefined;
}

export interface HttpsServer {
  /** Without a slash at the end: `https://127.0.0.1:50123`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves HTTPS on 127.0.0.1 and nowhere else, with bodies up to `bodyBytesMax`. */
export async function startHttpsServer(options: HttpsServerOptions): Promise<HttpsServer> {
  const [cert, key] = await Promise.all([
    readFile(options.tls.certFile),
    readFile(options.tls.keyFile),
  ]);
  const server = createServer(
    { cert, key, maxHeaderSize: headerBytesMax, requestTimeout: requestMilliseconds },
    (request, response) => void respond(options, request, response),
  );
  server.maxConnections = connectionsMax;
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, close: () => close(server) };
}

async function respond(
  options: HttpsServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readBody(request, options.bodyBytesMax);
    const answer =
      body === undefined
        ? (options.tooLarge ?? { status: 413 })
        : await options.serve({
            method: request.method ?? "GET",
            url: new URL(request.url ?? "/", "https://127.0.0.1"),
            headers: request.headers,
            body,
          });
    send(response, answer);
  } catch (error) {
    if (response.destroyed) return;
    options.log?.(`Cannot answer ${request.method} ${request.url}: ${String(error)}`);
    send(response, { status: 500, body: JSON.stringify({ error: { code: "InternalError" } }) });
  }
}

/** Undefined when there is more than `bytesMax`; the rest is read and thrown away. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= bytesMax ? Buffer.concat(chunks) : undefined;
}

function send(response: ServerResponse, answer: LocalAnswer): void {
  if (answer === "hang-up") {
    response.destroy();
    return;
  }
  const body = answer.body ?? "";
  response.writeHead(answer.status, {
    ...(body === "" ? {} : { "content-type": "application/json; charset=utf-8" }),
    "cache-control": "no-store",
    ...answer.headers,
    ...(answer.status === 204 ? {} : { "content-length": String(Buffer.byteLength(body)) }),
  });
  response.end(body);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
