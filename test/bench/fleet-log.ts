/**
 * How many documents a fleet takes per second when several processes commit to it, what that costs,
 * and whether they share it fairly.
 *
 * Each commit replaces one document of about a kilobyte, so nothing but the fleet's head is
 * contended. The database is the embedded endpoint in a process of its own, with Azure's manners:
 * 8 ms a batch, 4 ms a read, 10,000 request units a second. Once it runs without them, which shows
 * what the code itself takes.
 *
 *     node_modules/.bin/node test/bench/fleet-log.ts
 */
import { randomUUID } from "node:crypto";
import { CosmosClient } from "@azure/cosmos";
import {
  type SpawnedCosmosEndpoint,
  spawnCosmosEndpoint,
} from "../../infra/local/cosmos/spawn-cosmos-endpoint.ts";
import { cosmosStore } from "../../shared/azure/cosmos-store.ts";
import {
  ensureContainers,
  fleetLogConnectionPolicy,
} from "../../shared/azure/fleet-log/containers.ts";
import type { FleetId } from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import { type BenchPart, type Figure, figure } from "./figure.ts";
import { type Lane, laneKind, type WriterReport, windowMs } from "./fleet-log-writer.ts";
import { type WriterProcesses, writerProcesses } from "./writer-processes.ts";

const database = "bench";
const secondsPerRun = 5;
const azuresManners = {
  latencyMs: { read: 4, write: 8, batch: 8, query: 4 },
  requestUnitsPerSecond: 10_000,
};

interface Case {
  readonly writers: number;
  /** Commits of one process that are under way at once. */
  readonly concurrency: number;
  readonly isLikeAzure: boolean;
}

const cases: readonly Case[] = [
  { writers: 4, concurrency: 1, isLikeAzure: true },
  { writers: 4, concurrency: 10, isLikeAzure: true },
  { writers: 16, concurrency: 1, isLikeAzure: true },
  { writers: 16, concurrency: 10, isLikeAzure: true },
  { writers: 4, concurrency: 10, isLikeAzure: false },
];

/** Throws when a commit was lost or doubled; a limit that does not hold is said in its figure. */
export const fleetLog: BenchPart = {
  name: "fleet-log",
  leavesOut: "Azure itself, and commits that write the same documents",
  measure: measured,
};

async function measured(tell: (line: string) => void): Promise<readonly Figure[]> {
  const endpoint = await spawnCosmosEndpoint({});
  const processes = writerProcesses(Math.max(...cases.map(({ writers }) => writers)));
  try {
    await ensureContainers(clientOf(endpoint), database);
    const figures: Figure[] = [];
    for (const each of cases) {
      tell(`${each.writers} writers with ${each.concurrency} commits at a time`);
      figures.push(...(await figuresOf(each, endpoint, processes)));
    }
    return figures;
  } finally {
    processes.stop();
    await endpoint.close();
  }
}

async function figuresOf(
  { writers, concurrency, isLikeAzure }: Case,
  endpoint: SpawnedCosmosEndpoint,
  processes: WriterProcesses,
): Promise<readonly Figure[]> {
  const fleet = `/fleets/${randomUUID()}` as FleetId;
  await endpoint.setManners({});
  const { url, key } = endpoint;
  const reports = await processes.run(
    { url, key, database, fleet, concurrency },
    {
      writers,
      seconds: secondsPerRun,
      onReady: async () => await endpoint.setManners(isLikeAzure ? azuresManners : {}),
    },
  );
  await endpoint.setManners({});
  await checkAll(endpoint, fleet, reports);

  const like = isLikeAzure ? "like Azure" : "without delays";
  const name = `${writers} writers x ${concurrency}, ${like}`;
  const saved = reports.map(({ savedByLane }) => sum(savedByLane));
  const batches = reports.flatMap((report) => Object.entries(report.batches));
  const lost = sum(batches.map(([outcome, count]) => (outcome === "lost" ? count : 0)));
  const tried = sum(batches.map(([, count]) => count));
  const requestUnits = sum(reports.map((report) => report.requestUnits));
  const latencies = reports.flatMap(({ latenciesMs }) => latenciesMs);
  const slowest = (Math.min(...saved) * saved.length) / sum(saved);
  const quick = isLikeAzure ? undefined : { atLeast: 3_000 };
  return [
    figure(`${name}: throughput`, "documents/s", perSecond(reports), quick),
    figure(`${name}: a commit`, "ms", latencies),
    figure(`${name}: cost`, "request units/document", [requestUnits / sum(saved)]),
    figure(`${name}: lost batches`, "%", [(100 * lost) / tried], { atMost: 30 }),
    figure(`${name}: slowest writer`, "of the mean", [slowest], { atLeast: 0.5 }),
  ];
}

/** The rate in each window of the run, of all writers together. */
function perSecond(reports: readonly WriterReport[]): readonly number[] {
  const windows = reports[0]?.savedByWindow ?? [];
  return windows.map((_, at) => {
    const saved = sum(reports.map(({ savedByWindow }) => savedByWindow[at] ?? 0));
    return (saved * 1_000) / windowMs;
  });
}

/** Each commit happened, once, at a revision of its own process. */
async function checkAll(
  endpoint: SpawnedCosmosEndpoint,
  fleet: FleetId,
  reports: readonly WriterReport[],
): Promise<void> {
  const store = cosmosStore({
    container: clientOf(endpoint).database(database).container("documents"),
    clock: { now: () => new Date().toISOString() as Instant },
  });
  const found = new Map<string, Lane>();
  let after: string | undefined;
  do {
    const page = await store.list({ fleet, kind: laneKind, ...(after !== undefined && { after }) });
    for (const { key, body } of page.documents) found.set(key.name, body);
    after = page.next;
  } while (after !== undefined);
  for (const { writer, savedByLane } of reports) {
    for (const [lane, saved] of savedByLane.entries()) {
      const stored = found.get(`${writer}-${lane}`)?.saved;
      if (stored === saved) continue;
      throw new Error(`Lane ${writer}-${lane} was saved ${saved} times: must not be ${stored}`);
    }
  }
  const revisions = reports.flatMap((report) => report.revisions);
  const { revision } = await store.head(fleet);
  // Besides, each writer made one commit to create its lanes.
  const isComplete = new Set(revisions).size === revision - reports.length;
  if (!isComplete || new Set(revisions).size !== revisions.length) {
    throw new Error(`Revisions up to ${revision} must each belong to one writer`);
  }
}

function clientOf({ url, key }: SpawnedCosmosEndpoint): CosmosClient {
  return new CosmosClient({
    endpoint: url,
    key,
    connectionPolicy: { ...fleetLogConnectionPolicy, enableEndpointDiscovery: false },
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((all, each) => all + each, 0);
}

if (import.meta.main) {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const { name, unit, median, p90, holds } of await fleetLog.measure(print)) {
    const verdict = holds === undefined ? "" : ` (limit ${holds ? "holds" : "MISSED"})`;
    print(`${name}: ${median} ${unit}, p90 ${p90}${verdict}`);
  }
}
