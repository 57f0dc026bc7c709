/**
 * The hub as its clients meet it: how long a request takes beside a bare function that answers a
 * constant, what it costs the database, how soon watches are told, and how a cold process begins.
 *
 * Requests go over TLS to the Functions host, one after the other, and take turns with those to the
 * bare host, since machines are busy.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type FunctionsHostProcess,
  startFunctionsHostProcess,
} from "../../infra/local/functions-host/process.ts";
import { kind } from "../../shared/lib/document.ts";
import type { KubeBody } from "../../shared/lib/kube-object.ts";
import { type BenchCloud, type Spent, spentBetween, startBenchCloud } from "./bench-cloud.ts";
import { type BenchPart, type Figure, figure } from "./figure.ts";
import { type HubClient, hubClient, residentMegabytes } from "./hub-client.ts";
import { measureWatches } from "./hub-watches.ts";

const requestsPerFigure = 200;
const costsPerFigure = 30;
const warmUps = 30;
const listed = 5_000;
const pageSize = 500;
const wholeLists = 10;
const coldStarts = 5;

const configMaps = "/api/v1/namespaces/bench/configmaps";
const configMapKind = kind<KubeBody>("configmaps");

export const hub: BenchPart = {
  name: "hub",
  leavesOut: "Azure's network and front ends, and Cosmos DB's delays",
  measure,
};

async function measure(tell: (line: string) => void): Promise<readonly Figure[]> {
  tell(buildBundle());
  const bench = await startBenchCloud({ entry: "dist/functions.mjs" });
  const folder = await mkdtemp(join(tmpdir(), "hubless-bare-"));
  const bare = await startBare(bench, folder);
  try {
    const client = hubClient(bench);
    await client.json("POST", "/api/v1/namespaces", { metadata: { name: "bench" } });
    const figures = [
      ...(await measureRequests(bench, bare, client)),
      ...(await measureLists(bench, bare, client)),
    ];
    figures.push(...(await measureWatches(bench, client, tell)));
    figures.push(...(await memoryFigure(bench, "100 watches")));
    return [...figures, ...(await measureColdStarts(bench, client, folder))];
  } finally {
    await bare.kill();
    await bench.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startBare({ cloud }: BenchCloud, folder: string): Promise<FunctionsHostProcess> {
  return await startFunctionsHostProcess({
    appFolder: join(import.meta.dirname, "bare"),
    stateFolder: folder,
    tls: cloud.tls,
  });
}

/** What Azure runs is a bundle, which is there sooner than thousands of files. */
function buildBundle(): string {
  const build = join(import.meta.dirname, "..", "..", "infra", "build.ts");
  const { status, stdout } = spawnSync(process.execPath, [build], { encoding: "utf8" });
  if (status !== 0) throw new Error("Cannot measure: `npm run build` must succeed");
  return stdout.trim();
}

/** What the process has by then; garbage that nobody has collected yet is in it. */
async function memoryFigure({ cloud }: BenchCloud, after: string): Promise<readonly Figure[]> {
  const megabytes = await residentMegabytes(cloud.host().pid);
  return megabytes.length === 0 ? [] : [figure(`${after}: memory after it`, "MB", megabytes)];
}

interface Measured {
  readonly name: string;
  readonly once: (index: number) => Promise<unknown>;
  readonly unitsMax?: number;
}

/** Each with its time, its ratio to the bare host's, and what the database charges. */
async function measureRequests(
  bench: BenchCloud,
  bare: FunctionsHostProcess,
  { json }: HubClient,
): Promise<readonly Figure[]> {
  const name = (index: number) => `made-${String(index).padStart(5, "0")}`;
  const body = (index: number, manner: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: name(index) },
    data: { manner, text: "x".repeat(300) },
  });
  const apply = async (index: number) =>
    await json(
      "PATCH",
      `${configMaps}/${name(index)}?fieldManager=bench&force=true`,
      body(index, "applied"),
      "application/apply-patch+yaml",
    );
  const requests: readonly Measured[] = [
    { name: "create", once: async (index) => await json("POST", configMaps, body(index, "made")) },
    {
      name: "get",
      once: async (index) => await json("GET", `${configMaps}/${name(index)}`),
      unitsMax: 2,
    },
    { name: "server-side apply", once: apply },
    { name: "apply again", once: apply },
  ];
  const figures: Figure[] = [];
  for (const request of requests) figures.push(...(await measureOne(bench, bare, request)));
  return figures;
}

async function measureOne(
  bench: BenchCloud,
  bare: FunctionsHostProcess,
  { name, once, unitsMax }: Measured,
): Promise<readonly Figure[]> {
  const own: number[] = [];
  const constant: number[] = [];
  const units: number[] = [];
  const measuredUntil = warmUps + requestsPerFigure;
  for (let index = 0; index < warmUps; index++) await once(index);
  for (let index = warmUps; index < measuredUntil; index++) {
    own.push(await timed(async () => await once(index)));
    constant.push(await timed(async () => await askBare(bare)));
  }
  await bench.quiet();
  for (let index = measuredUntil; index < measuredUntil + costsPerFigure; index++) {
    const before = await bench.spent();
    await once(index);
    units.push(unitsOf(spentBetween(before, await bench.spent())));
  }
  const limit = unitsMax === undefined ? undefined : { atMost: unitsMax };
  return [
    figure(`${name}: time`, "ms", own),
    figure(`${name}: time to that of a bare host`, "times", [medianOf(own) / medianOf(constant)]),
    figure(`${name}: cost`, "request units", units, limit),
    ...(await memoryFigure(bench, name)),
  ];
}

async function askBare({ url }: FunctionsHostProcess): Promise<string> {
  return await (await fetch(`${url}/constant`)).text();
}

/** What the change feed takes meanwhile is not the request's. */
function unitsOf({ byKind }: Spent): number {
  const units = ["read", "batch", "query"].map((each) => byKind[each]?.requestUnits ?? 0);
  return units.reduce((sum, each) => sum + each, 0);
}

async function measureLists(
  bench: BenchCloud,
  bare: FunctionsHostProcess,
  { json }: HubClient,
): Promise<readonly Figure[]> {
  await seed(bench);
  await bench.quiet();
  const pages: number[] = [];
  const before = await bench.spent();
  let next: string | undefined;
  do {
    const more = next === undefined ? "" : `&continue=${encodeURIComponent(next)}`;
    pages.push(
      await timed(async () => {
        const page = await json("GET", `${listPath}?limit=${pageSize}${more}`);
        next = page.metadata?.continue || undefined;
      }),
    );
  } while (next !== undefined);
  const spent = spentBetween(before, await bench.spent());
  const queries = (spent.byKind["query"]?.requests ?? 0) / pages.length;
  const whole: number[] = [];
  const constant: number[] = [];
  const wholeBefore = await bench.spent();
  for (let round = 0; round < wholeLists; round++) {
    whole.push(await timed(async () => await json("GET", listPath)));
    constant.push(await timed(async () => await askBare(bare)));
  }
  const wholeUnits = unitsOf(spentBetween(wholeBefore, await bench.spent())) / wholeLists;
  return [
    figure(`list of ${pageSize}: time`, "ms", pages),
    figure(`list of ${pageSize}: cost`, "queries", [queries], { atMost: 1 }),
    figure(`list of ${pageSize}: cost`, "request units", [unitsOf(spent) / pages.length]),
    figure(`list of ${listed}: time`, "ms", whole),
    figure(`list of ${listed}: time to that of a bare host`, "times", [
      medianOf(whole) / medianOf(constant),
    ]),
    figure(`list of ${listed}: cost`, "request units", [wholeUnits]),
    ...(await memoryFigure(bench, `list of ${listed}`)),
  ];
}

const listPath = "/api/v1/namespaces/many/configmaps";

async function seed({ store, fleetId }: BenchCloud): Promise<void> {
  const namespace = { fleet: fleetId, kind: kind<KubeBody>("namespaces"), name: "many" };
  await store.commit({
    fleet: fleetId,
    writes: [{ kind: "create", key: namespace, body: { metadata: {} } }],
  });
  for (let start = 0; start < listed; start += 90) {
    const count = Math.min(90, listed - start);
    const writes = Array.from({ length: count }, (_, index) => ({
      kind: "create" as const,
      key: {
        fleet: fleetId,
        kind: configMapKind,
        namespace: "many",
        name: `listed-${String(start + index).padStart(5, "0")}`,
      },
      body: { metadata: {}, data: { text: "x".repeat(500) } } as KubeBody,
    }));
    await store.commit({ fleet: fleetId, writes });
  }
}

/** From the start of a process to its first answer about an object. */
async function measureColdStarts(
  bench: BenchCloud,
  { json }: HubClient,
  folder: string,
): Promise<readonly Figure[]> {
  const { cloud } = bench;
  const times: number[] = [];
  const constant: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < coldStarts; round++) {
    times.push(
      await timed(async () => {
        await cloud.crashHost();
        await json("GET", "/api/v1/namespaces/default");
      }),
    );
    memory.push(...(await residentMegabytes(cloud.host().pid)));
    constant.push(
      await timed(async () => {
        const bare = await startBare(bench, folder);
        await askBare(bare);
        await bare.kill();
      }),
    );
  }
  return [
    figure("first answer of a cold process", "ms", times),
    figure("first answer of a cold process to that of a bare host", "times", [
      medianOf(times) / medianOf(constant),
    ]),
    ...(memory.length === 0 ? [] : [figure("memory of a cold process", "MB", memory)]),
  ];
}

async function timed(what: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await what();
  return performance.now() - startedAt;
}

function medianOf(samples: readonly number[]): number {
  return figure("", "", samples).median;
}
