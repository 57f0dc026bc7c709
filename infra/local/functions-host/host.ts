import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AdminOptions, serveAdmin } from "./admin.ts";
import { type AppSettings, isDisabled } from "./binding-settings.ts";
import { createConnections } from "./connections.ts";
import { type CoreModule, provideCoreModule } from "./core-module.ts";
import { createTriggers } from "./create-triggers.ts";
import { type EventGridTriggerOptions, serveEventGrid } from "./event-grid-trigger.ts";
import { type Exchange, reply } from "./exchange.ts";
import { readHostJson } from "./host-json.ts";
import { type HttpFront, openHttpFront } from "./http-front.ts";
import { createHttpTrigger, type HttpTrigger } from "./http-trigger.ts";
import { createInvoker } from "./invoke.ts";
import { keysFileName, readOrCreateKeys } from "./keys.ts";
import { loadApp } from "./load-app.ts";
import type { Log } from "./log.ts";
import type { HostSettings } from "./settings.ts";
import { openStreamingProxy } from "./streaming-proxy.ts";
import type { TriggerRunner } from "./trigger-runner.ts";

export interface FunctionsHost {
  /** Without a slash at the end: `https://127.0.0.1:7071`. */
  readonly url: string;
  /** The names of the functions that run here, in the order of their registration. */
  readonly functions: readonly string[];
  /** Takes no more work, waits for what runs as long as the settings allow, and lets go of all. */
  stop(): Promise<void>;
}

/**
 * Starts the host of an app in this process: loads its registrations and serves its triggers until
 * it is stopped. A process can hold one host in its life, since `@azure/functions` keeps what it
 * learns of its host.
 *
 * Rejects when the app does not load, or a trigger cannot be set up as it is registered.
 *
 * @param appSettings what the app sees as its environment, and what bindings refer to
 */
export async function startHost(
  settings: HostSettings,
  appSettings: AppSettings,
  log: Log,
): Promise<FunctionsHost> {
  const core = provideCoreModule(log);
  const hostJson = await readHostJson(settings.appFolder, appSettings);
  await loadApp(settings.appFolder, settings.entry);
  core.closeRegistration();
  const enabled = [...core.functions.values()].filter(({ name }) => !isDisabled(name, appSettings));
  const functions = new Map(enabled.map((fn) => [fn.name, fn]));

  const stopping = new AbortController();
  const invoker = createInvoker(core, stopping.signal);
  const connections = createConnections(appSettings);
  const { runners, runByHand } = await createTriggers(enabled, {
    ...settings,
    settings: appSettings,
    hostJson,
    connections,
    invoker,
    log,
  });
  const keys = await readOrCreateKeys(join(settings.stateFolder, keysFileName), [
    ...functions.keys(),
  ]);
  const proxy = await openStreamingProxy(core);
  const http = createHttpTrigger({
    functions: enabled,
    routePrefix: hostJson.routePrefix,
    keys,
    proxy,
    invoker,
    bodyBytesMax: settings.bodyBytesMax,
    scheme: settings.tls === undefined ? "http" : "https",
  });
  await runAppHooks(core, "appStart", settings.appFolder);
  const { bodyBytesMax, port } = settings;
  const shared = { functions, invoker, keys, bodyBytesMax, runByHand, log };
  const serve = dispatcher(shared, http);
  const front = await openHttpFront({ port, tls: await readTls(settings), serve, log });
  for (const runner of runners) runner.start();

  async function stop(): Promise<void> {
    stopping.abort();
    await drain(front, runners, settings.drainSeconds * 1000);
    await runAppHooks(core, "appTerminate", settings.appFolder);
    http.close();
    proxy?.close();
    connections.close();
    core.uninstall();
  }

  const scheme = settings.tls === undefined ? "http" : "https";
  return { url: `${scheme}://127.0.0.1:${front.port}`, functions: [...functions.keys()], stop };
}

async function drain(
  front: HttpFront,
  runners: readonly TriggerRunner[],
  milliseconds: number,
): Promise<void> {
  const drained = Promise.all(runners.map(async (runner) => await runner.stop()));
  await Promise.all([
    front.close(milliseconds),
    Promise.race([drained, sleep(milliseconds, undefined, { ref: false })]),
  ]);
}

async function readTls({ tls }: HostSettings) {
  if (tls === undefined) return undefined;
  return {
    cert: await readFile(tls.certFile, "utf8"),
    key: await readFile(tls.keyFile, "utf8"),
  };
}

async function runAppHooks(
  core: CoreModule,
  name: "appStart" | "appTerminate",
  functionAppDirectory: string,
): Promise<void> {
  const { appHookData } = core.hooks;
  await core.hooks.run(name, { hookData: {}, appHookData, functionAppDirectory });
}

/** The host's own paths come first: no function can take them. */
function dispatcher(
  shared: AdminOptions & EventGridTriggerOptions,
  http: HttpTrigger,
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const [area, kind, extension] = exchange.target.segments.map((each) => each.toLowerCase());
    if (area === "admin") return await serveAdmin(exchange, shared);
    if (area !== "runtime") return await http.serve(exchange);
    if (kind !== "webhooks" || extension !== "eventgrid") return reply(exchange, 404);
    return await serveEventGrid(exchange, shared);
  };
}
