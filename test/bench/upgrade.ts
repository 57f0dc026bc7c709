/**
 * One member after the other is upgraded: how soon the next one starts, and what each costs, in
 * fleets of different sizes.
 *
 * Each size has a cloud of its own, so that nothing of a large fleet hides in the figures of a
 * small one. The clouds take turns, round by round, since machines are busy.
 */
import {
  type BenchCloud,
  restingCost,
  type Spent,
  spentBetween,
  startBenchCloud,
} from "./bench-cloud.ts";
import { type BenchPart, type Figure, figure } from "./figure.ts";
import { seedGroup, seedMembers } from "./seed-members.ts";
import { watchUpgrades } from "./watch-upgrades.ts";

const sizes = [10, 100, 1_000] as const;
const [smallest, , largest] = sizes;

/** Ten minutes of Azure's pass in a second: an upgrade takes 0.7 s. */
const speed = 600;

/** Slow enough that queues are asked only every two seconds while an upgrade runs. */
const speedOfQuietRound = 60;

/** The first upgrades of a run are left out: queues are asked seldom before them. */
const warmUpStarts = 2;
const eventsPerRound = 8;

/** Each brings the clusters one patch further: "1.33.1", "1.33.2", … */
const rounds = 3;

export const upgrade: BenchPart = {
  name: "upgrade",
  leavesOut:
    "Azure itself (its events take seconds), the start of a run, relays, and the look every five minutes",
  measure,
};

interface Round {
  readonly reactionsMs: readonly number[];
  /** For all events of the round. */
  readonly spent: Spent;
}

async function measure(tell: (line: string) => void): Promise<readonly Figure[]> {
  const clouds = new Map<number, BenchCloud>();
  try {
    for (const size of sizes) {
      const cloud = await startBenchCloud({ speed });
      clouds.set(size, cloud);
      await seedMembers(cloud, size);
      tell(`a cloud with ${size} members is ready`);
    }
    return await measureClouds(clouds, tell);
  } finally {
    for (const cloud of clouds.values()) await cloud.end();
  }
}

async function measureClouds(
  clouds: ReadonlyMap<number, BenchCloud>,
  tell: (line: string) => void,
): Promise<readonly Figure[]> {
  const measured = new Map<number, Round[]>(sizes.map((size) => [size, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [size, cloud] of clouds) {
      const each = await playRound(cloud, round);
      measured.get(size)?.push(each);
      tell(`round ${round}, ${size} members: ${summary(each)}`);
    }
  }
  const resting: Figure[] = [];
  for (const [size, cloud] of clouds) {
    const perSecond = await restingCost(cloud, 5);
    resting.push(figure(`at rest, ${size} members`, "request units/s", [perSecond]));
  }
  const small = clouds.get(smallest);
  small?.cloud.arm.setSpeed(speedOfQuietRound);
  const quiet = small === undefined ? [] : (await playRound(small, rounds + 1)).reactionsMs;
  return [
    ...reactionFigures(measured),
    figure(`upgraded to next start, ${smallest} members, after quiet`, "ms", quiet),
    ...costFigures(measured, "request units per event", ({ requestUnits }) => requestUnits),
    ...costFigures(measured, "database requests per event", ({ requests }) => requests),
    ...costFigures(measured, "ARM requests per event", ({ armRequests }) => armRequests),
    ...resting,
  ];
}

async function playRound(bench: BenchCloud, round: number): Promise<Round> {
  const { cloud, spent } = bench;
  await bench.quiet();
  const watched = watchUpgrades(cloud.arm);
  try {
    await startRun(bench, round);
    await watched.started(warmUpStarts);
    const reactionsBefore = watched.reactionsMs().length;
    const before = await spent();
    await watched.started(warmUpStarts + eventsPerRound);
    const after = await spent();
    const reactionsMs = watched.reactionsMs().slice(reactionsBefore);
    await stopRun(bench, round);
    return { reactionsMs, spent: spentBetween(before, after) };
  } finally {
    watched.stop();
  }
}

const runOf = (round: number): string => `round-${round}`;

async function startRun({ fleet: { updateRuns }, endpoints }: BenchCloud, round: number) {
  const { resourceGroup, fleetName } = endpoints;
  await updateRuns.createOrUpdate(resourceGroup, fleetName, runOf(round), {
    properties: {
      strategy: { stages: [{ name: "all", groups: [{ name: seedGroup }] }] },
      managedClusterUpdate: {
        upgrade: { type: "Full", kubernetesVersion: `1.33.${round}` },
        nodeImageSelection: { type: "Latest" },
      },
    },
  });
  await updateRuns.start(resourceGroup, fleetName, runOf(round));
}

/** Resolves once the last upgrade is over as well. */
async function stopRun({ fleet: { updateRuns }, endpoints }: BenchCloud, round: number) {
  const { resourceGroup, fleetName } = endpoints;
  await updateRuns.stop(resourceGroup, fleetName, runOf(round));
}

const summary = ({ reactionsMs, spent }: Round): string => {
  const { median } = figure("", "ms", reactionsMs);
  const perEvent = (sum: number) => (sum / eventsPerRound).toFixed(1);
  const kinds = Object.entries(spent.byKind)
    .filter(([, { requests }]) => requests > 0)
    .map(([kind, { requests }]) => `${kind} ${perEvent(requests)}`);
  return (
    `next start after ${median} ms; ${perEvent(spent.requestUnits)} request units per event; ` +
    kinds.join(", ")
  );
};

function reactionFigures(measured: ReadonlyMap<number, readonly Round[]>): readonly Figure[] {
  const figures = new Map(
    [...measured].map(([size, each]) => {
      const reactionsMs = each.flatMap((round) => round.reactionsMs);
      return [size, figure(`upgraded to next start, ${size} members`, "ms", reactionsMs)];
    }),
  );
  const ratio = (figures.get(largest)?.median ?? 0) / (figures.get(smallest)?.median ?? 0);
  const name = `upgraded to next start, ${largest} members to ${smallest}`;
  return [...figures.values(), figure(name, "times", [ratio], { atMost: 1.3 })];
}

function costFigures(
  measured: ReadonlyMap<number, readonly Round[]>,
  name: string,
  costOf: (spent: Spent) => number,
): readonly Figure[] {
  const figures = new Map(
    [...measured].map(([size, each]) => {
      const costs = each.map(({ spent }) => costOf(spent) / eventsPerRound);
      return [size, figure(`${name}, ${size} members`, "", costs)];
    }),
  );
  const base = figures.get(smallest)?.median ?? 0;
  const growth = sizes.slice(1).map((size) => {
    const times = (figures.get(size)?.median ?? 0) / base;
    return figure(`${name}, ${size} members to ${smallest}`, "times", [times], { atMost: 1.1 });
  });
  return [...figures.values(), ...growth];
}
