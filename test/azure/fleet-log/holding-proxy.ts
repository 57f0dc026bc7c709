import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request on its way, and what can become of it. */
export interface Passing {
  readonly method: string;
  readonly isBatch: boolean;
  /** Delivers it, as often as it is called, and returns the status of the answer. */
  deliver(): Promise<number>;
}

/**
 * Says what becomes of a request before it goes on: "pass" lets it through; "cut" cuts the
 * connection, as when a network fails, and leaves it to the test whether it arrives later.
 */
export type Intercept = (passing: Passing) => Promise<"pass" | "cut">;

/** A network between a store and its endpoint, in which requests get lost or arrive late. */
export async function holdingProxy(target: string, intercept: Intercept): Promise<string> {
  const server = createServer((message, response) => {
    void (async () => {
      const body = await bodyOf(message);
      const passing: Passing = {
        method: message.method ?? "",
        isBatch: message.headers["x-ms-cosmos-is-batch-request"] !== undefined,
        deliver: async () => (await forwarded(target, message, body)).statusCode ?? 0,
      };
      if ((await intercept(passing)) === "cut") {
        message.socket.destroy();
        return;
      }
      const answer = await forwarded(target, message, body);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.end(await bodyOf(answer));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function forwarded(
  target: string,
  { url = "/", method = "GET", headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const sent = request(new URL(url, target), { method, headers });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return answer;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
