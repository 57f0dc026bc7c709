/** The Functions host is killed again and again while it works, as a crash would end it. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FaultEffect } from "../../infra/local/arm/faults.ts";
import { eventuallyDespiteFaults } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { clusterId } from "./members.ts";
import { apply, deployment, namespace } from "./objects.ts";
import { completedInTime, passingWhenQuiet } from "./passing-time.ts";
import { available, greeting, holds, placement, textsIn } from "./placements.ts";
import {
  each,
  everyCluster,
  groups,
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

/** ARM answers for one cluster late, and never hears of the other at first. */
const [heldCluster] = groups.staging;
const [, lostCluster] = groups["production-2"];

/**
 * When the host is killed, in the order in which a run comes by; a rollout to `content ${round}`
 * goes on beside it. None depends on how fast the run is: what is past by then, was met.
 */
const moments: readonly (readonly [name: string, come: (round: number) => Promise<unknown>])[] = [
  ["just after it started", async () => await delay(50)],
  ["as ARM begins an upgrade, whose answer is lost", async () => await upgraded("beganAt", 1)],
  ["as an upgrade ends", async () => await upgraded("endedAt", 1)],
  ["while ARM holds its request", async () => await requestHits(heldCluster)],
  ["in the midst of it", async () => await delay(700)],
  ["as a member took new content", async (round) => await firstHas(round)],
  ["while it waits for what it began", async () => await delay(1_500)],
  ["as the last upgrade of a stage ends", async () => await upgraded("endedAt", 4)],
  ["shortly after it started", async () => await delay(300)],
  // Nobody hears of this one again before the look at what no event told.
  ["as its request to ARM is lost", async () => await requestHits(lostCluster)],
];

test("killed at ten moments of an update run and a rollout, it loses and repeats nothing", async () => {
  const all = placement("crashed", { placementType: "PickAll" }, oneByOne);
  await apply(laptop.hub, [namespace("crashed"), deployment("crashed", "web"), text(0), all]);
  await available(laptop, "crashed", everyCluster);
  await putRun(laptop, "crashed", { version: "1.34.1" });
  strike(heldCluster, "rg-westeurope", { kind: "delay", delayMilliseconds: 1_500 });
  strike(lostCluster, "rg-southeastasia", { kind: "lose-request" });
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
}, 400_000);

/** The next request to begin an upgrade of the cluster meets this. */
function strike(cluster: string, resourceGroup: string, effect: FaultEffect): void {
  const id = clusterId(laptop, cluster, resourceGroup);
  laptop.cloud.arm.faults.add({ match: { method: "PUT", id }, effect, times: 1 });
}

/** So many upgrades began, or ended. */
async function upgraded(moment: "beganAt" | "endedAt", count: number): Promise<void> {
  const seen = () => upgrades.all().filter((upgrade) => upgrade[moment] !== undefined).length;
  await inTime(`${count} upgrades have ${moment}`, () => seen() >= count);
}

/** A request to begin an upgrade of this cluster met its fault. */
async function requestHits(cluster: string): Promise<void> {
  const armed = () => laptop.cloud.arm.faults.list().map(({ match }) => match.id ?? "");
  await inTime(`ARM was asked for ${cluster}`, () => !armed().some((id) => id.endsWith(cluster)));
}

async function firstHas(round: number): Promise<void> {
  const wanted = text(round).data["text"];
  await eventuallyDespiteFaults({
    expected: `a member has ${wanted}`,
    look: async () => Object.values(await textsIn(laptop, text(round))),
    missing: (texts) => (texts.includes(wanted ?? "") ? undefined : texts.join()),
    limitSeconds: 60,
  });
}

/** Looks often, so that the moment is met; what a crash left for the next look is looked at. */
async function inTime(expected: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 90_000;
  const letTimePass = passingWhenQuiet(laptop);
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Expected within 90 s: ${expected}`);
    await delay(2);
    await letTimePass(JSON.stringify(upgrades.all()));
  }
}
