/**
 * A process that serves the hub of one fleet over plain HTTP, for tests with several of them on one
 * store. Standard input brings a `HostTask` as a line of JSON; standard output answers with the URL
 * when it serves. It ends with its input.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { CosmosClient } from "@azure/cosmos";
import { cosmosStore } from "../../shared/azure/cosmos-store.ts";
import { fleetLogConnectionPolicy } from "../../shared/azure/fleet-log/containers.ts";
import { systemClock } from "../../shared/azure/system-clock.ts";
import { textLog } from "../../shared/azure/text-log.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import { serveHub } from "../../shared/hub/serve.ts";
import { admin } from "./admin.ts";

export interface HostTask {
  readonly cosmos: string;
  readonly key: string;
  readonly database: string;
}

function effectsOf({ cosmos, key, database }: HostTask): Effects {
  const client = new CosmosClient({
    endpoint: cosmos,
    key,
    connectionPolicy: { ...fleetLogConnectionPolicy, enableEndpointDiscovery: false },
  });
  const container = client.database(database).container("documents");
  const used: Pick<Effects, "store" | "clock" | "log" | "callers" | "wakes"> = {
    store: cosmosStore({ container, clock: systemClock }),
    clock: systemClock,
    log: textLog,
    wakes: { wake: async () => {} },
    callers: { identify: async () => await Promise.resolve(admin) },
  };
  // The hub reads and writes documents, and asks nothing of Azure besides.
  return used as Effects;
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  effects: Effects,
): Promise<void> {
  const abort = new AbortController();
  outgoing.on("close", () => abort.abort());
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  const request = new Request(new URL(incoming.url ?? "/", "http://127.0.0.1"), {
    method,
    headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]),
    signal: abort.signal,
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" }),
  });
  try {
    const response = await serveHub(request, effects);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    if (response.body === null) outgoing.end();
    else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
  } catch {
    outgoing.destroy();
  }
}

const lines = createInterface({ input: process.stdin });
lines.once("line", (line) => {
  const effects = effectsOf(JSON.parse(line) as HostTask);
  const server = createServer((request, response) => void answer(request, response, effects));
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
  });
});
lines.once("close", () => process.exit());
