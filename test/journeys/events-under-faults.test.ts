/** Event Grid delivers at least once, in any order, and sometimes not at all. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClusters } from "../../infra/local/create-clusters.ts";
import { sampleCluster } from "../../infra/local/sample-clusters.ts";
import {
  addressOf,
  backendsAre,
  imported,
  multiClusterService,
  serviceExport,
} from "./balancers.ts";
import { eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { joined, membersOf, nameOf } from "./members.ts";
import { apply, deployment, namespace, service } from "./objects.ts";
import { each, putRun, runIs, startRun, versionsOf } from "./update-runs.ts";
import { type UpgradesSeen, watchUpgrades } from "./upgrades-seen.ts";

let laptop: Laptop;
let upgrades: UpgradesSeen;
beforeAll(async () => {
  laptop = await startLaptop();
}, 60_000);
afterAll(endLaptops);

const names = ["aks-eastus-1", "aks-southeastasia-1", "aks-southeastasia-2", "aks-westeurope-1"];
const web = { within: "web", name: "web" };

test("every event twice and in random order: each cluster joins once", async () => {
  laptop.cloud.eventGrid.faults.set({ copies: 2, shuffleMs: 400 });
  const { fleetName } = laptop.endpoints;
  await createClusters(laptop.aks, [
    sampleCluster("eastus", 1, fleetName),
    sampleCluster("westeurope", 1, fleetName),
    sampleCluster("southeastasia", 1, fleetName),
    sampleCluster("southeastasia", 2, fleetName),
  ]);
  await joined(laptop, names);
  expect((await membersOf(laptop)).map(nameOf)).toEqual(names);
  upgrades = watchUpgrades(laptop.cloud);
}, 60_000);

test("every event twice and in random order: an export comes, goes and comes back", async () => {
  const [east = ""] = names;
  const member = laptop.member(east);
  const { within, name } = web;
  await apply(laptop.hub, [namespace(within), multiClusterService(within, name)]);
  await apply(member, [namespace(within), deployment(within, name), service(within, name)]);
  const toggled = serviceExport(within, name);
  for (let round = 0; round < 3; round++) {
    await apply(member, [toggled]);
    if (round < 2) await member.delete(toggled);
  }
  await imported(laptop, web, [east]);
  await backendsAre(laptop, web, [east]);
  expect(await addressOf(laptop, web)).not.toBe("");
}, 60_000);

test("every event twice and in random order: each cluster is upgraded once and in order", async () => {
  await putRun(laptop, "doubled", { version: "1.34.1" });
  await startRun(laptop, "doubled");
  await runIs(laptop, "doubled", { state: "Completed", limitSeconds: 60 });

  expect(await versionsOf(laptop)).toEqual(each(names, "1.34.1"));
  expect(upgrades.counts()).toEqual(each(names, 1));
  const order = upgrades.all().map(({ cluster }) => cluster);
  expect(order.slice(0, 2)).toEqual(["aks-eastus-1", "aks-westeurope-1"]);
}, 90_000);

test("no event at all: a cluster joins at the next look at what no event told", async () => {
  const { eventGrid } = laptop.cloud;
  eventGrid.faults.set({ copies: 1, shuffleMs: 0, drop: true });
  const dropped = eventGrid.stats().dropped;
  await createClusters(laptop.aks, [sampleCluster("eastus", 2, laptop.endpoints.fleetName)]);
  await eventually({
    expected: "the events of a new cluster are dropped",
    look: async () => eventGrid.stats().dropped - dropped,
    missing: (count) => (count > 1 ? undefined : `${count} dropped`),
  });
  expect((await membersOf(laptop)).map(nameOf)).toEqual(names);

  await laptop.lookAround();
  await joined(laptop, ["aks-eastus-2"]);
}, 60_000);

test("no event at all: an update run ends by the looks at what no event told", async () => {
  await putRun(laptop, "unheard", { version: "1.34.2", stages: ["test"] });
  upgrades.forget();
  await startRun(laptop, "unheard");
  for (const member of ["aks-eastus-1", "aks-eastus-2"]) {
    await eventually({
      expected: `${member} was upgraded, and nobody heard of it`,
      look: async () => upgrades.all().find(({ cluster }) => cluster === member)?.outcome,
      missing: (outcome) => (outcome === "Succeeded" ? undefined : `${outcome}`),
    });
    await laptop.clock.forward(301);
    await laptop.lookAround();
  }
  await runIs(laptop, "unheard", { state: "Completed", limitSeconds: 30 });
  expect(upgrades.counts()).toEqual({ "aks-eastus-1": 1, "aks-eastus-2": 1 });
}, 120_000);
