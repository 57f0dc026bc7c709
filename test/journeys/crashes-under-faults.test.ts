/** The Functions host is killed again and again while it works, as a crash would end it. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { apply, deployment, namespace } from "./objects.ts";
import { completedInTime } from "./passing-time.ts";
import { available, greeting, holds, placement, textsIn } from "./placements.ts";
import {
  each,
  everyCluster,
  putRun,
  stageStates,
  startRun,
  versionsOf,
  waveFleet,
  waves,
} from "./update-runs.ts";
import { spanOf, type UpgradesSeen, watchUpgrades } from "./upgrades-seen.ts";

let laptop: Laptop;
let upgrades: UpgradesSeen;
beforeAll(async () => {
  laptop = await startLaptop();
  await waveFleet(laptop);
  upgrades = watchUpgrades(laptop.cloud);
}, 90_000);
afterAll(endLaptops);

const text = (round: number) => greeting("crashed", `content ${round}`);
const oneByOne = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } };

/** When the host is killed; each resolves at its moment of a rollout to `content ${round}`. */
const moments: readonly (readonly [name: string, come: (round: number) => Promise<unknown>])[] = [
  ["just after it started", async () => await delay(50)],
  ["as ARM begins an upgrade, whose answer is lost", async () => await oneMore("beganAt")],
  ["as an upgrade ends", async () => await oneMore("endedAt")],
  ["while ARM holds its request", async () => await requestHits("held")],
  ["in the midst of it", async () => await delay(700)],
  ["as a member took new content", async (round) => await firstHas(round)],
  ["while it waits for what it began", async () => await delay(1_500)],
  ["as a second upgrade ends", async () => await oneMore("endedAt")],
  ["shortly after it started", async () => await delay(300)],
  // Nobody hears of this one again before the look at what no event told.
  ["as its request to ARM is lost", async () => await requestHits("lost")],
];

test("killed at ten moments of an update run and a rollout, it loses and repeats nothing", async () => {
  const all = placement("crashed", { placementType: "PickAll" }, oneByOne);
  await apply(laptop.hub, [namespace("crashed"), deployment("crashed", "web"), text(0), all]);
  await available(laptop, "crashed", everyCluster);
  await putRun(laptop, "crashed", { version: "1.34.1" });
  await startRun(laptop, "crashed");

  for (const [round, [, come]] of moments.entries()) {
    await apply(laptop.hub, [text(round + 1)]);
    await come(round + 1);
    await laptop.cloud.crashHost();
  }
  const run = await completedInTime(laptop, "crashed", 100);

  expect(stageStates(run)).toEqual({
    test: "Completed",
    staging: "Completed",
    production: "Completed",
  });
  expect(await versionsOf(laptop)).toEqual(each(everyCluster, "1.34.1"));
  expect(upgrades.counts(), "accepted upgrades").toEqual(each(everyCluster, 1));
  const [testing, staging, production] = waves.map((wave) => spanOf(upgrades.all(), wave));
  expect(staging?.beganAt).toBeGreaterThan(testing?.endedAt ?? Number.POSITIVE_INFINITY);
  expect(production?.beganAt).toBeGreaterThan(staging?.endedAt ?? Number.POSITIVE_INFINITY);

  await holds(laptop, text(moments.length), everyCluster, { limitSeconds: 60 });
  await available(laptop, "crashed", everyCluster);
}, 240_000);

/** One more upgrade began, or ended, than now. */
async function oneMore(moment: "beganAt" | "endedAt"): Promise<void> {
  const count = () => upgrades.all().filter((upgrade) => upgrade[moment] !== undefined).length;
  const before = count();
  await soon(`an upgrade of the run ${moment}`, () => count() > before);
}

/** A request to begin an upgrade hangs for a while and is then carried out, or never arrives. */
async function requestHits(fault: "held" | "lost"): Promise<void> {
  const { faults } = laptop.cloud.arm;
  const match = { method: "PUT", type: "Microsoft.ContainerService/managedClusters" };
  const before = faults.list().length;
  faults.add({
    match,
    effect:
      fault === "held" ? { kind: "delay", delayMilliseconds: 1_500 } : { kind: "lose-request" },
    times: 1,
  });
  await soon(`a request to ARM is ${fault}`, () => faults.list().length === before);
}

async function firstHas(round: number): Promise<void> {
  const wanted = text(round).data["text"];
  await eventually({
    expected: `a member has ${wanted}`,
    look: async () => Object.values(await textsIn(laptop, text(round))),
    missing: (texts) => (texts.includes(wanted ?? "") ? undefined : texts.join()),
  });
}

/** Looks often, so that the moment is met. */
async function soon(expected: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Expected within 60 s: ${expected}`);
    await delay(2);
  }
}
