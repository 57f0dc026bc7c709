import { join } from "node:path";
import type { RunByHand } from "./admin.ts";
import { type AppSettings, resolveSettings } from "./binding-settings.ts";
import type { ChangeFeedStart } from "./change-feed.ts";
import { changesCall, createChangeFeedTrigger } from "./change-feed-trigger.ts";
import type { Connections } from "./connections.ts";
import type { RegisteredFunction } from "./core-module.ts";
import { eventCall } from "./event-grid-trigger.ts";
import type { HostJson } from "./host-json.ts";
import type { Invoker } from "./invoke.ts";
import type { Log } from "./log.ts";
import { createPollingBackoff } from "./polling-backoff.ts";
import { createQueueTrigger, queueCall } from "./queue-trigger.ts";
import { timerStatusFile } from "./timer-status.ts";
import { createTimerTrigger } from "./timer-trigger.ts";
import type { TriggerRunner } from "./trigger-runner.ts";

export interface TriggerPorts {
  readonly settings: AppSettings;
  readonly hostJson: HostJson;
  readonly stateFolder: string;
  readonly queueLeaseSeconds: number;
  readonly connections: Connections;
  readonly invoker: Invoker;
  readonly log: Log;
}

export interface CreatedTriggers {
  /** What looks for work by itself, to be started once the host is up. */
  readonly runners: readonly TriggerRunner[];
  /** By the functions' names. */
  readonly runByHand: ReadonlyMap<string, RunByHand>;
}

/**
 * Makes what the triggers of these functions need. Rejects with an Error that names the function
 * when its trigger is of a kind that this host does not have, or a setting of it is missing or
 * wrong.
 */
export async function createTriggers(
  functions: readonly RegisteredFunction[],
  ports: TriggerPorts,
): Promise<CreatedTriggers> {
  const runners: TriggerRunner[] = [];
  const runByHand = new Map<string, RunByHand>();
  for (const fn of functions) {
    const created = await createTrigger(fn, ports);
    if (created.runner !== undefined) runners.push(created.runner);
    if (created.runByHand !== undefined) runByHand.set(fn.name, created.runByHand);
  }
  return { runners, runByHand };
}

interface CreatedTrigger {
  readonly runner?: TriggerRunner;
  readonly runByHand?: RunByHand;
}

async function createTrigger(fn: RegisteredFunction, ports: TriggerPorts): Promise<CreatedTrigger> {
  const create = creators[fn.trigger.type];
  try {
    if (create === undefined) throw new Error(`trigger "${fn.trigger.type}" is not supported`);
    return await create(fn, ports);
  } catch (error) {
    throw new Error(`Cannot start function "${fn.name}"`, { cause: error });
  }
}

type Creator = (
  fn: RegisteredFunction,
  ports: TriggerPorts,
) => CreatedTrigger | Promise<CreatedTrigger>;

const creators: Readonly<Record<string, Creator>> = {
  httptrigger: () => ({}),
  eventgridtrigger: (fn, { invoker }) => ({
    runByHand: async (input) => {
      const event = JSON.parse(input) as Readonly<Record<string, unknown>>;
      return await invoker.run({ fn, ...eventCall(event) });
    },
  }),
  timertrigger: createTimer,
  queuetrigger: createQueue,
  cosmosdbtrigger: createChangeFeed,
};

function createTimer(fn: RegisteredFunction, ports: TriggerPorts): CreatedTrigger {
  const { settings, stateFolder, invoker, log } = ports;
  const trigger = createTimerTrigger({
    fn,
    schedule: textOption(fn, "schedule", settings),
    statuses: timerStatusFile(join(stateFolder, "timers", `${fn.name}.json`)),
    invoker,
    log,
  });
  return { runner: trigger, runByHand: async () => await trigger.runByHand() };
}

async function createQueue(fn: RegisteredFunction, ports: TriggerPorts): Promise<CreatedTrigger> {
  const { hostJson, invoker, log } = ports;
  const { storageQueue } = await import("./storage-queue.ts");
  const name = textOption(fn, "queueName", ports.settings).toLowerCase();
  const service = await ports.connections.queues(
    optionalText(fn, "connection", ports.settings) ?? "AzureWebJobsStorage",
  );
  const runner = createQueueTrigger({
    fn,
    queue: storageQueue(service.getQueueClient(name)),
    poisonQueue: storageQueue(service.getQueueClient(`${name}-poison`)),
    settings: hostJson.queues,
    leaseSeconds: ports.queueLeaseSeconds,
    backoff: createPollingBackoff(hostJson.queues.pollMillisecondsMax, Math.random),
    invoker,
    log,
  });
  const runByHand = async (input: string) => await invoker.run({ fn, ...queueCall(input) });
  return { runner, runByHand };
}

/** The extension's own delay between two looks. */
const feedPollMillisecondsDefault = 5000;

async function createChangeFeed(
  fn: RegisteredFunction,
  ports: TriggerPorts,
): Promise<CreatedTrigger> {
  const { settings, connections, invoker, log } = ports;
  const { cosmosChangeFeed } = await import("./cosmos-change-feed.ts");
  const { cosmosLeases } = await import("./cosmos-leases.ts");
  const text = (name: string) => optionalText(fn, name, settings);
  const connection = textOption(fn, "connection", settings);
  const database = textOption(fn, "databaseName", settings);
  const client = await connections.cosmos(connection);
  const leaseClient = await connections.cosmos(text("leaseConnection") ?? connection);
  if (fn.trigger.options["createLeaseContainerIfNotExists"] === true) {
    throw new Error("the lease container must exist: an Entra identity cannot create it on Azure");
  }
  const container = client.database(database).container(textOption(fn, "containerName", settings));
  const leaseContainer = leaseClient
    .database(text("leaseDatabaseName") ?? database)
    .container(text("leaseContainerName") ?? "leases");
  const runner = createChangeFeedTrigger({
    fn,
    feed: cosmosChangeFeed(container, numberOption(fn, "maxItemsPerInvocation")),
    leases: cosmosLeases(leaseContainer),
    leasePrefix: `${text("leaseContainerPrefix") ?? ""}${database}_`,
    start: startOf(fn, text("startFromTime")),
    pollMilliseconds: numberOption(fn, "feedPollDelay") ?? feedPollMillisecondsDefault,
    invoker,
    log,
  });
  const runByHand = async (input: string) => {
    const documents = JSON.parse(input) as readonly unknown[];
    return await invoker.run({ fn, ...changesCall(documents) });
  };
  return { runner, runByHand };
}

function startOf(fn: RegisteredFunction, time: string | undefined): ChangeFeedStart {
  if (fn.trigger.options["startFromBeginning"] === true) return { kind: "beginning" };
  return time === undefined ? { kind: "now" } : { kind: "time", at: new Date(time) };
}

function textOption(fn: RegisteredFunction, name: string, settings: AppSettings): string {
  const text = optionalText(fn, name, settings);
  if (text !== undefined) return text;
  throw new Error(`its trigger must name "${name}"`);
}

function optionalText(
  { trigger }: RegisteredFunction,
  name: string,
  settings: AppSettings,
): string | undefined {
  const value = trigger.options[name];
  return typeof value === "string" && value !== "" ? resolveSettings(value, settings) : undefined;
}

function numberOption({ trigger }: RegisteredFunction, name: string): number | undefined {
  const value = trigger.options[name];
  return typeof value === "number" ? value : undefined;
}
