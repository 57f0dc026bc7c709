import { expect, test } from "vitest";
import { clusterIdOf } from "../../shared/fleet/model.ts";
import { clusterArmId } from "../builders.ts";
import {
  ask,
  createRun,
  finishUpgrade,
  progressOf,
  settle,
  tellOf,
  updateWorld,
} from "./update-world.ts";

/** What it takes from the event that one upgrade ended to the request that starts the next. */
async function costOfOneUpgrade(members: number) {
  const world = updateWorld();
  const names = Array.from({ length: members }, (_, index) => ({
    name: `m-${String(index).padStart(4, "0")}`,
  }));
  await createRun(world, names, {});
  await ask(world, "Started");
  await settle(world);
  const cluster = world.clusters.get(clusterIdOf(clusterArmId("m-0000")));
  if (cluster === undefined) throw new Error("no cluster");
  const before = { ...world.cost };
  finishUpgrade(cluster);
  await tellOf(world, cluster);
  await settle(world);
  expect(world.starts).toEqual(["m-0000", "m-0001"]);
  return Object.fromEntries(
    Object.entries(world.cost).map(([name, now]) => [
      name,
      now - before[name as keyof typeof before],
    ]),
  );
}

test("one finished upgrade costs the same in a fleet of 10 and of 1,000", async () => {
  const small = await costOfOneUpgrade(10);
  const large = await costOfOneUpgrade(1_000);
  expect(large).toEqual(small);
  expect(large).toMatchObject({ start: 1, listed: 0 });
  expect(large["see"]).toBeLessThanOrEqual(4);
  expect(large["read"]).toBeLessThanOrEqual(24);
  expect(large["written"]).toBeLessThanOrEqual(6);
});

test("a run over 1,000 members is filled in, in order and without a gap", async () => {
  const world = updateWorld();
  const names = Array.from({ length: 1_000 }, (_, index) => ({
    name: `m-${String(index).padStart(4, "0")}`,
  }));
  await createRun(world, names, {});
  await settle(world);
  const progress = await progressOf(world);
  expect(progress.map(({ member }) => member)).toEqual(names.map(({ name }) => name));
  expect(progress.map(({ ordinal }) => ordinal)).toEqual(names.map((_, index) => index));
});
