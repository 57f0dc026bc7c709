/** What becomes of single members, told as stories around the real controllers. */
import { expect, test } from "vitest";
import { type ClusterSeen, clusterIdOf, memberKind } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import { plusSeconds } from "../../shared/lib/instant.ts";
import { secondsToBegin } from "../../shared/updates/decide-member.ts";
import { type MemberState, memberProgressKind } from "../../shared/updates/model.ts";
import { clusterArmId, clusterSeen, fleetId, noon } from "../builders.ts";
import {
  ask,
  type Cluster,
  createRun,
  deliver,
  finishUpgrade,
  groupsOf,
  type MemberShape,
  pass,
  progressOf,
  readRun,
  settle,
  target,
  tellOf,
  updateWorld,
  type World,
} from "./update-world.ts";

async function startedRun(
  members: readonly MemberShape[],
  more: Parameters<typeof createRun>[2] = {},
): Promise<World> {
  const world = updateWorld();
  await createRun(world, members, more);
  await ask(world, "Started");
  await settle(world);
  return world;
}

function clusterOf(world: World, name: string): Cluster {
  const cluster = world.clusters.get(clusterIdOf(clusterArmId(name)));
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  return cluster;
}

async function stateOf(world: World, name: string): Promise<MemberState> {
  const progress = (await progressOf(world)).find(({ member }) => member === name);
  if (progress === undefined) throw new Error(`${name} is not in the run`);
  return progress.state;
}

const runState = async (world: World) => (await readRun(world)).body.status.state;

async function finish(world: World, name: string): Promise<void> {
  const cluster = clusterOf(world, name);
  finishUpgrade(cluster);
  await tellOf(world, cluster);
  await settle(world);
}

const atTarget: Partial<ClusterSeen> = {
  kubernetesVersion: target,
  wantedVersion: target,
  pools: clusterSeen("x").pools.map((pool) => ({ ...pool, kubernetesVersion: target })),
};

test.each<[string, Partial<ClusterSeen>, string]>([
  ["is at the target", atTarget, "its cluster is at or ahead of the target already"],
  [
    "is ahead of the target",
    {
      ...atTarget,
      kubernetesVersion: "1.35.0",
      wantedVersion: "1.35.0",
      pools: clusterSeen("x").pools.map((pool) => ({ ...pool, kubernetesVersion: "1.35.0" })),
    },
    "its cluster is at or ahead of the target already",
  ],
  ["is stopped", { powerState: "Stopped" }, "its cluster is stopped"],
])("a member whose cluster %s is skipped, and the next begins", async (_, seen, reason) => {
  const world = await startedRun([{ name: "a", seen }, { name: "b" }]);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "skipped", reason });
  expect(world.starts).toEqual(["b"]);
  await finish(world, "b");
  expect(await runState(world)).toBe("Completed");
});

test("a run whose members are all at the target is skipped, and waits for nothing", async () => {
  const stages = [{ name: "one", groups: [{ name: "g" }], afterStageWaitInSeconds: 3600 }];
  const world = await startedRun([{ name: "a", group: "g", seen: atTarget }], {
    strategy: { stages },
  });
  expect(await runState(world)).toBe("Skipped");
  expect(world.starts).toEqual([]);
});

test("a member that left the fleet is skipped", async () => {
  const world = updateWorld();
  await createRun(world, [{ name: "a" }, { name: "b" }], {});
  await settle(world);
  const document = await world.effects.store.read(keyOf(memberKind, fleetId, "a"));
  if (document === undefined) throw new Error("no member");
  await world.effects.store.commit({ fleet: fleetId, writes: [{ kind: "delete", document }] });
  await ask(world, "Started");
  await settle(world);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "skipped", reason: "it left the fleet" });
  expect(world.starts).toEqual(["b"]);
});

test("a cluster that is gone fails its member and halts the run", async () => {
  const world = updateWorld();
  await createRun(world, [{ name: "a" }, { name: "b" }], {});
  world.clusters.delete(clusterIdOf(clusterArmId("a")));
  await ask(world, "Started");
  await settle(world);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "failed" });
  expect(await runState(world)).toBe("Failed");
  expect(world.starts).toEqual([]);
});

test("a cluster that somebody else is changing is waited for, then upgraded", async () => {
  const world = await startedRun([{ name: "a", seen: { provisioningState: "Scaling" } }]);
  expect(world.starts).toEqual([]);
  expect(await stateOf(world, "a")).toMatchObject({
    kind: "upgrading",
    begun: false,
    message: "waits for its cluster: Cluster is Scaling",
  });
  const cluster = clusterOf(world, "a");
  cluster.seen = { ...cluster.seen, provisioningState: "Succeeded", etag: '"9"' };
  await tellOf(world, cluster);
  await settle(world);
  expect(world.starts).toEqual(["a"]);
  await finish(world, "a");
  expect(await runState(world)).toBe("Completed");
});

test("a stop gives back a member that only waits for its busy cluster", async () => {
  const world = await startedRun([{ name: "a", seen: { provisioningState: "Scaling" } }]);
  await ask(world, "Stopped");
  await settle(world);
  expect(await runState(world)).toBe("Stopping");
  await pass(world, 300);
  await settle(world);
  expect(await runState(world)).toBe("Stopped");
  expect(await stateOf(world, "a")).toEqual({ kind: "waiting" });
  clusterOf(world, "a").seen = clusterSeen("a", { etag: '"9"' });
  await ask(world, "Started");
  await settle(world);
  expect(world.starts).toEqual(["a"]);
});

test("a stop gives back a member whose start was lost, once it is sure to be lost", async () => {
  const world = await startedRun([{ name: "a", fate: ["lost"] }]);
  await ask(world, "Stopped");
  await settle(world);
  expect(await runState(world)).toBe("Stopping");
  await pass(world, 30);
  await settle(world);
  expect(await runState(world)).toBe("Stopped");
  expect(await stateOf(world, "a")).toEqual({ kind: "waiting" });
  expect(world.starts).toEqual(["a"]);
});

test("no member begins when the run is stopped while its group looks at a cluster", async () => {
  const world = updateWorld();
  await createRun(world, [{ name: "a" }], {});
  await settle(world);
  const { see } = world.effects.clusters;
  let stops = 0;
  Object.assign(world.effects.clusters, {
    see: async (id: Parameters<typeof see>[0]) => {
      if (stops++ === 0) await ask(world, "Stopped");
      return await see(id);
    },
  });
  await ask(world, "Started");
  await settle(world);
  expect(stops).toBeGreaterThan(0);
  expect(await runState(world)).toBe("Stopped");
  expect(world.starts).toEqual([]);
});

test("a wake for a member whose turn has not come asks ARM nothing", async () => {
  const world = await startedRun([{ name: "a" }, { name: "b" }]);
  const waiting = (await world.effects.store.find(memberProgressKind)).at(-1);
  if (waiting === undefined) throw new Error("no progress");
  const before = world.cost.see;
  await deliver(world, { key: waiting.key });
  expect(waiting.body.state.kind).toBe("waiting");
  expect(world.cost.see).toBe(before);
});

test("somebody else's upgrade to the target counts, and nothing is started", async () => {
  const world = await startedRun([
    { name: "a", seen: { provisioningState: "Upgrading", wantedVersion: target } },
  ]);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "upgrading", begun: true });
  await finish(world, "a");
  expect(await runState(world)).toBe("Completed");
  expect(world.starts).toEqual([]);
});

test("what AKS refuses fails at once, with AKS's reason, and is not asked for again", async () => {
  const world = await startedRun([{ name: "a", fate: ["refused"] }, { name: "b" }]);
  expect(await stateOf(world, "a")).toMatchObject({
    kind: "failed",
    reason: "version is not allowed",
  });
  expect(await runState(world)).toBe("Failed");
  expect(world.starts).toEqual(["a"]);
});

test.each(["busy", "lost"] as const)(
  "a start that is %s is asked for again when its time is up, without a look around",
  async (fate) => {
    const world = await startedRun([{ name: "a", fate: [fate] }]);
    expect(world.starts).toEqual(["a"]);
    world.now = plusSeconds(world.now, secondsToBegin);
    await settle(world);
    expect(world.starts).toEqual(["a", "a"]);
  },
);

test("a start that is lost for good is asked for ten times, then fails", async () => {
  const world = updateWorld();
  await createRun(world, [{ name: "a", fate: Array.from({ length: 50 }, () => "lost") }], {});
  await ask(world, "Started");
  const startsAt: number[] = [];
  for (let minute = 0; minute < 200; minute++) {
    const before = world.starts.length;
    await settle(world);
    if (world.starts.length > before) startsAt.push(minute);
    await pass(world, 60);
  }
  expect(world.starts).toHaveLength(10);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "failed" });
  expect(await runState(world)).toBe("Failed");
  expect(startsAt.at(-1)).toBeGreaterThan(40);
});

test("an upgrade that no event told of is found by a later look", async () => {
  const world = await startedRun([{ name: "a" }, { name: "b" }]);
  finishUpgrade(clusterOf(world, "a"));
  await settle(world);
  expect(world.starts).toEqual(["a"]);
  await pass(world, 301);
  await settle(world);
  expect(world.starts).toEqual(["a", "b"]);
});

test("a failure halts other groups too; a new start upgrades only what is left", async () => {
  const strategy = {
    stages: [
      { name: "one", groups: [{ name: "x" }, { name: "y" }] },
      { name: "two", groups: [{ name: "z" }] },
    ],
  };
  const world = await startedRun(
    [
      { name: "x1", group: "x", fate: ["fails"] },
      { name: "x2", group: "x" },
      { name: "y1", group: "y" },
      { name: "y2", group: "y" },
      { name: "z1", group: "z" },
    ],
    { strategy },
  );
  expect(world.starts.toSorted()).toEqual(["x1", "y1"]);
  await finish(world, "x1");
  expect(await runState(world)).toBe("Stopping");
  expect(await stateOf(world, "x1")).toMatchObject({ kind: "failed", reason: "PodDrainFailure" });
  await finish(world, "y1");
  expect(await runState(world)).toBe("Failed");
  expect((await groupsOf(world)).map(({ state }) => state)).toEqual([
    "Failed",
    "Stopped",
    "NotStarted",
  ]);
  expect(world.starts).toHaveLength(2);

  await ask(world, "Started");
  await settle(world);
  for (const name of ["x1", "y2", "x2", "z1"]) await finish(world, name);
  expect(await runState(world)).toBe("Completed");
  expect(world.starts.toSorted()).toEqual(["x1", "x1", "x2", "y1", "y2", "z1"]);
  expect(world.violations).toEqual([]);
});

test("a stage waits after its last member; a stop meanwhile does not lengthen it", async () => {
  const strategy = {
    stages: [
      { name: "one", groups: [{ name: "x" }], afterStageWaitInSeconds: 600 },
      { name: "two", groups: [{ name: "y" }] },
    ],
  };
  const members = [
    { name: "x1", group: "x" },
    { name: "y1", group: "y" },
  ];
  const world = await startedRun(members, { strategy });
  await finish(world, "x1");
  await pass(world, 300);
  await ask(world, "Stopped");
  await settle(world);
  expect(await runState(world)).toBe("Stopped");
  await ask(world, "Started");
  await settle(world);
  const [one] = (await readRun(world)).body.status.stages;
  expect([one?.startedAt, one?.state]).toEqual([noon, "Running"]);
  await pass(world, 299);
  await settle(world);
  expect(world.starts).toEqual(["x1"]);
  await pass(world, 1);
  await settle(world);
  expect(world.starts).toEqual(["x1", "y1"]);
});

test("node images are asked for once, and are done when the cluster rests again", async () => {
  const world = await startedRun([{ name: "a" }], { upgrade: { type: "NodeImageOnly" } });
  expect(world.starts).toEqual(["a"]);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "upgrading", begun: true });
  await finish(world, "a");
  expect(await runState(world)).toBe("Completed");
  expect(world.starts).toEqual(["a"]);
});

test("an upgrade of control planes does not wait for pools", async () => {
  const world = await startedRun([{ name: "a" }], {
    upgrade: { type: "ControlPlaneOnly", kubernetesVersion: target },
  });
  const cluster = clusterOf(world, "a");
  const rest = { provisioningState: "Succeeded", kubernetesVersion: target, etag: '"9"' };
  cluster.seen = { ...cluster.seen, ...rest };
  await tellOf(world, cluster);
  await settle(world);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "upgraded" });
});

test("a cluster that is stopped during its upgrade fails its member", async () => {
  const world = await startedRun([{ name: "a" }]);
  const cluster = clusterOf(world, "a");
  cluster.seen = { ...cluster.seen, provisioningState: "Succeeded", powerState: "Stopped" };
  await tellOf(world, cluster);
  await settle(world);
  expect(await stateOf(world, "a")).toMatchObject({ kind: "failed" });
});

test("an event about a cluster finds its member only while the upgrade is in flight", async () => {
  const world = await startedRun([{ name: "a" }, { name: "b" }]);
  const looksFor = async (name: string) => {
    const keys = await world.effects.store.referring(`cluster:${clusterIdOf(clusterArmId(name))}`);
    return keys.filter(({ kind }) => kind.includes("updaterunmembers")).length;
  };
  expect([await looksFor("a"), await looksFor("b")]).toEqual([1, 0]);
  await finish(world, "a");
  expect([await looksFor("a"), await looksFor("b")]).toEqual([0, 1]);
});

test("a target without a patch is reached by any patch of it", async () => {
  const world = await startedRun([{ name: "a", seen: atTarget }, { name: "b" }], {
    upgrade: { type: "Full", kubernetesVersion: "1.34" },
  });
  expect(await stateOf(world, "a")).toMatchObject({ kind: "skipped" });
  expect(world.starts).toEqual(["b"]);
});
