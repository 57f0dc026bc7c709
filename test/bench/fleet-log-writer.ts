/**
 * One writer process of the fleet log's benchmark. Standard input brings, again and again, a
 * `WriterTask` and then, once all writers are ready, a `WriterStart`; standard output answers
 * "ready" to the one and a `WriterReport` to the other. Each is a line of JSON.
 */
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { CosmosClient } from "@azure/cosmos";
import { cosmosStore } from "../../shared/azure/cosmos-store.ts";
import { fleetLogConnectionPolicy } from "../../shared/azure/fleet-log/containers.ts";
import type { Store } from "../../shared/effects/store.ts";
import { type Document, type FleetId, keyOf, kind } from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";

export interface WriterTask {
  readonly url: string;
  readonly key: string;
  readonly database: string;
  readonly fleet: FleetId;
  readonly writer: number;
  /** So many commits of this process are under way at once. */
  readonly concurrency: number;
}

/** By the wall clock, so that all writers start and stop together. */
export interface WriterStart {
  readonly startAtMs: number;
  readonly stopAtMs: number;
}

export interface WriterReport {
  readonly writer: number;
  /** How often each lane's document was saved. */
  readonly savedByLane: readonly number[];
  /** Of the commits that were saved, each once. */
  readonly revisions: readonly number[];
  readonly batches: Readonly<Record<string, number>>;
  readonly requestUnits: number;
  readonly latenciesMs: readonly number[];
  /** Documents saved in each `windowMs` of the run. */
  readonly savedByWindow: readonly number[];
}

export const windowMs = 500;

export interface Lane {
  readonly saved: number;
  readonly filling: string;
}

export const laneKind = kind<Lane>("bench.hubless.dev/lanes");

/** With it a document is about a kilobyte, as a member's progress is. */
const filling = "x".repeat(600);

interface Writer {
  /** Commits as fast as it can between two moments. */
  run(start: WriterStart): Promise<WriterReport>;
}

async function readyWriter(task: WriterTask): Promise<Writer> {
  const { url, key, database, fleet, writer } = task;
  const batches: Record<string, number> = {};
  let requestUnits = 0;
  let isCounting = false;
  const client = new CosmosClient({
    endpoint: url,
    key,
    connectionPolicy: { ...fleetLogConnectionPolicy, enableEndpointDiscovery: false },
  });
  const store = cosmosStore({
    container: client.database(database).container("documents"),
    clock: { now: () => new Date().toISOString() as Instant },
    onBatch: (outcome) => {
      if (isCounting) batches[outcome] = (batches[outcome] ?? 0) + 1;
    },
    onCharge: (charge) => {
      if (isCounting) requestUnits += charge;
    },
  });
  const lanes = await createLanes(store, task);

  return {
    async run({ startAtMs, stopAtMs }) {
      await delay(Math.max(0, startAtMs - Date.now()));
      isCounting = true;
      const revisions = new Set<number>();
      const latenciesMs: number[] = [];
      const windows = Math.ceil((stopAtMs - startAtMs) / windowMs);
      const savedByWindow = Array.from({ length: windows }, () => 0);
      const savedByLane = await Promise.all(
        lanes.map(async (lane) => {
          let document = lane;
          while (Date.now() < stopAtMs) {
            const startedAt = performance.now();
            const body = { ...document.body, saved: document.body.saved + 1 };
            const writes = [{ kind: "replace", document, body }] as const;
            const committed = await store.commit({ fleet, writes });
            if (committed.kind !== "saved") throw new Error("Cannot save: a lane has one writer");
            latenciesMs.push(performance.now() - startedAt);
            revisions.add(committed.revision);
            const window = Math.floor((Date.now() - startAtMs) / windowMs);
            if (window < windows) savedByWindow[window] = (savedByWindow[window] ?? 0) + 1;
            document = committed.documents[0] as Document<Lane>;
          }
          return document.body.saved;
        }),
      );
      return {
        writer,
        savedByLane,
        revisions: [...revisions],
        batches,
        requestUnits,
        latenciesMs,
        savedByWindow,
      };
    },
  };
}

async function createLanes(store: Store, task: WriterTask): Promise<readonly Document<Lane>[]> {
  const { fleet, writer, concurrency } = task;
  const committed = await store.commit({
    fleet,
    writes: Array.from({ length: concurrency }, (_, lane) => ({
      kind: "create",
      key: keyOf(laneKind, fleet, `${writer}-${lane}`),
      body: { saved: 0, filling },
    })),
  });
  if (committed.kind !== "saved") throw new Error("Cannot create lanes: they must be new");
  return committed.documents as readonly Document<Lane>[];
}

function say(what: "ready" | WriterReport): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

let ready: Writer | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  if (ready === undefined) {
    ready = await readyWriter(JSON.parse(line) as WriterTask);
    say("ready");
  } else {
    say(await ready.run(JSON.parse(line) as WriterStart));
    ready = undefined;
  }
}
