import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

/** Watches of a thousand clusters, and what else clients have open. */
const connectionsMax = 10_000;

export interface WebServerOptions {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** "hang-up" closes the connection without a word, as a server that is away does. */
  readonly serve: (request: Request) => Promise<Response | "hang-up">;
}

export interface WebServer {
  /** "https://127.0.0.1:50123" */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves HTTPS on 127.0.0.1 with web-standard requests and responses. Bodies stream both ways, and
 * a request's signal is aborted when its client goes away.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { cert, key, port = 0 } = options;
  // A watch is one long answer to a request that was complete long ago.
  const server = createServer({ cert, key, keepAliveTimeout: 60_000 }, (request, response) => {
    void answer(request, response, options);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${chosen}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Those that still shake hands are unknown to the server, and it would wait for them.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { serve }: WebServerOptions,
): Promise<void> {
  const abort = new AbortController();
  outgoing.on("close", () => abort.abort());
  try {
    const response = await serve(webRequest(incoming, abort.signal));
    if (response === "hang-up") {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(response.status, headersOf(response));
    if (response.body === null) outgoing.end();
    else {
      outgoing.flushHeaders();
      await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
    }
  } catch {
    // The client went away, or what it was sent broke off: it sees a connection that ends.
    outgoing.destroy();
  }
}

function webRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method ?? "GET";
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name.startsWith(":")) continue;
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(new URL(incoming.url ?? "/", "https://127.0.0.1"), {
    method,
    headers,
    signal,
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" }),
  });
}

/** Each warning is a header of its own: kubectl reads them one by one. */
function headersOf({ headers }: Response): Record<string, string | string[]> {
  const warnings = headers.get("warning");
  return {
    ...Object.fromEntries(headers),
    ...(warnings !== null && { warning: warnings.split(/, (?=299 )/) }),
  };
}
