import type { RegisteredFunction } from "./core-module.ts";
import { type Exchange, presentedKey, readBody, reply } from "./exchange.ts";
import type { Invoker } from "./invoke.ts";
import { type HostKeys, levelOfKey, opens } from "./keys.ts";
import { errorLine, type Log } from "./log.ts";

export interface AdminOptions {
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly invoker: Invoker;
  readonly keys: HostKeys;
  /** What runs a function now, with a text as its input; HTTP functions have none. */
  readonly runByHand: ReadonlyMap<string, RunByHand>;
  readonly log: Log;
}

export type RunByHand = (input: string) => Promise<unknown>;

/** A manual run brings a small text. */
const inputBytesMax = 1024 * 1024;

/**
 * Serves the host's own API, all of it under the master key:
 *
 *     GET  /admin/host/ping
 *     GET  /admin/host/status             state, uptime, functions, what is in flight
 *     GET  /admin/functions               names and bindings
 *     POST /admin/functions/{name}        { "input": "..." } runs it now and answers 202 at once
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
 */
export async function serveAdmin(exchange: Exchange, options: AdminOptions): Promise<void> {
  const { keys, functions, invoker } = options;
  if (!opens(levelOfKey(keys, presentedKey(exchange), {}), "admin")) return reply(exchange, 401);
  const [, area, name, ...rest] = exchange.target.segments;
  const isGet = exchange.request.method === "GET";
  if (isGet && area === "host" && name === "ping") return reply(exchange, 200);
  if (isGet && area === "host" && name === "status") {
    return reply(exchange, 200, {
      state: "Running",
      processUptime: Math.round(process.uptime() * 1000),
      functions: [...functions.keys()],
      inFlight: invoker.inFlight(),
    });
  }
  if (area !== "functions" || rest.length > 0) return reply(exchange, 404);
  if (isGet && name === undefined) {
    return reply(
      exchange,
      200,
      [...functions.values()].map(({ metadata }) => metadata),
    );
  }
  const fn = functions.get(name ?? "");
  if (fn === undefined || exchange.request.method !== "POST") return reply(exchange, 404);
  return await runByHand(exchange, fn, options);
}

async function runByHand(
  exchange: Exchange,
  fn: RegisteredFunction,
  options: AdminOptions,
): Promise<void> {
  const run = options.runByHand.get(fn.name);
  if (run === undefined) {
    return reply(exchange, 400, `Cannot run "${fn.name}": call its URL instead`);
  }
  const input = parseInput((await readBody(exchange.request, inputBytesMax)).toString("utf8"));
  if (input === undefined) {
    return reply(exchange, 400, `Cannot run "${fn.name}": the body must be { "input": "text" }`);
  }
  run(input).catch((error: unknown) => {
    const message = `A run by hand failed: ${errorLine(error)}`;
    options.log({ level: "warning", functionName: fn.name, message });
  });
  reply(exchange, 202);
}

function parseInput(body: string): string | undefined {
  if (body === "") return "";
  try {
    const { input = "" } = (JSON.parse(body) ?? {}) as { input?: unknown };
    return typeof input === "string" ? input : JSON.stringify(input);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
