import type { IncomingMessage, ServerResponse } from "node:http";
import { Server } from "node:net";
import type { CoreModule } from "./core-module.ts";
import { connectionsMax } from "./http-front.ts";

/**
 * The server that `@azure/functions` opens inside this process when the app asks for HTTP streaming
 * (`app.setup({ enableHttpStream: true })`). A request is forwarded to it under the invocation's
 * id, and the handler's answer comes back from it chunk by chunk.
 */
export interface StreamingProxy {
  readonly port: number;
  /**
   * Resolves when the library holds the request of this invocation and can no longer miss it. To
   * be asked once per invocation, before the request is forwarded.
   */
  received(invocationId: string): Promise<void>;
  /** Cuts the answer of an invocation that cannot be finished. */
  cut(invocationId: string): void;
  close(): void;
}

/**
 * The library writes a body as fast as the handler makes it, whether or not the client reads. A
 * client that lets this much pile up is cut off; Kubernetes clients then read again and go on.
 */
const pendingBytesMax = 64 * 1024 * 1024;

/**
 * Asks the library for its capabilities, which ends `app.setup` and opens the proxy where wanted.
 *
 * The library listens on all interfaces and gives no way to close, so this call is watched: the
 * server is moved to the loopback interface and kept.
 */
export async function openStreamingProxy(core: CoreModule): Promise<StreamingProxy | undefined> {
  const opened: Server[] = [];
  const prototype: { listen: Server["listen"] } = Server.prototype;
  const original = prototype.listen;
  prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]): Server {
    const [onListening] = args;
    if (args.length !== 1 || typeof onListening !== "function") {
      return Reflect.apply(original, this, args);
    }
    opened.push(this);
    return Reflect.apply(original, this, [0, "127.0.0.1", connectionsMax, onListening]);
  };
  try {
    const capabilities = await core.model()?.getCapabilities?.({
      RawHttpBodyBytes: "true",
      RpcHttpBodyOnly: "true",
      UseNullableValueDictionaryForHttp: "true",
    });
    const [server] = opened;
    if (capabilities?.["HttpUri"] === undefined || server === undefined) return undefined;
    return watched(server, Number(new URL(capabilities["HttpUri"]).port));
  } finally {
    prototype.listen = original;
  }
}

function watched(server: Server, port: number): StreamingProxy {
  const answers = new Map<string, ServerResponse>();
  const waiting = new Map<string, () => void>(); // At most one forwarder waits for each.
  // An idle connection is the forwarder's own, so it is closed with the host and not before: a
  // request that meets a closing connection could not be sent again.
  Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const invocationId = String(request.headers["x-ms-invocation-id"]);
    answers.set(invocationId, response);
    response.on("close", () => answers.delete(invocationId));
    limitPending(response);
    waiting.get(invocationId)?.();
    waiting.delete(invocationId);
  });
  return {
    port,
    received: (invocationId) => new Promise((resolve) => waiting.set(invocationId, resolve)),
    cut: (invocationId) => {
      const answer = answers.get(invocationId);
      if (answer?.writableEnded === false) answer.destroy();
    },
    close: () => {
      server.close();
      for (const answer of answers.values()) answer.destroy();
    },
  };
}

function limitPending(response: ServerResponse): void {
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  response.write = (...args: unknown[]) => {
    const isFlowing = write(...args);
    if (response.writableLength > pendingBytesMax) response.destroy();
    return isFlowing;
  };
}
