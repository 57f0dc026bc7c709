/**
 * Stands in for both programs of a real cluster: as etcd it does nothing but run, as kube-apiserver
 * it serves our own API over TLS on the port, to the token and with the certificate it is given.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { parseArgs } from "node:util";
import { ourServer } from "./our-server.ts";
import type { ParityServer } from "./run-case.ts";

const { values } = parseArgs({ args: process.argv.slice(2), strict: false });
const port = values["secure-port"];
if (values["fails"] === true) throw new Error("flag provided but not defined");
// As etcd: until somebody ends it.
if (port === undefined) setInterval(() => undefined, 60_000);
else await serve(Number(port));

async function serve(securePort: number): Promise<void> {
  const [cert, key, tokens] = await Promise.all(
    ["tls-cert-file", "tls-private-key-file", "token-auth-file"].map((flag) =>
      readFile(String(values[flag]), "utf8"),
    ),
  );
  const [token = ""] = (tokens ?? "").split(",");
  const server = await ourServer();
  const https = createServer({ cert, key }, (request, response) => {
    void answer(server, token, request, response);
  });
  https.listen(securePort, "127.0.0.1");
}

async function answer(
  server: ParityServer,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers.authorization !== `Bearer ${token}`) {
    response.writeHead(401).end();
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { accept, "content-type": type } = request.headers;
  const { status, headers, text } = await server.ask({
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: {
      ...(accept !== undefined && { accept }),
      ...(type !== undefined && { "content-type": type }),
    },
    ...(body !== "" && { body }),
  });
  response.writeHead(status, headers).end(text);
}
