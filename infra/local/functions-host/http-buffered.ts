import type { OutgoingHttpHeaders } from "node:http";
import { type Exchange, headerText, readBody, reply } from "./exchange.ts";
import type { RpcHttp, RpcTexts, RpcValue } from "./functions-core.ts";
import type { HttpMatch, HttpTriggerPorts } from "./http-trigger.ts";
import { formatSetCookie } from "./set-cookie.ts";

/**
 * Serves a request whose body and answer each travel as one piece, the runtime's classic way. A
 * handler that throws answers 500, one that returns nothing 204.
 */
export async function serveBuffered(
  { fn, values }: HttpMatch,
  exchange: Exchange,
  { invoker, bodyBytesMax, scheme }: HttpTriggerPorts,
): Promise<void> {
  const { request, response, target } = exchange;
  const method = request.method ?? "GET";
  const body = await readBody(request, bodyBytesMax);
  const http: RpcHttp = {
    method,
    url: `${scheme}://${request.headers.host ?? "localhost"}${request.url ?? "/"}`,
    nullableHeaders: asTexts(headersOf(exchange)),
    nullableQuery: asTexts(joinedQuery(target.query)),
    nullableParams: asTexts(values),
    body: body.byteLength > 0 ? { bytes: body } : null,
  };
  const traceParent = headerText(request, "traceparent");
  let answer: RpcHttp | undefined;
  try {
    const { response: result } = await invoker.run({
      fn,
      input: { http },
      ...(traceParent === undefined ? {} : { traceParent }),
    });
    answer = result.returnValue?.http;
  } catch {
    return reply(exchange, 500); // The invoker has logged it.
  }
  if (answer === undefined) return reply(exchange, 204);

  const headers: OutgoingHttpHeaders = { ...answer.headers };
  if (answer.cookies !== undefined && answer.cookies.length > 0) {
    headers["set-cookie"] = answer.cookies.map(formatSetCookie);
  }
  const payload = bytesOf(answer.body);
  if (method !== "HEAD") headers["content-length"] = payload.byteLength;
  response.writeHead(Number(answer.statusCode ?? 200), headers);
  response.end(payload);
}

/** Each header's text by its name. */
export function headersOf({ request }: Exchange): Readonly<Record<string, string>> {
  const entries = Object.keys(request.headers).map(
    (name) => [name, headerText(request, name) ?? ""] as const,
  );
  return Object.fromEntries(entries);
}

/** The runtime joins the values of a repeated key with commas on this way. */
function joinedQuery(query: URLSearchParams): Readonly<Record<string, string>> {
  const keys = [...new Set(query.keys())];
  return Object.fromEntries(keys.map((key) => [key, query.getAll(key).join(",")]));
}

function asTexts(texts: Readonly<Record<string, string>>): RpcTexts {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, { value }]));
}

function bytesOf(value: RpcValue | null | undefined): Uint8Array {
  return value?.bytes ?? Buffer.from(value?.string ?? value?.json ?? "");
}
