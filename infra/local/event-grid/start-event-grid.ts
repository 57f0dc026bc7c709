/**
 * Event Grid on a laptop: custom topics for the unmodified `EventGridPublisherClient`, Azure's own
 * events, and webhook subscriptions with handshake, filters, retries and dead letters.
 *
 *     const eventGrid = await startEventGrid({ tls, topics: [{ name: "members" }] });
 *     await eventGrid.subscribe({
 *       name: "on-member-event",
 *       source: { kind: "topic", name: "members" },
 *       endpoint: "https://127.0.0.1:7071/runtime/webhooks/eventgrid?functionName=on-member-event",
 *     });
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type LocalAnswer, type LocalRequest, startHttpsServer } from "../tls/https-server.ts";
import type { LocalAuthority } from "../tls/local-authority.ts";
import { adminPath, serveAdmin } from "./admin-routes.ts";
import { createDeadLetters, type DeadLetter } from "./dead-letters.ts";
import { createDeliveries, type Deliveries, type DeliveryRules } from "./delivery.ts";
import { type EventSchema, ofSystem, type PublishedEvent, type SystemEvent } from "./event.ts";
import { createFaultSwitch, type FaultSwitch } from "./faults.ts";
import { checkFilter, wants } from "./filter.ts";
import { mayPublish } from "./publish-access.ts";
import { publishedEvents, refused, requestBytesMax, topicNameOf } from "./publish-request.ts";
import { type EventSubscription, handshake } from "./subscription.ts";
import { createWebhooks } from "./webhook.ts";

const topicsMax = 100;
const subscriptionsMax = 500;
const webhookTimeoutMs = 30_000;
const dayMs = 86_400_000;

/** Shorter than Azure's (10 s, 30 s, 1 min, 5 min, ...), with the same number of attempts. */
const laptopRules: DeliveryRules = {
  retryDelaysMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000],
  attemptsMax: 30,
  timeToLiveMs: dayMs,
};

export interface Topic {
  readonly name: string;
  /** What publishers send; CloudEvents when left out. */
  readonly inputSchema?: EventSchema;
}

export interface EventGridOptions {
  readonly tls: LocalAuthority;
  readonly topics?: readonly Topic[];
  readonly port?: number;
  /** The access key, in base64; random when left out. */
  readonly key?: string;
  /** Whether a bearer token may publish; none may when left out. */
  readonly verify?: (token: string) => Promise<boolean>;
  readonly retryDelaysMs?: readonly number[];
  readonly attemptsMax?: number;
  readonly timeToLiveMs?: number;
  /** How long `subscribe` waits for a webhook that cannot be reached; 30 s when left out. */
  readonly handshakeMs?: number;
  /** A folder for what could not be delivered; in memory alone when left out. */
  readonly deadLetterFolder?: string;
  /** 0 to 1, for random order. */
  readonly random?: () => number;
  readonly log?: (line: string) => void;
}

export interface EventGridStats {
  /** Events taken from publishers and from Azure. */
  readonly published: number;
  readonly delivered: number;
  readonly retried: number;
  /** By a fault. */
  readonly dropped: number;
  readonly deadLettered: number;
  readonly pending: number;
}

export interface EventGrid {
  readonly url: string;
  readonly key: string;
  readonly topicEndpoint: (name: string) => string;
  readonly addTopic: (topic: Topic) => void;
  /**
   * Resolves when the webhook has passed validation. One of the same name is replaced.
   *
   * @throws Error when the webhook refuses, or cannot be reached in time
   */
  readonly subscribe: (subscription: EventSubscription) => Promise<void>;
  readonly unsubscribe: (name: string) => void;
  /** For what Azure itself tells: ARM, AKS. */
  readonly publishSystemEvent: (event: SystemEvent) => void;
  readonly faults: FaultSwitch;
  readonly deadLetters: () => readonly DeadLetter[];
  readonly stats: () => EventGridStats;
  /** Resolves when nothing is held, waiting or on the way. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What publishers reach. */
interface Hub {
  readonly topics: Map<string, Topic>;
  readonly subscriptions: Map<string, EventSubscription>;
  readonly deliveries: Deliveries;
  readonly counters: { published: number };
}

export async function startEventGrid(options: EventGridOptions): Promise<EventGrid> {
  const key = options.key ?? randomBytes(32).toString("base64");
  const log = options.log ?? (() => undefined);
  const faults = createFaultSwitch();
  const deadLetters = createDeadLetters(options.deadLetterFolder);
  const webhooks = createWebhooks(await readFile(options.tls.caFile, "utf8"), webhookTimeoutMs);
  const random = options.random ?? Math.random;
  const rules = rulesOf(options);
  const deliveries = createDeliveries({ webhooks, faults, deadLetters, rules, random, log });
  const hub: Hub = {
    topics: new Map(),
    subscriptions: new Map(),
    deliveries,
    counters: { published: 0 },
  };
  for (const topic of options.topics ?? []) addTopic(hub, topic);
  const stats = () => ({ ...hub.counters, ...deliveries.counts() });
  const admin = { faults, stats, deadLetters: deadLetters.list };
  const verify = options.verify ?? (async () => false);
  const server = await startHttpsServer({
    tls: options.tls,
    port: options.port,
    bodyBytesMax: requestBytesMax,
    tooLarge: refused(413, "RequestEntityTooLarge", "The request must be at most 1 MB."),
    log,
    serve: async (request) =>
      request.url.pathname.startsWith(adminPath)
        ? serveAdmin(admin, request)
        : await servePublisher(hub, request, async () => await mayPublish(request, key, verify)),
  });
  return {
    url: server.url,
    key,
    topicEndpoint: (name) => `${server.url}/topics/${encodeURIComponent(name)}/api/events`,
    addTopic: (topic) => addTopic(hub, topic),
    subscribe: async (subscription) => {
      checkSubscription(hub, subscription);
      await handshake(webhooks, subscription, options.handshakeMs ?? webhookTimeoutMs);
      unsubscribe(hub, subscription.name);
      hub.subscriptions.set(subscription.name, subscription);
    },
    unsubscribe: (name) => unsubscribe(hub, name),
    publishSystemEvent: (event) => publish(hub, ofSystem(event), { kind: "system" }),
    faults,
    deadLetters: deadLetters.list,
    stats,
    idle: deliveries.idle,
    close: async () => {
      deliveries.close();
      webhooks.close();
      await server.close();
    },
  };
}

async function servePublisher(
  hub: Hub,
  request: LocalRequest,
  isAllowed: () => Promise<boolean>,
): Promise<LocalAnswer> {
  const topic = hub.topics.get(topicNameOf(request)?.toLowerCase() ?? "");
  if (topic === undefined) return refused(404, "ResourceNotFound", "There is no such topic.");
  if (!(await isAllowed())) {
    return refused(401, "Unauthorized", `The request is not authorized for topic ${topic.name}.`);
  }
  const read = publishedEvents(request, topic);
  if ("refusal" in read) return read.refusal;
  for (const event of read.events) publish(hub, event, { kind: "topic", name: topic.name });
  return { status: 200 };
}

function rulesOf({ retryDelaysMs, attemptsMax, timeToLiveMs }: EventGridOptions): DeliveryRules {
  return {
    retryDelaysMs: retryDelaysMs ?? laptopRules.retryDelaysMs,
    attemptsMax: attemptsMax ?? laptopRules.attemptsMax,
    timeToLiveMs: timeToLiveMs ?? laptopRules.timeToLiveMs,
  };
}

function addTopic({ topics }: Hub, topic: Topic): void {
  if (topics.size >= topicsMax) {
    throw new Error(`Cannot add topic "${topic.name}": at most ${topicsMax} are kept`);
  }
  topics.set(topic.name.toLowerCase(), topic);
}

function checkSubscription({ topics, subscriptions }: Hub, wanted: EventSubscription): void {
  checkFilter(wanted.filter ?? {});
  if (subscriptions.size >= subscriptionsMax && !subscriptions.has(wanted.name)) {
    throw new Error(`Cannot subscribe "${wanted.name}": at most ${subscriptionsMax} are kept`);
  }
  if (wanted.source.kind === "system") return;
  const topic = topics.get(wanted.source.name.toLowerCase());
  if (topic === undefined) {
    throw new Error(`Cannot subscribe "${wanted.name}": topic "${wanted.source.name}" must exist`);
  }
  const isCloud = (topic.inputSchema ?? "CloudEvents") === "CloudEvents";
  if (isCloud && wanted.deliverySchema === "EventGrid") {
    throw new Error(
      `Cannot subscribe "${wanted.name}": a topic that takes CloudEvents must deliver CloudEvents`,
    );
  }
}

function unsubscribe({ subscriptions, deliveries }: Hub, name: string): void {
  const subscription = subscriptions.get(name);
  if (subscription === undefined) return;
  subscriptions.delete(name);
  deliveries.forget(subscription);
}

function publish(
  { subscriptions, deliveries, counters }: Hub,
  event: PublishedEvent,
  from: { readonly kind: "system" } | { readonly kind: "topic"; readonly name: string },
): void {
  counters.published += 1;
  for (const subscription of subscriptions.values()) {
    const { source, filter = {} } = subscription;
    const isFrom =
      source.kind === "topic"
        ? from.kind === "topic" && source.name.toLowerCase() === from.name.toLowerCase()
        : from.kind === "system" && isBelow(event.source, source.scope);
    if (isFrom && wants(filter, event)) deliveries.enqueue(subscription, event);
  }
}

/** The events of a subscription are not those of each of its clusters, but a scope holds both. */
function isBelow(topic: string, scope: string | undefined): boolean {
  if (scope === undefined) return true;
  const [one, other] = [topic.toLowerCase(), scope.toLowerCase()];
  return one === other || one.startsWith(`${other}/`);
}
