/**
 * One member after the other is upgraded: how soon the next one starts, and what each costs, in
 * fleets of different sizes.
 *
 * Each size has a cloud of its own, so that nothing of a large fleet hides in the figures of a
 * small one. The clouds take turns, round by round, since machines are busy.
 */

import { defaultDurations } from "../../infra/local/arm/upgrade.ts";
import { type BenchCloud, type Spent, spentBetween, startBenchCloud } from "./bench-cloud.ts";
import { type BenchPart, type Figure, figure } from "./figure.ts";
import { growthFigures } from "./growth-figures.ts";
import { seedGroup, seedMembers } from "./seed-members.ts";
import { watchUpgrades } from "./watch-upgrades.ts";

const sizes = [10, 100, 1_000] as const;
const [smallest] = sizes;

/** What an upgrade of a cluster with one node takes: its control plane, then the node. */
const upgradeSeconds = defaultDurations.controlPlaneSeconds + defaultDurations.nodeSeconds;

/**
 * The upgrades of a round end at moments that are spread evenly over the second between two looks
 * at the change feed: otherwise each would wait equally long for the next look, by chance.
 */
const secondsOfUpgrades = Array.from({ length: 8 }, (_, index) => 0.4 + index / 8);

/** Slow enough that a queue is asked every two seconds, at any moment between two looks at it. */
const secondsOfSlowUpgrades = Array.from({ length: 8 }, (_, index) => 11 + index / 4);

/** The first upgrades of a run are left out: its group may be looked at again for other reasons. */
const warmUpStarts = 2;
const eventsPerRound = secondsOfUpgrades.length;

/** Each brings the clusters one patch further: "1.32.1", "1.32.2", … */
const rounds = 4;

/** Queues are asked often, so that the figures tell what the product takes. */
const environment = {
  AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:00:00.100",
};

export const upgrade: BenchPart = {
  name: "upgrade",
  leavesOut:
    "Azure itself (its events take seconds), the start of a run, relays, " +
    "and the look every five minutes",
  measure: async (tell) => [...(await measureSizes(tell)), await measureSlow(tell)],
};

interface Round {
  readonly reactionsMs: readonly number[];
  /** For all events of the round. */
  readonly spent: Spent;
}

async function measureSizes(tell: (line: string) => void): Promise<readonly Figure[]> {
  const clouds = new Map<number, BenchCloud>();
  try {
    for (const size of sizes) {
      const cloud = await startBenchCloud({ environment });
      clouds.set(size, cloud);
      await seedMembers(cloud, size);
      tell(`a cloud with ${size} members is ready`);
    }
    const measured = new Map<number, Round[]>(sizes.map((size) => [size, []]));
    for (let round = 1; round <= rounds; round++) {
      for (const [size, cloud] of clouds) {
        const each = await playRound(cloud, round, secondsOfUpgrades);
        measured.get(size)?.push(each);
        tell(`round ${round}, ${size} members: ${summary(each)}`);
      }
    }
    const resting: Figure[] = [];
    for (const [size, cloud] of clouds) {
      resting.push(figure(`at rest, ${size} members`, "request units/s", await cloud.atRest()));
    }
    return [...reactionFigures(measured), ...costFigures(measured), ...resting];
  } finally {
    for (const cloud of clouds.values()) await cloud.end();
  }
}

/** With the queues as in Azure, where upgrades take long, so that all is idle when one ends. */
async function measureSlow(tell: (line: string) => void): Promise<Figure> {
  const cloud = await startBenchCloud({});
  try {
    await seedMembers(cloud, smallest);
    const round = await playRound(cloud, 1, secondsOfSlowUpgrades);
    tell(`slow upgrades, ${smallest} members: ${summary(round)}`);
    const name = "upgraded to next start, queues and change feed as in Azure";
    return figure(name, "ms", round.reactionsMs);
  } finally {
    await cloud.end();
  }
}

async function playRound(
  bench: BenchCloud,
  round: number,
  secondsEach: readonly number[],
): Promise<Round> {
  const { arm } = bench.cloud;
  await bench.quiet();
  const watched = watchUpgrades(arm, (start) => {
    arm.setSpeed(upgradeSeconds / (secondsEach[start % secondsEach.length] ?? 1));
  });
  try {
    await startRun(bench, round);
    await watched.started(warmUpStarts);
    const reactionsBefore = watched.reactionsMs().length;
    const before = await bench.spent();
    await watched.started(warmUpStarts + eventsPerRound);
    const after = await bench.spent();
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
        upgrade: { type: "Full", kubernetesVersion: `1.32.${round}` },
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
  return growthFigures({
    name: "upgraded to next start",
    unit: "ms",
    samplesBySize: samplesOf(measured, ({ reactionsMs }) => reactionsMs),
    timesMax: 1.3,
  });
}

interface Cost {
  readonly name: string;
  readonly unit: string;
  readonly costOf: (spent: Spent) => number;
}

const costs: readonly Cost[] = [
  { name: "cost", unit: "request units/event", costOf: ({ requestUnits }) => requestUnits },
  { name: "database", unit: "requests/event", costOf: ({ requests }) => requests },
  { name: "ARM", unit: "requests/event", costOf: ({ armRequests }) => armRequests },
];

function costFigures(measured: ReadonlyMap<number, readonly Round[]>): readonly Figure[] {
  return costs.flatMap(({ name, unit, costOf }) =>
    growthFigures({
      name: `an upgrade: ${name}`,
      unit,
      samplesBySize: samplesOf(measured, ({ spent }) => [costOf(spent) / eventsPerRound]),
      timesMax: 1.1,
    }),
  );
}

function samplesOf(
  measured: ReadonlyMap<number, readonly Round[]>,
  samplesOfRound: (round: Round) => readonly number[],
): ReadonlyMap<number, readonly number[]> {
  return new Map([...measured].map(([size, each]) => [size, each.flatMap(samplesOfRound)]));
}
