import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { adminPath, type Control, serveAdmin } from "./admin.ts";
import type { TokenVerifier } from "./authorization.ts";
import type { ContainerBody } from "./definitions.ts";
import { createFaults, seededRandom } from "./faults.ts";
import { startHttpServer } from "./http-server.ts";
import { memoryJournal, sqliteJournal } from "./journal.ts";
import { type Manners, mannersSchema } from "./manners.ts";
import type { Account, Consistency } from "./metadata.ts";
import { type Service, serve } from "./service.ts";
import { createStatistics } from "./statistics.ts";
import { openStore, type Store } from "./store.ts";
import { createThroughput } from "./throughput.ts";

const sweepEveryMs = 1_000;

export interface CosmosEndpointOptions {
  /** A free one, when left out. */
  readonly port?: number | undefined;
  /** PEM files of a certificate for 127.0.0.1; without them, plain HTTP (keys only). */
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Where the data outlives the process; in memory only, when left out. */
  readonly file?: string | undefined;
  /** The account's key in base64; a new one, when left out. */
  readonly key?: string | undefined;
  /** Lets callers in with bearer tokens that it trusts; without it, keys only. */
  readonly verifyToken?: TokenVerifier | undefined;
  /** What clients may expect of reads, and what reads cost; "Strong" when left out. */
  readonly consistency?: Consistency | undefined;
  /** Databases and containers to create when they are missing, as a template does on Azure. */
  readonly databases?: Readonly<Record<string, readonly ContainerBody[]>> | undefined;
  readonly manners?: Manners | undefined;
  /** Makes the probabilities of faults repeatable. */
  readonly seed?: number | undefined;
  /** The clock of `_ts`, time to live, throughput and lag. */
  readonly nowMs?: (() => number) | undefined;
  /** Hears of defects of the endpoint itself. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

export interface CosmosEndpoint extends Control {
  /** For `CosmosClient`: it ends in "/". */
  readonly url: string;
  readonly key: string;
  /** For the admin route, which a child process is controlled by. */
  readonly adminToken: string;
  /** Commits what is recorded and frees port and file. */
  close(): Promise<void>;
}

/**
 * Starts a Cosmos DB endpoint for what the product asks of `@azure/cosmos`, on 127.0.0.1.
 *
 * @throws Error when the port, the certificate or the file cannot be used.
 *
 * @example
 *     const { url, key } = await startCosmosEndpoint({ file: ".local/cosmos.db" });
 *     const client = new CosmosClient({ endpoint: url, key });
 */
export async function startCosmosEndpoint(
  options: CosmosEndpointOptions = {},
): Promise<CosmosEndpoint> {
  const nowMs = options.nowMs ?? Date.now;
  const key = options.key ?? randomBytes(64).toString("base64");
  const adminToken = randomBytes(32).toString("base64url");
  const journal = options.file === undefined ? memoryJournal() : sqliteJournal(options.file);
  const store = openStore(journal, nowMs);
  createMissing(store, options.databases ?? {});

  let manners: Manners = {};
  const account: { -readonly [Name in keyof Account]: Account[Name] } = {
    store,
    url: "",
    consistency: options.consistency ?? "Strong",
  };
  const random = options.seed === undefined ? Math.random : seededRandom(options.seed);
  const service: Service = {
    account,
    credentials: { key, verifyToken: options.verifyToken },
    journal,
    faults: createFaults(random),
    throughput: createThroughput(nowMs),
    statistics: createStatistics(),
    manners: () => manners,
    nowMs,
  };
  const control = controlOf(service, (asked) => {
    manners = asked;
  });
  await control.setManners(options.manners ?? {});

  const server = await startHttpServer({
    port: options.port ?? 0,
    tls: await certificateOf(options),
    serve: async (request) =>
      request.path.startsWith(adminPath)
        ? await serveAdmin(request, adminToken, control)
        : await serve(request, service),
    onDefect: options.onDefect ?? (() => {}),
  });
  account.url = server.url;
  const sweeper = setInterval(() => service.statistics.countExpired(store.sweep()), sweepEveryMs);
  sweeper.unref();

  return {
    ...control,
    url: server.url,
    key,
    adminToken,
    async close() {
      clearInterval(sweeper);
      await server.close();
      journal.close();
    },
  };
}

async function certificateOf({ tls }: CosmosEndpointOptions) {
  if (tls === undefined) return undefined;
  const [cert, key] = await Promise.all([readFile(tls.certFile), readFile(tls.keyFile)]);
  return { cert, key };
}

function controlOf(service: Service, keep: (manners: Manners) => void): Control {
  const { faults, statistics, throughput, account } = service;
  return {
    async addFault(fault) {
      faults.add(fault);
    },
    async clearFaults() {
      faults.clear();
    },
    async setManners(asked) {
      const manners = mannersSchema.parse(asked);
      keep(manners);
      throughput.setLimit(manners.requestUnitsPerSecond);
      account.store.setLag(manners.staleReads);
    },
    async statistics() {
      return statistics.read();
    },
    async resetStatistics() {
      statistics.reset();
    },
  };
}

function createMissing(
  store: Store,
  databases: Readonly<Record<string, readonly ContainerBody[]>>,
): void {
  for (const [id, containers] of Object.entries(databases)) {
    if (store.database(id) === undefined) store.createDatabase({ id });
    for (const each of containers) {
      if (store.container(id, each.id) === undefined) store.createContainer(id, each);
    }
  }
}
