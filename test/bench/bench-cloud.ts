import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CosmosClient } from "@azure/cosmos";
import { type Cloud, startCloud } from "../../infra/local/cloud/start-cloud.ts";
import type { KindStatistics } from "../../infra/local/cosmos/statistics.ts";
import { ensureFleet } from "../../infra/local/ensure-fleet.ts";
import { type TourClients, tourClients } from "../../infra/local/tour/clients.ts";
import { cosmosStore } from "../../shared/azure/cosmos-store.ts";
import { fleetLogConnectionPolicy } from "../../shared/azure/fleet-log/containers.ts";
import { systemClock } from "../../shared/azure/system-clock.ts";
import type { Store } from "../../shared/effects/store.ts";
import type { FleetId } from "../../shared/lib/document.ts";

/** A cloud of its own for a measurement, with a fleet that has no members yet. */
export interface BenchCloud extends TourClients {
  readonly cloud: Cloud;
  /** The product's store, without the product: what it costs is in no figure. */
  readonly store: Store;
  readonly fleetId: FleetId;
  /** What the cloud has spent so far, without what `store` has. */
  readonly spent: () => Promise<Spent>;
  /** Resolves once the product has nothing left to do. */
  readonly quiet: () => Promise<void>;
  /** Request units a second while there is nothing to do, some times. */
  readonly atRest: () => Promise<readonly number[]>;
  readonly end: () => Promise<void>;
}

/** Of Cosmos DB, and what ARM was asked. */
export interface Spent {
  readonly atMs: number;
  readonly requestUnits: number;
  readonly requests: number;
  /** All of them, those of `store` too. */
  readonly byKind: Readonly<Record<string, KindStatistics>>;
  readonly armRequests: number;
}

export interface BenchCloudOptions {
  /** How much faster than Azure clusters are: by default ten minutes pass in a second. */
  readonly speed?: number;
  /** App settings above the usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the host loads; the triggers as they are when left out. */
  readonly entry?: string;
}

const speedDefault = 600;

/**
 * Without relays, which would not act here, and without the look every five minutes, which is the
 * one thing that costs by the size of the fleet.
 */
export async function startBenchCloud(options: BenchCloudOptions): Promise<BenchCloud> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-bench-"));
  const cloud = await startCloud({
    folder,
    stateFolder: join(folder, "state"),
    speed: options.speed ?? speedDefault,
    relays: false,
    ...(options.entry !== undefined && { entry: options.entry }),
    environment: {
      "AzureWebJobs.every-five-minutes.Disabled": "true",
      FUNCTIONS_HOST_DRAIN_SECONDS: "0",
      ...options.environment,
    },
  });
  const end = async () => {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const clients = tourClients(cloud.endpoints);
    await ensureFleet(clients);
    const own = ownStore(cloud);
    const spent = async () => await spentOf(cloud, own.spent());
    return {
      ...clients,
      cloud,
      store: own.store,
      fleetId: fleetOf(clients),
      spent,
      quiet: async () => await quiet(spent),
      atRest: async () => await atRest(spent),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function fleetOf({ endpoints }: TourClients): FleetId {
  const path = new URL(endpoints.hub).pathname;
  return path.replace(/\/hub$/, "").toLowerCase() as FleetId;
}

type Own = Pick<Spent, "requestUnits" | "requests">;

function ownStore({ cosmos }: Cloud): { readonly store: Store; readonly spent: () => Own } {
  let requestUnits = 0;
  let requests = 0;
  const client = new CosmosClient({
    endpoint: cosmos.url,
    key: cosmos.key,
    connectionPolicy: { ...fleetLogConnectionPolicy, enableEndpointDiscovery: false },
  });
  const store = cosmosStore({
    container: client.database("hubless").container("documents"),
    clock: systemClock,
    onCharge: (charge) => {
      requestUnits += charge;
      requests += 1;
    },
  });
  return { store, spent: () => ({ requestUnits, requests }) };
}

async function spentOf({ cosmos, arm }: Cloud, own: Own): Promise<Spent> {
  const { requestUnits, requests, byKind } = await cosmos.statistics();
  const answers = Object.values(arm.stats()).flatMap((statuses) => Object.values(statuses));
  return {
    atMs: performance.now(),
    requestUnits: requestUnits - own.requestUnits,
    requests: requests - own.requests,
    byKind,
    armRequests: answers.reduce((sum, count) => sum + count, 0),
  };
}

export function spentBetween(before: Spent, after: Spent): Spent {
  const kinds = Object.entries(after.byKind).map(([kind, { requests, requestUnits }]) => {
    const earlier = before.byKind[kind] ?? { requests: 0, requestUnits: 0 };
    return [
      kind,
      {
        requests: requests - earlier.requests,
        requestUnits: requestUnits - earlier.requestUnits,
      },
    ] as const;
  });
  return {
    atMs: after.atMs - before.atMs,
    requestUnits: after.requestUnits - before.requestUnits,
    requests: after.requests - before.requests,
    byKind: Object.fromEntries(kinds),
    armRequests: after.armRequests - before.armRequests,
  };
}

const quietSeconds = 3;
const quietSecondsMax = 300;

/** Besides the change feed, which is looked at each second: one page, one lease. */
const requestsPerQuietSecondMax = 3;

async function quiet(spent: () => Promise<Spent>): Promise<void> {
  const deadline = performance.now() + quietSecondsMax * 1000;
  let before = await spent();
  for (let still = 0; still < quietSeconds; ) {
    if (performance.now() > deadline) {
      throw new Error(`Cannot measure: the product must come to rest in ${quietSecondsMax} s`);
    }
    await delay(1000);
    const after = await spent();
    const { requests, armRequests } = spentBetween(before, after);
    still = requests <= requestsPerQuietSecondMax && armRequests === 0 ? still + 1 : 0;
    before = after;
  }
}

const restingSeconds = 3;

async function atRest(spent: () => Promise<Spent>): Promise<readonly number[]> {
  await quiet(spent);
  const perSecond: number[] = [];
  let before = await spent();
  for (let second = 0; second < restingSeconds; second++) {
    await delay(1000);
    const after = await spent();
    const { requestUnits, atMs } = spentBetween(before, after);
    perSecond.push((requestUnits * 1000) / atMs);
    before = after;
  }
  return perSecond;
}
