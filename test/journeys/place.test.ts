/** Workloads go to members: which ones, what arrives, what changes, what goes again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClusters } from "../../infra/local/create-clusters.ts";
import { sampleCluster } from "../../infra/local/sample-clusters.ts";
import { apply as applyManifest, conditionsOf } from "../../infra/local/tour/kube.ts";
import { asker, tokenOf } from "./ask.ts";
import { eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { joined, sampleFleet } from "./members.ts";
import { apply, configMap, deployment, gone, namespace, read, remove, service } from "./objects.ts";
import { available, clustersOf, greeting, holds, located, placement } from "./placements.ts";

const hello = "Hello from the fleet";
let laptop: Laptop;
let six: readonly string[];
beforeAll(async () => {
  laptop = await startLaptop();
  six = await sampleFleet(laptop);
}, 90_000);
afterAll(endLaptops);

const inRegion = (location: string) => six.filter((name) => name.includes(location));

test("a namespace arrives with all that is in it in the clusters of eastus and nowhere else", async () => {
  const { hub, member } = laptop;
  await applyManifest(hub, "demo.yaml");
  await applyManifest(hub, "placement.yaml");

  const eastus = inRegion("eastus");
  const seen = await available(laptop, "demo", eastus);
  await holds(laptop, greeting("demo", hello), eastus);
  expect(seen.status?.["selectedResources"]).toHaveLength(4);
  for (const name of eastus) {
    const running = await read(member(name), deployment("demo", "demo"));
    expect(running?.status, `Deployment in ${name}`).toMatchObject({ availableReplicas: 2 });
    const reached = await read(member(name), service("demo", "demo"));
    expect(reached?.status, `Service in ${name}`).toMatchObject({
      loadBalancer: { ingress: [{ ip: expect.any(String) as unknown }] },
    });
  }
  for (const name of six.filter((each) => !eastus.includes(each))) {
    expect(await read(member(name), namespace("demo")), `in ${name}`).toBeUndefined();
  }
}, 90_000);

test("the placement of the first preview reads as that preview wrote it", async () => {
  const old = { ...placement("demo"), apiVersion: "fleet.azure.com/v1alpha1" };
  const seen = await read(laptop.hub, old);
  expect(seen?.spec).toMatchObject({
    policy: {
      affinity: {
        clusterAffinity: {
          clusterSelectorTerms: [
            { labelSelector: { matchLabels: { "fleet.azure.com/location": "eastus" } } },
          ],
        },
      },
    },
  });
  expect(seen?.status?.["targetClusters"]).toEqual(inRegion("eastus"));
  expect(conditionsOf(seen)).toMatchObject({ Scheduled: "True", Applied: "True" });
});

test("times of the fleet's own objects are whole seconds, as Kubernetes writes them", async () => {
  const ask = asker(laptop.endpoints.hub, await tokenOf(laptop));
  const kinds = [
    "cluster.kubernetes-fleet.io/v1/memberclusters",
    "placement.kubernetes-fleet.io/v1/clusterresourceplacements",
    "placement.kubernetes-fleet.io/v1/clusterresourcebindings",
    "placement.kubernetes-fleet.io/v1/clusterresourcesnapshots",
  ];
  for (const kind of kinds) {
    const { status, text } = await ask(`GET apis/${kind}`);
    expect([kind, status]).toEqual([kind, 200]);
    expect(text).toMatch(/"creationTimestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
    expect(text).not.toMatch(/T\d\d:\d\d:\d\d\.\d+Z/);
  }
});

test("a cluster that joins later receives the placement without anyone asking", async () => {
  const cluster = sampleCluster("eastus", 3, laptop.endpoints.fleetName);
  await createClusters(laptop.aks, [cluster]);
  await joined(laptop, [cluster.name]);
  six = [...six, cluster.name];

  await available(laptop, "demo", inRegion("eastus"));
  await holds(laptop, greeting("demo", hello), inRegion("eastus"));
}, 60_000);

test("changed content reaches the members that have it", async () => {
  const changed = greeting("demo", "Hello again");
  await apply(laptop.hub, [changed, deployment("demo", "demo", "v2")]);

  await holds(laptop, changed, inRegion("eastus"));
  await available(laptop, "demo", inRegion("eastus"));
  for (const name of inRegion("eastus")) {
    const seen = await read(laptop.member(name), deployment("demo", "demo"));
    expect(JSON.stringify(seen?.spec), `Deployment in ${name}`).toContain("example.com/web:v2");
  }
}, 60_000);

test("what is added to the namespace arrives, and what is removed from it is removed", async () => {
  const added = configMap("demo", "added", "later");
  await apply(laptop.hub, [added]);
  await holds(laptop, added, inRegion("eastus"));

  await remove(laptop.hub, added);
  await holds(laptop, added, []);
  await holds(laptop, greeting("demo", "Hello again"), inRegion("eastus"));
}, 60_000);

test("PickAll without affinity goes to every member", async () => {
  const text = greeting("everywhere", hello);
  const all = placement("everywhere", { placementType: "PickAll" });
  await apply(laptop.hub, [namespace("everywhere"), text, all]);

  await available(laptop, "everywhere", six);
  await holds(laptop, text, six);
}, 60_000);

test("PickFixed goes to the members that are named, and moves when other names are", async () => {
  const text = greeting("fixed", hello);
  const [first = "", second = "", third = ""] = six;
  const at = (...clusterNames: string[]) =>
    placement("fixed", { placementType: "PickFixed", clusterNames });
  await apply(laptop.hub, [namespace("fixed"), text, at(first, second)]);
  await available(laptop, "fixed", [first, second]);
  await holds(laptop, text, [first, second]);

  await apply(laptop.hub, [at(second, third)]);
  await available(laptop, "fixed", [second, third]);
  await holds(laptop, text, [second, third]);
}, 60_000);

test("PickN takes as many as asked for, and keeps those when it may take more", async () => {
  const text = greeting("some", hello);
  const take = (numberOfClusters: number) =>
    placement("some", located("eastus", { placementType: "PickN", numberOfClusters }));
  await apply(laptop.hub, [namespace("some"), text, take(1)]);
  const one = await eventually({
    expected: "one cluster of eastus is chosen",
    look: async () => clustersOf(await read(laptop.hub, placement("some"))),
    missing: (chosen) => (chosen.length === 1 ? undefined : `chosen: ${chosen.join() || "none"}`),
  });
  expect(inRegion("eastus")).toContain(one[0]);
  await available(laptop, "some", one);
  await holds(laptop, text, one);

  await apply(laptop.hub, [take(2)]);
  const two = await eventually({
    expected: "two clusters of eastus are chosen",
    look: async () => clustersOf(await read(laptop.hub, placement("some"))),
    missing: (chosen) => (chosen.length === 2 ? undefined : `chosen: ${chosen.join()}`),
  });
  expect(two).toContain(one[0]);
  await available(laptop, "some", two);
  await holds(laptop, text, two);
}, 60_000);

test("PickN that finds too few clusters says so and takes those", async () => {
  const take = placement(
    "too-few",
    located("westeurope", { placementType: "PickN", numberOfClusters: 3 }),
  );
  const text = greeting("too-few", hello);
  await apply(laptop.hub, [namespace("too-few"), text, take]);

  await holds(laptop, text, inRegion("westeurope"));
  const seen = await read(laptop.hub, placement("too-few"));
  expect(conditionsOf(seen)["ClusterResourcePlacementScheduled"]).toBe("False");
}, 60_000);

test("a placement that is deleted takes what it placed with it, and only that", async () => {
  const { hub, member } = laptop;
  const own = configMap("everywhere", "of-the-cluster", "mine");
  const [first = ""] = six;
  await apply(member(first), [
    namespace("by-the-cluster"),
    { ...own, metadata: { name: "mine", namespace: "by-the-cluster" } },
  ]);
  await remove(hub, placement("everywhere"));

  await gone(hub, placement("everywhere"));
  for (const name of six) await gone(member(name), namespace("everywhere"));
  expect(await read(hub, namespace("everywhere")), "the template stays").toBeDefined();
  expect(await read(member(first), namespace("by-the-cluster")), "not ours").toBeDefined();
  await holds(laptop, greeting("demo", "Hello again"), inRegion("eastus"));
}, 60_000);
