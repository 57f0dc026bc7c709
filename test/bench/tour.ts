/**
 * How long the guided tour takes, as `npm start -- --once` plays it, and how much of a core the
 * cloud takes that the tour leaves behind while nothing happens.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { startCloud } from "../../infra/local/cloud/start-cloud.ts";
import { createClusters } from "../../infra/local/create-clusters.ts";
import { ensureFleet } from "../../infra/local/ensure-fleet.ts";
import { freePort } from "../../infra/local/free-port.ts";
import { sampleClusters } from "../../infra/local/sample-clusters.ts";
import { type TourClients, tourClients } from "../../infra/local/tour/clients.ts";
import { conditionsOf, type Seen } from "../../infra/local/tour/kube.ts";
import { waitUntil } from "../../infra/local/tour/wait-until.ts";
import { type BenchPart, type Figure, figure } from "./figure.ts";
import { processorSeconds } from "./processor-time.ts";

const projectFolder = join(import.meta.dirname, "..", "..");

/** As many as the tour ends with. */
const members = 7;

/** What follows from the members' joining is over by then. */
const secondsToRest = 15;
const secondsPerSample = 20;
const samples = 3;

export const tour: BenchPart = {
  name: "tour",
  leavesOut: "the installation of packages, and processor use where it is not Linux that counts it",
  measure: async (tell) => {
    const toured = await measureTour(tell);
    return process.platform === "linux" ? [toured, await measureRest(tell)] : [toured];
  },
};

interface LastLine {
  readonly tour: string;
  readonly seconds: number;
}

async function measureTour(tell: (line: string) => void): Promise<Figure> {
  const port = String(await freePort());
  const child = spawn("npm", ["start", "--", "--once", "--port", port], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
  const exited = once(child, "exit");
  let last = "";
  let step = "";
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^[0-9]\. /.test(line)) step = line;
    const took = /^ *done in ([0-9.]+ s)/.exec(line)?.[1];
    if (took !== undefined) tell(`${step}: ${took}`);
    if (line.startsWith("{")) last = line;
  }
  await exited;
  if (last === "") throw new Error("Cannot measure the tour: its last line must be JSON");
  const { tour: outcome, seconds } = JSON.parse(last) as LastLine;
  if (outcome !== "ok") throw new Error(`Cannot measure the tour: step "${outcome}" must happen`);
  return figure("the tour, from the start of the cloud to its end", "s", [seconds], { atMost: 90 });
}

async function measureRest(tell: (line: string) => void): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-bench-"));
  const cloud = await startCloud({ folder, stateFolder: join(folder, "state") });
  try {
    const clients = tourClients(cloud.endpoints);
    await ensureFleet(clients);
    await createClusters(clients.aks, sampleClusters(members, cloud.endpoints.fleetName));
    await joined(clients);
    tell(`a cloud with ${members} members comes to rest`);
    await delay(secondsToRest * 1000);
    const percents: number[] = [];
    for (let sample = 0; sample < samples; sample++) percents.push(await percentOfCore());
    const name = `a cloud with ${members} members that has nothing to do`;
    return figure(name, "% of a core", percents, { atMost: 3 });
  } finally {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function joined({ hub }: TourClients): Promise<void> {
  await waitUntil({
    expected: `${members} members have joined and are healthy`,
    look: async () => {
      const { items } = await hub.list<Seen>("cluster.kubernetes-fleet.io/v1", "MemberCluster");
      return items.map(conditionsOf).filter(isWell);
    },
    missing: (well) => (well.length === members ? undefined : `${well.length} have`),
    where: "logs/functions-host.log",
    limitSeconds: 120,
  });
}

const isWell = (conditions: Readonly<Record<string, string>>): boolean =>
  conditions["Joined"] === "True" && conditions["Healthy"] === "True";

/** Of this process, in which ARM, Event Grid and the members run, and of all its children. */
async function percentOfCore(): Promise<number> {
  const before = await processorSeconds(process.pid);
  const startedAt = performance.now();
  await delay(secondsPerSample * 1000);
  const seconds = (performance.now() - startedAt) / 1000;
  return (100 * ((await processorSeconds(process.pid)) - before)) / seconds;
}
