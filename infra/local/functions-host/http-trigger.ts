import { Agent } from "node:http";
import type { RegisteredFunction } from "./core-module.ts";
import { assertFits, type Exchange, presentedKey, reply } from "./exchange.ts";
import { serveBuffered } from "./http-buffered.ts";
import { serveStreamed } from "./http-stream.ts";
import type { Invoker } from "./invoke.ts";
import { type AuthLevel, type HostKeys, levelOfKey, opens } from "./keys.ts";
import { matchRoute, parseRouteTemplate, type RouteValues } from "./route-template.ts";
import type { StreamingProxy } from "./streaming-proxy.ts";

/** The function that a request is for, and the values of its route's parameters. */
export interface HttpMatch {
  readonly fn: RegisteredFunction;
  readonly values: RouteValues;
}

export interface HttpTriggerPorts {
  readonly invoker: Invoker;
  readonly bodyBytesMax: number;
  readonly scheme: "http" | "https";
}

export interface HttpTriggerOptions extends HttpTriggerPorts {
  readonly functions: readonly RegisteredFunction[];
  readonly routePrefix: string;
  readonly keys: HostKeys;
  /** There when the app streams. */
  readonly proxy: StreamingProxy | undefined;
}

export interface HttpTrigger {
  serve(exchange: Exchange): Promise<void>;
  close(): void;
}

/**
 * Serves HTTP functions: finds the first route that fits, checks the access key that the function
 * asks for, and runs it. No route, or none for the method, is 404; a missing, wrong or too weak key
 * is 401.
 */
export function createHttpTrigger(options: HttpTriggerOptions): HttpTrigger {
  const { proxy, keys } = options;
  const find = createRouter(options.functions, options.routePrefix);
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  async function serve(exchange: Exchange): Promise<void> {
    const { request, target } = exchange;
    const match = find(request.method ?? "GET", target.segments);
    if (match === undefined) return reply(exchange, 404);
    const needed = neededLevel(match.fn);
    const lock = { functionName: match.fn.name };
    if (!opens(levelOfKey(keys, presentedKey(exchange), lock), needed)) return reply(exchange, 401);
    assertFits(request, options.bodyBytesMax);
    if (proxy === undefined) return await serveBuffered(match, exchange, options);
    return await serveStreamed(match, exchange, { ...options, proxy, agent });
  }

  return { serve, close: () => agent.destroy() };
}

function neededLevel({ trigger }: RegisteredFunction): AuthLevel {
  const level = String(trigger.options["authLevel"] ?? "function").toLowerCase();
  return level === "anonymous" || level === "admin" ? level : "function";
}

/**
 * Routes are tried in the alphabetical order of their functions' names, and the first that fits
 * wins, however specific another one is: so does the runtime, which sorts functions before it fills
 * a plain route list. A method that a function does not list is no fit.
 *
 * Throws an Error when a route cannot be parsed.
 */
export function createRouter(
  functions: readonly RegisteredFunction[],
  routePrefix: string,
): (method: string, segments: readonly string[]) => HttpMatch | undefined {
  const routes = functions
    .filter(({ trigger }) => trigger.type === "httptrigger")
    .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map((fn) => ({
      fn,
      template: parseRouteTemplate(`${routePrefix}/${routeOf(fn)}`),
      methods: methodsOf(fn),
    }));

  return (method, segments) => {
    for (const { fn, template, methods } of routes) {
      if (!methods.has(method.toUpperCase())) continue;
      const values = matchRoute(template, segments);
      if (values !== undefined) return { fn, values };
    }
    return undefined;
  };
}

function routeOf({ name, trigger }: RegisteredFunction): string {
  const { route } = trigger.options;
  return typeof route === "string" && route !== "" ? route : name;
}

function methodsOf({ trigger }: RegisteredFunction): ReadonlySet<string> {
  const { methods } = trigger.options;
  const listed = Array.isArray(methods) ? methods : ["GET", "POST"];
  return new Set(listed.map((method) => String(method).toUpperCase()));
}
