import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cloud, type CloudOptions, startCloud } from "../../infra/local/cloud/start-cloud.ts";
import { ensureFleet } from "../../infra/local/ensure-fleet.ts";
import { type TourClients, tourClients } from "../../infra/local/tour/clients.ts";

/** The cloud on a laptop in a folder of its own, with a fleet that has no members yet. */
export interface Laptop extends TourClients {
  readonly cloud: Cloud;
  /** What the product logged: to find out why a journey failed. */
  readonly hostLog: () => Promise<string>;
  /** Ends the cloud and removes its folder. */
  readonly end: () => Promise<void>;
}

/** Azure's ten minutes pass in a second. */
const speedDefault = 600;

/** A message that a killed host held is there for the next one after this long. */
const queueLeaseSeconds = 5;

export async function startLaptop(
  options: Pick<CloudOptions, "speed" | "environment"> = {},
): Promise<Laptop> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-journey-"));
  const cloud = await startCloud({
    folder,
    stateFolder: join(folder, "state"),
    speed: options.speed ?? speedDefault,
    environment: {
      FUNCTIONS_HOST_QUEUE_LEASE_SECONDS: String(queueLeaseSeconds),
      FUNCTIONS_HOST_DRAIN_SECONDS: "0",
      ...options.environment,
    },
  });
  const clients = tourClients(cloud.endpoints);
  const end = async () => {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ensureFleet(clients);
  } catch (error) {
    await end();
    throw error;
  }
  const logFile = join(folder, "logs", "functions-host.log");
  return { ...clients, cloud, hostLog: async () => await readFile(logFile, "utf8"), end };
}
