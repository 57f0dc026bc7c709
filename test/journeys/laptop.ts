import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cloud, startCloud } from "../../infra/local/cloud/start-cloud.ts";
import { ensureFleet } from "../../infra/local/ensure-fleet.ts";
import { type TourClients, tourClients } from "../../infra/local/tour/clients.ts";
import { type MovableClock, movableClock } from "./movable-clock.ts";

/** The cloud on a laptop in a folder of its own, with a fleet that has no members yet. */
export interface Laptop extends TourClients {
  readonly cloud: Cloud;
  /** The product's. */
  readonly clock: MovableClock;
  /** Looks at what no event told, as the product does every five minutes. */
  readonly lookAround: () => Promise<void>;
}

/** Azure's ten minutes pass in a second. */
const speed = 600;

/** A message that a killed host held is there for the next one after this long. */
const queueLeaseSeconds = 5;

const ends: (() => Promise<void>)[] = [];

/** Ends the clouds that this file's tests started, and removes their folders. */
export async function endLaptops(): Promise<void> {
  for (const end of ends.splice(0)) await end();
}

export async function startLaptop(): Promise<Laptop> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-journey-"));
  const clock = movableClock(join(folder, "clock"));
  const cloud = await startCloud({
    folder,
    stateFolder: join(folder, "state"),
    speed,
    environment: {
      FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: String(queueLeaseSeconds),
      FUNCTIONS_HOST_DRAIN_SECONDS: "0",
      ...clock.environment,
    },
  });
  const clients = tourClients(cloud.endpoints);
  ends.push(async () => {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  });
  await ensureFleet(clients);
  return {
    ...clients,
    cloud,
    clock,
    lookAround: async () => await runByHand(cloud, "every-five-minutes"),
  };
}

/** Runs a function of the product now, as the portal's "Test/Run" does. */
async function runByHand(cloud: Cloud, name: string): Promise<void> {
  const { url, keys } = cloud.host();
  const answer = await fetch(`${url}/admin/functions/${name}`, {
    method: "POST",
    headers: { "x-functions-key": keys.master, "content-type": "application/json" },
    body: "{}",
  });
  if (answer.status !== 202) throw new Error(`Cannot run ${name}: answered ${answer.status}`);
}
