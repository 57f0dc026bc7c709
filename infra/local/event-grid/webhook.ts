import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

const answerBytesMax = 65_536;
const socketsMax = 50;

export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface WebhookCall {
  readonly method: "POST" | "OPTIONS";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Calls webhooks; the network's own errors are thrown. */
export interface Webhooks {
  readonly call: (call: WebhookCall) => Promise<WebhookAnswer>;
  readonly close: () => void;
}

/** Trusts `ca` alone. `timeoutMs` is from the call to the end of the answer. */
export function createWebhooks(ca: string, timeoutMs: number): Webhooks {
  const secure = new HttpsAgent({ ca, keepAlive: true, maxSockets: socketsMax });
  const plain = new HttpAgent({ keepAlive: true, maxSockets: socketsMax });
  return {
    call: async (call) => await send(call, { secure, plain, timeoutMs }),
    close: () => {
      secure.destroy();
      plain.destroy();
    },
  };
}

async function send(
  { method, url, headers, body = "" }: WebhookCall,
  { secure, plain, timeoutMs }: { secure: HttpsAgent; plain: HttpAgent; timeoutMs: number },
): Promise<WebhookAnswer> {
  const isSecure = url.startsWith("https:");
  const length = { "content-length": String(Buffer.byteLength(body)) };
  const options = { method, headers: { ...headers, ...length } };
  return await new Promise((resolve, reject) => {
    const sent = isSecure
      ? httpsRequest(url, { ...options, agent: secure })
      : httpRequest(url, { ...options, agent: plain });
    const timer = setTimeout(() => sent.destroy(new Error("no answer in time")), timeoutMs);
    timer.unref();
    sent.on("close", () => clearTimeout(timer));
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= answerBytesMax) chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    sent.end(body);
  });
}
