/** Clusters are upgraded in waves. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import { type Laptop, startLaptop } from "./laptop.ts";
import {
  allAt,
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

/** An upgrade takes some two seconds, so that those side by side are seen to be. */
const speed = 300;

let laptop: Laptop;
let upgrades: UpgradesSeen;
beforeAll(async () => {
  laptop = await startLaptop({ speed });
  await waveFleet(laptop);
  upgrades = watchUpgrades(laptop.cloud);
}, 90_000);
afterAll(async () => await laptop?.end());

const once = Object.fromEntries(everyCluster.map((name) => [name, 1]));

test("a run upgrades stage after stage, with a wait between, and each cluster once", async () => {
  await putRun(laptop, "to-1-34-1", "1.34.1");
  expect(stateOf(await getRun(laptop, "to-1-34-1"))).toBe("NotStarted");
  await startRun(laptop, "to-1-34-1");
  const run = await runIs(laptop, "to-1-34-1", { state: "Completed", limitSeconds: 70 });

  expect(await versionsOf(laptop)).toEqual(allAt("1.34.1"));
  expect(stageStates(run)).toEqual({
    test: "Completed",
    staging: "Completed",
    production: "Completed",
  });
  expect(upgrades.counts()).toEqual(once);
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
  upgrades.forget();
  const [broken = "", next = ""] = await failingIn("rg-westeurope", groups.staging);
  await putRun(laptop, "to-1-34-2", "1.34.2");
  upgrades.forget();
  await startRun(laptop, "to-1-34-2");
  const failed = await runIs(laptop, "to-1-34-2", { state: "Failed", limitSeconds: 60 });

  expect(stageStates(failed)).toEqual({
    test: "Completed",
    staging: "Failed",
    production: "NotStarted",
  });
  expect(memberStates(failed)).toMatchObject({ [broken]: "Failed", [next]: "NotStarted" });
  expect(upgrades.counts()).toEqual({ "aks-eastus-1": 1, "aks-eastus-2": 1, [broken]: 1 });

  await tag("rg-westeurope", broken, undefined);
  upgrades.forget();
  await startRun(laptop, "to-1-34-2");
  await runIs(laptop, "to-1-34-2", { state: "Completed", limitSeconds: 60 });
  expect(await versionsOf(laptop)).toEqual(allAt("1.34.2"));
  const { "aks-eastus-1": _one, "aks-eastus-2": _two, ...others } = once;
  expect(upgrades.counts(), "what was upgraded is left alone").toEqual(others);
}, 150_000);

test("a run that is stopped begins no member, and goes on when it is started again", async () => {
  await putRun(laptop, "to-1-35", "1.35.0");
  upgrades.forget();
  await startRun(laptop, "to-1-35");
  await eventually({
    expected: "the first cluster upgrades",
    look: async () => upgrades.all().length,
    missing: (begun) => (begun > 0 ? undefined : "no upgrade yet"),
  });
  await stopRun(laptop, "to-1-35");
  const stopped = await runIs(laptop, "to-1-35", { state: "Stopped", limitSeconds: 30 });

  const begun = upgrades.all().map(({ cluster }) => cluster);
  expect(begun, "only the one that was in flight").toHaveLength(1);
  expect(memberStates(stopped)[begun[0] ?? ""], "what is in flight ends").toBe("Completed");
  expect(stageStates(stopped)).toMatchObject({ test: "Stopped", staging: "NotStarted" });

  await startRun(laptop, "to-1-35");
  await runIs(laptop, "to-1-35", { state: "Completed", limitSeconds: 70 });
  expect(await versionsOf(laptop)).toEqual(allAt("1.35.0"));
  expect(upgrades.counts()).toEqual(once);
}, 120_000);

/** Makes the upgrade of the group's first member fail; returns the first and the others. */
async function failingIn(resourceGroup: string, names: readonly string[]) {
  const [first = "", ...others] = names;
  await tag(resourceGroup, first, "UpgradeFailed");
  return [first, ...others];
}

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
