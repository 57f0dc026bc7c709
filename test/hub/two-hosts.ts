/** Two processes that serve the hub of one fleet over one Cosmos DB endpoint. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CosmosClient } from "@azure/cosmos";
import {
  type SpawnedCosmosEndpoint,
  spawnCosmosEndpoint,
} from "../../infra/local/cosmos/spawn-cosmos-endpoint.ts";
import { cosmosStore } from "../../shared/azure/cosmos-store.ts";
import { ensureContainers } from "../../shared/azure/fleet-log/containers.ts";
import { systemClock } from "../../shared/azure/system-clock.ts";
import type { Store } from "../../shared/effects/store.ts";
import { fleetKind } from "../../shared/fleet/model.ts";
import { type FleetId, keyOf } from "../../shared/lib/document.ts";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";
import type { HostTask } from "./two-hosts-child.ts";

export interface HubHost {
  /** Where the API is now: "http://127.0.0.1:4000/subscriptions/…/hub". */
  readonly url: () => string;
  /** Kills the process, as a crash does, and starts another one; its URL is a new one. */
  readonly crash: () => Promise<void>;
}

export interface TwoHosts {
  readonly cosmos: SpawnedCosmosEndpoint;
  readonly store: Store;
  readonly fleet: FleetId;
  readonly hosts: readonly [HubHost, HubHost];
  readonly close: () => Promise<void>;
}

const database = "hubless";
const path =
  "/subscriptions/5b40a3c0-0d8c-4b4e-9c0e-1f2a3b4c5d6e/resourceGroups/rg" +
  "/providers/Microsoft.ContainerService/fleets/f1";

export async function startTwoHosts(): Promise<TwoHosts> {
  const cosmos = await spawnCosmosEndpoint({});
  const client = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
  await ensureContainers(client, database);
  const container = client.database(database).container("documents");
  const store = cosmosStore({ container, clock: systemClock });
  const fleet = path.toLowerCase() as FleetId;
  const key = keyOf(fleetKind, fleet, "f1");
  await store.commit({ fleet, writes: [{ kind: "create", key, body: fleetBody }] });
  const task = { cosmos: cosmos.url, key: cosmos.key, database };
  const [one, other] = await Promise.all([startHost(task), startHost(task)]);
  return {
    cosmos,
    store,
    fleet,
    hosts: [one, other],
    close: async () => {
      await Promise.all([one.end(), other.end()]);
      client.dispose();
      await cosmos.close();
    },
  };
}

/** The hub asks only whether there is a fleet. */
const fleetBody = { location: "westeurope", tags: {} };

type RunningHost = HubHost & { readonly end: () => Promise<void> };

async function startHost(task: HostTask): Promise<RunningHost> {
  let running = await startChild(task);
  return {
    url: () => `${running.url}${path}/hub`,
    crash: async () => {
      await kill(running.child);
      running = await startChild(task);
    },
    end: async () => await kill(running.child),
  };
}

async function startChild(task: HostTask) {
  const program = fileURLToPath(new URL("two-hosts-child.ts", import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write(`${JSON.stringify(task)}\n`);
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, url: (JSON.parse(line) as { url: string }).url };
  }
  throw new Error("Cannot start a hub: its process ended before it said where it is");
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** A host that crashed is back after a while. */
const awayMillisecondsMax = 20_000;

/**
 * Asks once the host is there. Undefined when the answer was lost: nobody knows what became of the
 * request.
 */
export async function askHost(
  host: HubHost,
  method: string,
  tail: string,
  body?: { readonly type?: string; readonly content: Json },
): Promise<Answer | undefined> {
  const endsAt = Date.now() + awayMillisecondsMax;
  for (;;) {
    try {
      const response = await fetch(`${host.url()}${tail}`, {
        method,
        headers: { ...(body !== undefined && { "content-type": body.type ?? "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body.content) }),
      });
      return { status: response.status, body: (await response.json()) as JsonObject };
    } catch (error) {
      const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : {};
      if (cause?.code !== "ECONNREFUSED" || Date.now() > endsAt) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Requests for documents; a client that cannot read the account's description cannot start. */
const kinds = ["read", "create", "replace", "upsert", "patch", "delete", "batch", "query"] as const;

/** Every seventh request to the database is refused, each tenth carried out and its answer lost. */
export async function trouble({ cosmos }: TwoHosts): Promise<void> {
  const busy = { kind: "answer", status: 429, retryAfterMs: 20 } as const;
  const lost = { kind: "drop", moment: "after-commit" } as const;
  await cosmos.resetStatistics();
  await cosmos.addFault({ kinds: [...kinds], every: 7, effect: busy });
  await cosmos.addFault({ kinds: [...kinds], every: 10, effect: lost });
}
