/** What looks at a healthy member cost, through the real controller, engine and store. */
import { expect, test } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Wake } from "../../shared/effects/wakes.ts";
import { memberController } from "../../shared/fleet/controller.ts";
import {
  type ClusterSeen,
  type HealthSeen,
  memberKind,
  type UsageSeen,
} from "../../shared/fleet/model.ts";
import { newMember } from "../../shared/fleet/new-member.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import { type Instant, kubeTime, plusSeconds } from "../../shared/lib/instant.ts";
import { reconcile } from "../../shared/reconcile/reconcile.ts";
import { clusterArmId, clusterSeen, fleetId, noon, systemData } from "../builders.ts";
import { usageSeen, usageUnreachable } from "./usage-seen.ts";

async function oneMember() {
  const world = {
    now: noon as Instant,
    cluster: clusterSeen("aks-1"),
    health: { kind: "healthy", kubernetesVersion: "1.33.1" } as HealthSeen,
    usage: (() => usageSeen()) as () => UsageSeen,
    asked: 0,
    written: 0,
    wakes: [] as Wake[],
  };
  const store = memoryStore({ clock: { now: () => world.now } });
  const effects = {
    store,
    clusters: { see: async () => world.cluster },
    members: {
      health: async () => world.health,
      usage: async () => {
        world.asked++;
        return world.usage();
      },
    },
    wakes: { wake: async (some: readonly Wake[]) => void world.wakes.push(...some) },
    clock: { now: () => world.now },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  } as unknown as Effects;
  const clusterResourceId = clusterArmId("aks-1");
  const fresh = newMember({
    fleet: fleetId,
    name: "aks-1",
    clusterResourceId,
    joinedBy: "api",
    systemData,
  });
  await store.commit({ fleet: fleetId, writes: [{ kind: "create", ...fresh }] });
  store.onCommit(({ documents }) => {
    world.written += documents.length;
  });
  const look = async () =>
    await reconcile({ key: fresh.key }, new Map([[memberKind, memberController]]), effects);
  return Object.assign(world, {
    look,
    read: async () => (await store.read(fresh.key))?.body,
    /** Looks every so many seconds, for so long. */
    looks: async (everySeconds: number, seconds: number) => {
      for (let passed = 0; passed < seconds; passed += everySeconds) {
        world.now = plusSeconds(world.now, everySeconds);
        await look();
      }
    },
  });
}

test("a member that is looked at each five minutes is asked, and written, once an hour", async () => {
  const world = await oneMember();
  await world.look();
  expect(world.asked).toBe(1);
  Object.assign(world, { asked: 0, written: 0 });
  await world.looks(300, 24 * 3_600);
  expect(world.asked).toBe(24);
  expect(world.written).toBe(24);
});

test("a member that nothing else looks at asks to be looked at once an hour", async () => {
  const world = await oneMember();
  await world.look();
  expect(world.wakes.map(({ at }) => at)).toEqual([plusSeconds(noon, 3_600)]);
  for (let hour = 1; hour <= 5; hour++) {
    world.now = world.wakes.at(-1)?.at ?? noon;
    await world.look();
  }
  expect(world.asked).toBe(6);
  expect(world.wakes).toHaveLength(6);
  expect((await world.read())?.status.resourceUsage?.observationTime).toBe(
    kubeTime(plusSeconds(noon, 5 * 3_600)),
  );
});

test("an upgrade asks for nothing, however often it is looked at", async () => {
  const world = await oneMember();
  await world.look();
  world.asked = 0;
  const upgrading = (nodeCount: number): ClusterSeen => ({
    ...world.cluster,
    provisioningState: "Upgrading",
    pools: world.cluster.pools.map((pool) => ({ ...pool, nodeCount })),
  });
  for (const nodeCount of [3, 4, 3, 4, 3]) {
    world.cluster = upgrading(nodeCount);
    await world.looks(10, 600);
  }
  world.cluster = { ...upgrading(3), provisioningState: "Succeeded" };
  await world.looks(60, 500);
  expect(world.asked).toBe(0);
});

test("a node more is asked about once", async () => {
  const world = await oneMember();
  await world.look();
  world.usage = () => usageSeen(4);
  const [pool] = world.cluster.pools;
  world.cluster = { ...world.cluster, pools: pool ? [{ ...pool, nodeCount: 4 }] : [] };
  await world.looks(60, 3_000);
  expect(world.asked).toBe(2);
  const { properties } = (await world.read())?.status ?? {};
  expect(properties?.["kubernetes-fleet.io/node-count"]?.value).toBe("4");
});

test("a cluster whose nodes never are as many as ARM tells is asked once an hour", async () => {
  const world = await oneMember();
  world.usage = () => usageSeen(2);
  await world.look();
  await world.looks(300, 2 * 3_600);
  expect(world.asked).toBe(3);
});

test("a member that tells nothing is asked about once an hour in the end", async () => {
  const world = await oneMember();
  world.usage = () => usageUnreachable;
  await world.looks(60, 12 * 3_600);
  expect(world.asked).toBeLessThanOrEqual(12 + 4);
  expect(world.written).toBeLessThanOrEqual(world.asked + 2);
  const status = (await world.read())?.status;
  expect(status?.resourceUsage).toBeUndefined();
  expect(status?.conditions.every((each) => each.status === "True")).toBe(true);
});

test.each(["unhealthy", "unreachable"] as const)(
  "a member that is %s is not asked until it is well",
  async (kind) => {
    const world = await oneMember();
    const { health } = world;
    world.health = { kind, reason: "away" };
    await world.looks(60, 2 * 3_600);
    expect(world.asked).toBe(0);
    world.health = health;
    await world.looks(60, 600);
    expect(world.asked).toBe(1);
  },
);

test("a busy world is asked again later, and nothing is half saved", async () => {
  const world = await oneMember();
  world.usage = () => {
    throw new FleetError("TooManyRequests", "busy", { retryAfterSeconds: 30 });
  };
  await world.look();
  expect(world.written).toBe(0);
  expect(world.wakes.map(({ at }) => at)).toEqual([plusSeconds(noon, 30)]);
  world.usage = () => usageSeen();
  await world.look();
  expect((await world.read())?.status.resourceUsage?.available.cpu).toBe("4196m");
});
