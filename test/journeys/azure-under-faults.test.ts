/** Cosmos DB, Azure Resource Manager and member clusters are busy, away, or lose answers. */

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Fault } from "../../infra/local/arm/faults.ts";
import { requestKinds } from "../../infra/local/cosmos/wire.ts";
import { createClusters } from "../../infra/local/create-clusters.ts";
import { sampleClusters } from "../../infra/local/sample-clusters.ts";
import { conditionsOf } from "../../infra/local/tour/kube.ts";
import { eventuallyDespiteFaults } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { clusterId, joined, membersOf, nameOf } from "./members.ts";
import { apply, deployment, gone, namespace, read, remove } from "./objects.ts";
import { completedInTime } from "./passing-time.ts";
import { available, greeting, holds, placement } from "./placements.ts";
import { each, groups, putRun, startRun, versionsOf } from "./update-runs.ts";
import { type UpgradesSeen, watchUpgrades } from "./upgrades-seen.ts";

const four = [...groups.test, ...groups.staging];
const [east, east2, west, west2] = four as [string, string, string, string];
const atOnce = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } };
const faulty = { limitSeconds: 60, faults: true };

let laptop: Laptop;
let upgrades: UpgradesSeen;
beforeAll(async () => {
  laptop = await startLaptop();
}, 60_000);
afterEach(async () => {
  laptop.cloud.arm.faults.clear();
  await laptop.cloud.cosmos.clearFaults();
});
afterAll(endLaptops);

const text = (version: string) => greeting("faulty", version);

test("Cosmos DB is busy and loses every tenth answer: clusters join once, and content arrives", async () => {
  await troubleCosmos();
  await createClusters(laptop.aks, sampleClusters(4, laptop.endpoints.fleetName));
  await joined(laptop, four, faulty);
  await insist(async () => {
    const all = placement("faulty", { placementType: "PickAll" }, atOnce);
    await apply(laptop.hub, [namespace("faulty"), deployment("faulty", "web"), text("one"), all]);
  });
  await available(laptop, "faulty", four, faulty);
  await holds(laptop, text("one"), four, faulty);
  await insist(async () => await apply(laptop.hub, [text("two")]));
  await holds(laptop, text("two"), four, faulty);

  expect((await membersOf(laptop)).map(nameOf)).toEqual(four);
  const { throttled, dropped } = await laptop.cloud.cosmos.statistics();
  expect(Math.min(throttled, dropped), "how often each fault struck").toBeGreaterThan(20);
}, 120_000);

test("Cosmos DB is busy and loses every tenth answer: an update run upgrades each cluster once", async () => {
  upgrades = watchUpgrades(laptop.cloud);
  await troubleCosmos();
  await insist(async () => await putRun(laptop, "lossy", { version: "1.34.1", stages: ["test"] }));
  await insist(async () => await startRun(laptop, "lossy"));
  await completedInTime(laptop, "lossy", 80);

  expect(await versionsOf(laptop)).toMatchObject(each(groups.test, "1.34.1"));
  expect(upgrades.counts()).toEqual(each(groups.test, 1));
}, 120_000);

test("ARM is busy and loses an answer: an update run upgrades each cluster once", async () => {
  upgrades.forget();
  await putRun(laptop, "busy", { version: "1.34.1", stages: ["staging"] });
  for (const fault of armFaults) laptop.cloud.arm.faults.add(fault);
  await startRun(laptop, "busy");
  await completedInTime(laptop, "busy", 80);

  const left = laptop.cloud.arm.faults.list();
  expect(
    left.map(({ effect }) => effect),
    "the others struck",
  ) //
    .toEqual([armFaults.at(-1)?.effect]);
  expect(left[0]?.struck).toBeGreaterThan(0);
  expect(await versionsOf(laptop)).toMatchObject(each(groups.staging, "1.34.1"));
  expect(upgrades.counts()).toEqual(each(groups.staging, 1));
}, 120_000);

test("members that cannot be reached keep nobody from new content, and get it later", async () => {
  const { clusters } = laptop.cloud.members;
  clusters.setReachability(clusterId(laptop, east, "rg-eastus"), "refuse");
  clusters.setReachability(clusterId(laptop, west, "rg-westeurope"), "hang");
  await apply(laptop.hub, [text("three")]);
  await holdsIn([east2, west2], "three");
  await eventuallyDespiteFaults({
    expected: "the placement says that not every cluster was reached",
    look: async () => conditionsOf(await read(laptop.hub, placement("faulty"))),
    missing: (conditions) =>
      conditions["ClusterResourcePlacementWorkSynchronized"] === "True"
        ? JSON.stringify(conditions)
        : undefined,
  });

  clusters.setReachability(clusterId(laptop, east, "rg-eastus"), "up");
  clusters.setReachability(clusterId(laptop, west, "rg-westeurope"), "up");
  await holds(laptop, text("three"), four);
  await available(laptop, "faulty", four);
}, 90_000);

test("a placement that is deleted waits for a member that cannot be reached", async () => {
  const { clusters } = laptop.cloud.members;
  clusters.setReachability(clusterId(laptop, east, "rg-eastus"), "refuse");
  await remove(laptop.hub, placement("faulty"));
  await gone(laptop.member(west), namespace("faulty"));
  expect(await read(laptop.hub, placement("faulty")), "held until all is removed").toBeDefined();

  clusters.setReachability(clusterId(laptop, east, "rg-eastus"), "up");
  await gone(laptop.hub, placement("faulty"));
  await gone(laptop.member(east), namespace("faulty"));
}, 90_000);

/** Every seventh request is throttled, and each tenth is carried out and its answer lost. */
async function troubleCosmos(): Promise<void> {
  const { cosmos } = laptop.cloud;
  const kinds = requestKinds.filter((kind) => kind !== "metadata" && kind !== "query-plan");
  await cosmos.resetStatistics();
  await cosmos.addFault({
    kinds: [...kinds],
    every: 7,
    effect: { kind: "answer", status: 429, retryAfterMs: 100 },
  });
  await cosmos.addFault({
    kinds: [...kinds],
    every: 10,
    effect: { kind: "drop", moment: "after-commit" },
  });
}

const clusterType = "Microsoft.ContainerService/managedClusters";
const armFaults: readonly Fault[] = [
  {
    match: { method: "PUT", type: clusterType },
    effect: {
      kind: "answer",
      status: 409,
      code: "OperationNotAllowed",
      message: "Operation is not allowed because there's an in progress update operation",
    },
    times: 1,
  },
  { match: { method: "PUT", type: clusterType }, effect: { kind: "lose-answer" }, times: 1 },
  {
    match: { type: clusterType },
    effect: { kind: "answer", status: 429, code: "Throttled", retryAfterSeconds: 1 },
    probability: 0.3,
  },
];

/** The text in these members; others may have another. */
async function holdsIn(members: readonly string[], version: string): Promise<void> {
  const wanted = text(version).data["text"];
  await eventuallyDespiteFaults({
    expected: `${members.join(", ")} hold "${wanted}"`,
    look: async () =>
      await Promise.all(
        members.map(async (name) => {
          const seen = (await read(laptop.member(name), text(version))) as { data?: object };
          return JSON.stringify(seen.data);
        }),
      ),
    missing: (seen) =>
      seen.every((data) => data === JSON.stringify({ text: wanted })) ? undefined : seen.join(),
  });
}

/** A client tries again while the product answers that its database is busy. */
async function insist(ask: () => Promise<void>): Promise<void> {
  await eventuallyDespiteFaults({
    expected: "the product takes the request",
    look: async () => {
      await ask();
      return true;
    },
    missing: () => undefined,
  });
}
