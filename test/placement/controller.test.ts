import { expect, test } from "vitest";
import { clusterIdOf, clusterProfileKind } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import type { Condition } from "../../shared/lib/kube-object.ts";
import {
  type Placement,
  type PlacementPolicy,
  placementKind,
} from "../../shared/placement/model.ts";
import {
  type Binding,
  bindingKey,
  bindingKind,
  countsKind,
  snapshotKind,
} from "../../shared/rollout/model.ts";
import { clusterArmId, fleetId } from "../builders.ts";
import { fleetInMemory, type InMemory, type Options } from "./fleet-in-memory.ts";
import {
  cluster,
  createCluster,
  createObject,
  createPlacement,
  placementBody,
} from "./placement-builders.ts";

const demo = createObject("namespaces", "demo");
const settings = createObject("configmaps", "settings", { data: { color: "blue" } }, "demo");

async function world(names: readonly string[], options: Options = {}): Promise<InMemory> {
  const fleet = fleetInMemory(options);
  await fleet.commit(demo, settings, ...names.map((name) => createCluster(cluster(name))));
  return fleet;
}

async function placed(
  names: readonly string[],
  policy: PlacementPolicy = {},
  options: Options = {},
): Promise<InMemory> {
  const fleet = await world(names, options);
  await fleet.commit(createPlacement("web", placementBody(policy)));
  await fleet.runUntil(1);
  return fleet;
}

async function placementOf({ effects }: InMemory): Promise<Placement | undefined> {
  return (await effects.store.read(keyOf(placementKind, fleetId, "web")))?.body;
}

async function conditionsOf(fleet: InMemory): Promise<readonly string[]> {
  const { conditions = [] } = (await placementOf(fleet))?.status ?? {};
  return conditions.map(({ type, status, reason }: Condition) => {
    expect(type).toMatch(/^ClusterResourcePlacement[A-Z][a-z]+/);
    return `${type.slice("ClusterResourcePlacement".length)} ${status} ${reason}`;
  });
}

/** "aks-1: /ConfigMap/demo/settings …" for each cluster that holds something. */
function held({ objects }: InMemory): Record<string, readonly string[]> {
  return Object.fromEntries(
    [...objects]
      .filter(([, all]) => all.size > 0)
      .map(([id, all]): [string, readonly string[]] => [
        id.slice(id.lastIndexOf("/") + 1),
        [...all.keys()].toSorted(),
      ])
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}

const both = ["/ConfigMap/demo/settings", "/Namespace//demo"];

const allTrue = [
  "Scheduled True SchedulingPolicyFulfilled",
  "RolloutStarted True RolloutStarted",
  "Overridden True NoOverrideSpecified",
  "WorkSynchronized True WorkSynchronized",
  "Applied True ApplySucceeded",
  "Available True ResourceAvailable",
];

async function change<Body>(
  fleet: InMemory,
  key: ReturnType<typeof keyOf<Body>>,
  to: (body: Body) => Body,
): Promise<void> {
  const document = await fleet.effects.store.read(key);
  if (document === undefined) throw new Error(`Cannot change "${key.name}": must be there`);
  const generation = document.generation + 1;
  await fleet.commit({ kind: "replace", document, body: to(document.body), generation });
}

test("a placement on all clusters puts a namespace and its content on each", async () => {
  const fleet = await placed(["aks-1", "aks-2"]);
  expect(held(fleet)).toEqual({ "aks-1": both, "aks-2": both });
  expect(await conditionsOf(fleet)).toEqual(allTrue);
  const { status } = (await placementOf(fleet)) ?? {};
  expect(status?.observedResourceIndex).toBe("0");
  expect(status?.selectedResources).toEqual([
    { group: "", version: "v1", kind: "Namespace", name: "demo" },
    { group: "", version: "v1", kind: "ConfigMap", namespace: "demo", name: "settings" },
  ]);
});

test("a cluster that joins later gets the placement, and no other is asked again", async () => {
  const fleet = await placed(["aks-1", "aks-2"]);
  const before = fleet.asked.length;
  await fleet.commit(createCluster(cluster("aks-3")));
  await fleet.runUntil(5);
  expect(Object.keys(held(fleet))).toEqual(["aks-1", "aks-2", "aks-3"]);
  expect(fleet.asked.slice(before).map((each) => each.cluster)).toEqual([
    clusterIdOf(clusterArmId("aks-3")),
  ]);
  expect(await conditionsOf(fleet)).toEqual(allTrue);
});

test("a cluster that joins costs the same in a small fleet and in a large one", async () => {
  const costs = [];
  for (const size of [3, 300]) {
    const fleet = await world(Array.from({ length: size }, (_, index) => `aks-${index}`));
    await fleet.commit(createPlacement("web"));
    await fleet.runUntil(1);
    Object.assign(fleet.counters, { looks: 0, reads: 0, lists: 0, commits: 0 });
    await fleet.commit(createCluster(cluster("late")));
    await fleet.runUntil(5);
    expect(Object.keys(held(fleet))).toContain("late");
    expect(fleet.counters.lists).toBe(0);
    costs.push({ ...fleet.counters });
  }
  expect(costs[1]).toEqual(costs[0]);
});

test("a cluster that leaves keeps its objects and is no longer counted", async () => {
  const fleet = await placed(["aks-1", "aks-2"]);
  const document = await fleet.effects.store.read(keyOf(clusterProfileKind, fleetId, "aks-1"));
  await fleet.commit({ kind: "delete", document: document as never });
  await fleet.runUntil(5);
  expect(Object.keys(held(fleet))).toEqual(["aks-1", "aks-2"]);
  expect(await fleet.effects.store.read(bindingKey(fleetId, "web", "aks-1"))).toBeUndefined();
  expect(await conditionsOf(fleet)).toEqual(allTrue);
});

test("PickN replaces a cluster that left", async () => {
  const fleet = await placed(["aks-1", "aks-2"], { placementType: "PickN", numberOfClusters: 1 });
  expect(Object.keys(held(fleet))).toEqual(["aks-2"]);
  const document = await fleet.effects.store.read(keyOf(clusterProfileKind, fleetId, "aks-2"));
  await fleet.commit({ kind: "delete", document: document as never });
  await fleet.runUntil(5);
  expect(Object.keys(held(fleet))).toEqual(["aks-1", "aks-2"]);
  expect(await fleet.effects.store.read(bindingKey(fleetId, "web", "aks-2"))).toBeUndefined();
});

test("PickN that lacks clusters says so and takes the next that joins", async () => {
  const fleet = await placed(["aks-1"], { placementType: "PickN", numberOfClusters: 2 });
  expect((await conditionsOf(fleet))[0]).toBe("Scheduled False SchedulingPolicyUnfulfilled");
  expect((await conditionsOf(fleet)).at(-1)).toBe("Available True ResourceAvailable");
  await fleet.commit(createCluster(cluster("aks-2")));
  await fleet.runUntil(5);
  expect(await conditionsOf(fleet)).toEqual(allTrue);
  expect(Object.keys(held(fleet))).toEqual(["aks-1", "aks-2"]);
});

test("PickN with fewer clusters removes its objects from those that it gives up", async () => {
  const fleet = await placed(["aks-1", "aks-2"], { placementType: "PickN", numberOfClusters: 2 });
  await change(fleet, keyOf(placementKind, fleetId, "web"), (body) => ({
    ...body,
    spec: { ...body.spec, policy: { placementType: "PickN" as const, numberOfClusters: 1 } },
  }));
  await fleet.runUntil(5);
  expect(held(fleet)).toEqual({ "aks-2": both });
  expect(await conditionsOf(fleet)).toEqual(allTrue);
});

test("a changed object is rolled out, and one that is gone is removed", async () => {
  const fleet = await placed(["aks-1"]);
  await fleet.commit(createObject("configmaps", "more", { data: {} }, "demo"));
  const key = keyOf<{ metadata: object }>("configmaps", fleetId, "settings", "demo");
  const document = await fleet.effects.store.read(key);
  await fleet.commit({ kind: "delete", document: document as never });
  await fleet.runUntil(5);
  expect(held(fleet)).toEqual({ "aks-1": ["/ConfigMap/demo/more", "/Namespace//demo"] });
  expect((await placementOf(fleet))?.status?.observedResourceIndex).not.toBe("0");
});

test("content that comes back is the snapshot that it was", async () => {
  const fleet = await placed(["aks-1"]);
  const key = keyOf<object>("configmaps", fleetId, "settings", "demo");
  for (const color of ["red", "blue"]) {
    await change(fleet, key, (body) => ({ ...body, data: { color } }));
    await fleet.runUntil(color === "red" ? 5 : 10);
  }
  const snapshots = await fleet.effects.store.list({ fleet: fleetId, kind: snapshotKind });
  expect(snapshots.documents).toHaveLength(2);
  expect((await placementOf(fleet))?.status?.observedResourceIndex).toBe("0");
  const manifests = [...fleet.objects.values()].flatMap((each) => [...each.values()]);
  expect(manifests.at(-1)?.manifest).toMatchObject({ data: { color: "blue" } });
});

test("a new snapshot goes to a quarter of the clusters and stops where it fails", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `aks-${index}`);
  const fleet = await placed(
    names,
    {},
    {
      fails: (_cluster, { data }) => (data as { color?: string } | undefined)?.color === "red",
    },
  );
  expect(await conditionsOf(fleet)).toEqual(allTrue);
  await change(fleet, keyOf<object>("configmaps", fleetId, "settings", "demo"), (body) => ({
    ...body,
    data: { color: "red" },
  }));
  await fleet.runUntil(300);
  const { documents } = await fleet.effects.store.list({ fleet: fleetId, kind: bindingKind });
  const outcomes = documents.map(({ body }) => body.rollout.outcome);
  expect(outcomes.filter((each) => each === "failed")).toHaveLength(2);
  expect(outcomes.filter((each) => each === "available")).toHaveLength(6);
  expect((await conditionsOf(fleet)).at(-1)).toBe("RolloutStarted False RolloutNotStartedYet");

  await change(fleet, keyOf<object>("configmaps", fleetId, "settings", "demo"), (body) => ({
    ...body,
    data: { color: "green" },
  }));
  await fleet.runUntil(900);
  expect(await conditionsOf(fleet)).toEqual(allTrue);
});

test("only the newest snapshots are kept, once no cluster holds the others", async () => {
  const fleet = await world(["aks-1"]);
  const body = placementBody({}, { revisionHistoryLimit: 2 });
  await fleet.commit(createPlacement("web", body));
  await fleet.runUntil(1);
  for (let version = 1; version <= 5; version++) {
    const key = keyOf<object>("configmaps", fleetId, "settings", "demo");
    await change(fleet, key, (each) => ({ ...each, data: { version: String(version) } }));
    await fleet.runUntil(version * 10);
  }
  const kept = (await placementOf(fleet))?.scheduling?.snapshots.map(({ index }) => index);
  expect(kept).toEqual([4, 5]);
  const { documents } = await fleet.effects.store.list({ fleet: fleetId, kind: snapshotKind });
  expect(documents).toHaveLength(2);
});

test("a snapshot that an unreachable cluster may hold is kept until the cluster answers", async () => {
  let isDown = false;
  const fleet = await world(["aks-1"], { chance: () => (isDown ? "answer-lost" : undefined) });
  await fleet.commit(createPlacement("web", placementBody({}, { revisionHistoryLimit: 1 })));
  await fleet.runUntil(1);
  isDown = true;
  for (let version = 1; version <= 3; version++) {
    await fleet.commit(createObject("configmaps", `only-${version}`, {}, "demo"));
    await fleet.runUntil(version * 10);
    const key = keyOf("configmaps", fleetId, `only-${version}`, "demo");
    const document = await fleet.effects.store.read(key);
    await fleet.commit({ kind: "delete", document: document as never });
  }
  isDown = false;
  await fleet.runUntil(1_000);
  expect(held(fleet)).toEqual({ "aks-1": both });
  const { documents } = await fleet.effects.store.list({ fleet: fleetId, kind: snapshotKind });
  expect(documents.length).toBeLessThanOrEqual(4);
});

test("large content is kept in several snapshots' documents and applied whole", async () => {
  const fleet = await world(["aks-1"]);
  for (let index = 0; index < 4; index++) {
    const data = { blob: String(index).repeat(700_000) };
    await fleet.commit(createObject("configmaps", `blob-${index}`, { data }, "demo"));
  }
  await fleet.commit(createPlacement("web"));
  await fleet.runUntil(5);
  const { documents } = await fleet.effects.store.list({ fleet: fleetId, kind: snapshotKind });
  expect(documents).toHaveLength(4);
  expect(held(fleet)["aks-1"]).toHaveLength(6);
  expect(await conditionsOf(fleet)).toEqual(allTrue);
});

test("a deleted placement takes its objects along and leaves no document", async () => {
  const fleet = await placed(["aks-1", "aks-2"]);
  await change(fleet, keyOf(placementKind, fleetId, "web"), (body) => ({
    ...body,
    metadata: { ...body.metadata, deletionTimestamp: "2026-11-21T12:00:02.000Z" as Instant },
  }));
  await fleet.runUntil(10);
  expect(held(fleet)).toEqual({});
  for (const kind of [placementKind, bindingKind, snapshotKind, countsKind] as const) {
    const { documents } = await fleet.effects.store.list({ fleet: fleetId, kind: kind as string });
    expect(documents).toEqual([]);
  }
});

test("a placement that goes does not wait for a cluster that left meanwhile", async () => {
  let isDown = false;
  const chance = () => (isDown ? "unreachable" : undefined);
  const fleet = await placed(["aks-1", "aks-2"], {}, { chance });
  isDown = true;
  await change(fleet, keyOf(placementKind, fleetId, "web"), (body) => ({
    ...body,
    metadata: { ...body.metadata, deletionTimestamp: "2026-11-21T12:00:02.000Z" as Instant },
  }));
  await fleet.runUntil(60);
  expect(await placementOf(fleet)).toBeDefined();
  for (const name of ["aks-1", "aks-2"]) {
    const document = await fleet.effects.store.read(keyOf(clusterProfileKind, fleetId, name));
    await fleet.commit({ kind: "delete", document: document as never });
  }
  await fleet.runUntil(70);
  expect(await placementOf(fleet)).toBeUndefined();
});

test("selectors that cannot be followed are named, and change no cluster", async () => {
  const fleet = await placed(["aks-1"]);
  await change(fleet, keyOf(placementKind, fleetId, "web"), (body) => ({
    ...body,
    spec: {
      ...body.spec,
      resourceSelectors: [{ group: "apps", version: "v1", kind: "Deployment", name: "web" }],
    },
  }));
  await fleet.runUntil(5);
  expect(await conditionsOf(fleet)).toEqual(["Scheduled False InvalidResourceSelectors"]);
  expect((await placementOf(fleet))?.status?.conditions[0]?.message).toContain(
    '"Deployment.v1.apps" is namespaced: its namespace must be selected instead',
  );
  expect(held(fleet)).toEqual({ "aks-1": both });
});

test("a policy that changes moves the placement to the clusters that fit now", async () => {
  const fleet = await world([]);
  const labelled = (name: string, region: string) =>
    createCluster(cluster(name, { labels: { region } }));
  await fleet.commit(labelled("aks-1", "eu"), labelled("aks-2", "us"), createPlacement("web"));
  await fleet.runUntil(1);
  expect(Object.keys(held(fleet))).toEqual(["aks-1", "aks-2"]);
  const terms = [{ labelSelector: { matchLabels: { region: "eu" } } }];
  const required = {
    requiredDuringSchedulingIgnoredDuringExecution: { clusterSelectorTerms: terms },
  };
  await change(fleet, keyOf(placementKind, fleetId, "web"), (body) => ({
    ...body,
    spec: { ...body.spec, policy: { affinity: { clusterAffinity: required } } },
  }));
  await fleet.runUntil(5);
  expect(held(fleet)).toEqual({ "aks-1": both });

  // Sticky: labels that stop matching move nothing; labels that begin to match do.
  const relabel = (name: string, region: string) =>
    change(fleet, keyOf(clusterProfileKind, fleetId, name), (body) => ({
      ...body,
      labels: { region },
    }));
  await relabel("aks-1", "us");
  await relabel("aks-2", "eu");
  await fleet.runUntil(10);
  expect(held(fleet)).toEqual({ "aks-1": both, "aks-2": both });
});

test("a cluster that does not answer is asked later and later, and told when it does", async () => {
  let isDown = true;
  const fleet = await placed(["aks-1"], {}, { chance: () => (isDown ? "unreachable" : undefined) });
  expect((await conditionsOf(fleet)).at(-1)).toBe("WorkSynchronized False WorkNotSynchronizedYet");
  await fleet.runUntil(1_000);
  const binding = (await fleet.effects.store.read(bindingKey(fleetId, "web", "aks-1"))) as {
    body: Binding;
  };
  expect(binding.body.rollout.attempts).toBeGreaterThan(5);
  expect(binding.body.rollout.attempts).toBeLessThan(14);
  isDown = false;
  await fleet.runUntil(1_400);
  expect(await conditionsOf(fleet)).toEqual(allTrue);
});
