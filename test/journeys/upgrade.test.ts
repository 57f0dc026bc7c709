/** Clusters are upgraded in waves. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import {
  each,
  everyCluster,
  getRun,
  groups,
  memberStates,
  putRun,
  runIs,
  stageStates,
  startRun,
  stateOf,
  stopRun,
  versionsOf,
  waitSeconds,
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

test("a run upgrades stage after stage, with a wait between, and each cluster once", async () => {
  await putRun(laptop, "to-1-34-1", { version: "1.34.1" });
  expect(stateOf(await getRun(laptop, "to-1-34-1"))).toBe("NotStarted");
  await startRun(laptop, "to-1-34-1");
  const run = await runIs(laptop, "to-1-34-1", { state: "Completed", limitSeconds: 70 });

  expect(await versionsOf(laptop)).toEqual(each(everyCluster, "1.34.1"));
  expect(stageStates(run)).toEqual({
    test: "Completed",
    staging: "Completed",
    production: "Completed",
  });
  expect(upgrades.counts()).toEqual(each(everyCluster, 1));
  const [test, staging, production] = waves.map((wave) => spanOf(upgrades.all(), wave));
  const milliseconds = waitSeconds * 1_000;
  expect((staging?.beganAt ?? 0) - (test?.endedAt ?? 0)).toBeGreaterThanOrEqual(milliseconds);
  expect((production?.beganAt ?? 0) - (staging?.endedAt ?? 0)).toBeGreaterThanOrEqual(milliseconds);
}, 90_000);

test("the members of a group were upgraded one by one, the groups of a stage side by side", () => {
  for (const [name, [first, second]] of Object.entries(groups)) {
    const spans = [first, second].map((cluster) => spanOf(upgrades.all(), [cluster]));
    const [one, other] = spans.toSorted((a, b) => a.beganAt - b.beganAt);
    expect(other?.beganAt ?? 0, `${name}: the second begins after the first ended`) //
      .toBeGreaterThanOrEqual(one?.endedAt ?? Number.POSITIVE_INFINITY);
  }
  const [one, other] = [groups["production-1"], groups["production-2"]].map((group) =>
    spanOf(upgrades.all(), group),
  );
  expect(one?.beganAt, "production-1 begins before production-2 ends") //
    .toBeLessThan(other?.endedAt ?? 0);
  expect(other?.beganAt, "production-2 begins before production-1 ends") //
    .toBeLessThan(one?.endedAt ?? 0);
});

test("a failing upgrade halts the run, and a start goes on with what is left", async () => {
  const [broken, next] = groups.staging;
  await tag("rg-westeurope", broken, "UpgradeFailed");
  await putRun(laptop, "to-1-34-2", { version: "1.34.2", stages: ["staging", "production"] });
  upgrades.forget();
  await startRun(laptop, "to-1-34-2");
  const failed = await runIs(laptop, "to-1-34-2", { state: "Failed", limitSeconds: 30 });

  expect(stageStates(failed)).toEqual({ staging: "Failed", production: "NotStarted" });
  expect(memberStates(failed)).toMatchObject({ [broken]: "Failed", [next]: "NotStarted" });
  expect(upgrades.counts()).toEqual({ [broken]: 1 });

  await tag("rg-westeurope", broken, undefined);
  upgrades.forget();
  await startRun(laptop, "to-1-34-2");
  await runIs(laptop, "to-1-34-2", { state: "Completed", limitSeconds: 60 });
  const upgraded = everyCluster.filter((name) => !name.includes("eastus"));
  expect(await versionsOf(laptop)).toMatchObject(each(upgraded, "1.34.2"));
  expect(upgrades.counts()).toEqual(each(upgraded, 1));
}, 120_000);

test("a run that is stopped begins no member, and goes on when it is started again", async () => {
  await putRun(laptop, "stopped", { version: "1.34.2", stages: ["test", "production"] });
  upgrades.forget();
  await startRun(laptop, "stopped");
  await eventually({
    expected: "the first cluster upgrades",
    look: async () => upgrades.all().length,
    missing: (begun) => (begun > 0 ? undefined : "no upgrade yet"),
  });
  await stopRun(laptop, "stopped");
  const stopped = await runIs(laptop, "stopped", { state: "Stopped", limitSeconds: 30 });

  const begun = upgrades.all().map(({ cluster }) => cluster);
  expect(begun, "only the one that was in flight").toHaveLength(1);
  expect(memberStates(stopped)[begun[0] ?? ""], "what is in flight ends").toBe("Completed");
  expect(stageStates(stopped)).toEqual({ test: "Stopped", production: "NotStarted" });

  await startRun(laptop, "stopped");
  const run = await runIs(laptop, "stopped", { state: "Completed", limitSeconds: 40 });
  expect(upgrades.counts()).toEqual(each(groups.test, 1));
  expect(stageStates(run), "production is at the version already").toEqual({
    test: "Completed",
    production: "Skipped",
  });
}, 90_000);

/** The simulated ARM fails upgrades of clusters that have this tag. */
async function tag(resourceGroup: string, name: string, code: string | undefined) {
  const { managedClusters } = laptop.aks;
  const { tags = {} } = await managedClusters.get(resourceGroup, name);
  const { "local-fail-upgrade": _, ...others } = tags;
  await managedClusters.updateTags(
    resourceGroup,
    name,
    { tags: code === undefined ? others : { ...others, "local-fail-upgrade": code } },
    { updateIntervalInMs: 200 },
  );
}
