import { setTimeout as wait } from "node:timers/promises";
import { type Answer, refused, scaled } from "./answers.ts";
import { authorize, type Caller, type Credentials } from "./authorization.ts";
import { serveBatch } from "./batch.ts";
import { serveChangeFeed } from "./change-feed.ts";
import type { FaultEffect, Faults } from "./faults.ts";
import { serveItem, serveRead } from "./item-requests.ts";
import type { Journal } from "./journal.ts";
import { latencyOf, type Manners } from "./manners.ts";
import { type Account, type Consistency, serveMetadata } from "./metadata.ts";
import { partitionKeyOf } from "./partition-scope.ts";
import { serveQuery, serveQueryPlan } from "./queries.ts";
import { notSupported, ownerNotFound, Refusal } from "./refusal.ts";
import { type Route, routeOf, segmentsOf } from "./routes.ts";
import type { StatisticsKeeper } from "./statistics.ts";
import type { Throughput } from "./throughput.ts";
import type { WireRequest } from "./wire.ts";

/** Reads under strong consistency ask two replicas, and cost as much (consistency levels). */
const strongReadFactor = 2;

/** What one endpoint serves with. */
export interface Service {
  readonly account: Account;
  readonly credentials: Credentials;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly throughput: Throughput;
  readonly statistics: StatisticsKeeper;
  readonly manners: () => Manners;
  readonly nowMs: () => number;
}

/**
 * Serves one request from authorization to the moment when its answer may leave; undefined when a
 * fault cuts the connection instead.
 *
 * Latency is spent half before the request takes effect and half after, so that both the loser of
 * a race and a reader of what is not acknowledged yet can be met.
 */
export async function serve(request: WireRequest, service: Service): Promise<Answer | undefined> {
  const { faults, journal, statistics } = service;
  const opened = await open(request, service);
  if (opened instanceof Refusal) {
    statistics.count("metadata", opened.status, 0);
    return refused(opened);
  }
  const { route } = opened;
  const container = route.kind === "metadata" ? undefined : route.container;
  const struck = sorted(faults.strike({ kind: route.kind, container }));
  const latency = latencyOf(service.manners(), route.kind);
  await waitFor(struck.delayMs + latency / 2);
  const decided = struck.before === undefined ? execute(request, opened, service) : undefined;
  const settled = journal.settled();
  if (settled !== undefined) await settled;
  await waitFor(latency / 2);
  const effect = struck.before ?? struck.after;
  const sent = effect === undefined ? decided : faultAnswer(effect);
  statistics.count(route.kind, sent?.status, decided?.charge ?? 0);
  return sent;
}

interface Opened {
  readonly route: Route;
  readonly caller: Caller;
}

async function open(request: WireRequest, service: Service): Promise<Opened | Refusal> {
  try {
    const segments = segmentsOf(request.path);
    const caller = await authorize(request, segments, service.credentials);
    return { route: routeOf(request, segments), caller };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function execute(request: WireRequest, { route, caller }: Opened, service: Service): Answer {
  const { account, throughput, statistics } = service;
  statistics.countExpired(account.store.sweep());
  try {
    if (route.kind === "metadata") {
      return serveMetadata(route.of, request, { account, caller });
    }
    const partitionKey = partitionKeyOf(request);
    const bucket = JSON.stringify([route.database, route.container, partitionKey]);
    // A request over all partitions has no bucket of its own to be limited by.
    if (partitionKey !== undefined) throughput.admit(bucket);
    const answer = settledAnswer(() => serveItems(request, { route, partitionKey }, service));
    if (partitionKey !== undefined) throughput.spend(bucket, answer.charge);
    return answer;
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}

/** A refused request is charged too. */
function settledAnswer(serveIt: () => Answer): Answer {
  try {
    return serveIt();
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}

interface ItemsRequest {
  readonly route: Exclude<Route, { kind: "metadata" }>;
  readonly partitionKey: string | undefined;
}

function serveItems(
  request: WireRequest,
  { route, partitionKey }: ItemsRequest,
  { account, nowMs }: Service,
): Answer {
  const { store, consistency } = account;
  const { kind, id } = route;
  refuseOptions(request, consistency);
  const container = store.container(route.database, route.container);
  if (container === undefined) throw ownerNotFound(1_003);
  const readFactor = consistency === "Strong" ? strongReadFactor : 1;
  const target = { container, partitionKey };
  const replica = container.reads.at(nowMs());
  switch (kind) {
    case "read":
      return scaled(serveRead(request, { ...target, kind, id }, replica), readFactor);
    case "query":
      return scaled(serveQuery(request, target, replica), readFactor);
    case "query-plan":
      return serveQueryPlan(request);
    case "change-feed":
      return scaled(serveChangeFeed(request, target, replica), readFactor);
    case "batch":
      return serveBatch(request, target, store);
    case "create":
    case "replace":
    case "upsert":
    case "patch":
    case "delete":
      return serveItem(request, { ...target, kind, id }, store);
  }
}

/** Headers that would change what a request means. */
function refuseOptions({ headers }: WireRequest, consistency: Consistency): void {
  const level = headers["x-ms-consistency-level"] ?? consistency;
  if (level !== consistency) throw notSupported(`a weaker consistency ("${level}") for a request`);
  for (const name of [
    "x-ms-documentdb-pre-trigger-include",
    "x-ms-documentdb-post-trigger-include",
    "x-ms-indexing-directive",
  ]) {
    if (headers[name] !== undefined) throw notSupported(`the header "${name}"`);
  }
}

type Cut = Exclude<FaultEffect, { kind: "delay" }>;

function sorted(effects: readonly FaultEffect[]) {
  const cuts = effects.filter((each): each is Cut => each.kind !== "delay");
  return {
    delayMs: effects.reduce((sum, each) => sum + (each.kind === "delay" ? each.delayMs : 0), 0),
    before: cuts.find((each) => each.moment === "before-commit"),
    after: cuts.find((each) => each.moment === "after-commit"),
  };
}

function faultAnswer(effect: Cut): Answer | undefined {
  if (effect.kind === "drop") return undefined;
  const { status, substatus, retryAfterMs } = effect;
  return refused(
    new Refusal(status, "Fault", "A fault was asked for", {
      ...(substatus === undefined ? {} : { substatus }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }),
  );
}

async function waitFor(ms: number): Promise<void> {
  if (ms > 0) await wait(ms);
}
