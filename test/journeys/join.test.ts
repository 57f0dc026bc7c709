/** Clusters become members of a fleet and leave it again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClusters } from "../../infra/local/create-clusters.ts";
import { sampleClusters } from "../../infra/local/sample-clusters.ts";
import { differs, eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { clusterId, joined, membersOf, nameOf, taggedCluster } from "./members.ts";

let laptop: Laptop;
beforeAll(async () => {
  laptop = await startLaptop();
}, 60_000);
afterAll(endLaptops);

const six = [
  "aks-eastus-1",
  "aks-eastus-2",
  "aks-southeastasia-1",
  "aks-southeastasia-2",
  "aks-westeurope-1",
  "aks-westeurope-2",
];

test("clusters that carry the fleet's tag join without anyone asking", async () => {
  const { aks, fleet, endpoints } = laptop;
  const untagged = { name: "aks-alone", resourceGroup: "rg-eastus", location: "eastus", tags: {} };
  await createClusters(aks, [untagged, ...sampleClusters(6, endpoints.fleetName)]);

  await joined(laptop, six);
  const members = await membersOf(laptop);
  expect(members.map(nameOf), "the untagged cluster stays out").toEqual(six);

  const groups: Record<string, string | undefined> = {};
  const { resourceGroup, fleetName } = endpoints;
  for await (const member of fleet.fleetMembers.listByFleet(resourceGroup, fleetName)) {
    groups[member.name ?? ""] = member.properties?.group;
    expect(member.properties?.provisioningState).toBe("Succeeded");
  }
  expect(groups).toEqual({
    "aks-eastus-1": "test",
    "aks-eastus-2": "test",
    "aks-southeastasia-1": "production-1",
    "aks-southeastasia-2": "production-2",
    "aks-westeurope-1": "staging",
    "aks-westeurope-2": "staging",
  });
}, 90_000);

test("a member has the labels of its cluster, and its tags as labels that Kubernetes takes", async () => {
  const tags = { "cost center": "R&D / EMEA", env: "Test (blue)", "hubless-group": "Canary One" };
  const cluster = taggedCluster(laptop, "AKS_Labels", { resourceGroup: "RG-Labels", tags });
  await createClusters(laptop.aks, [cluster]);

  const members = await joined(laptop, ["aks-labels"]);
  const labels = members.find((member) => nameOf(member) === "aks-labels")?.metadata?.labels;
  expect(labels).toEqual({
    "hubless-fleet": laptop.endpoints.fleetName,
    "cost-center": "R-D-EMEA",
    env: "Test-blue",
    "hubless-group": "Canary-One",
    "fleet.azure.com/location": "eastus",
    "fleet.azure.com/resource-group": "RG-Labels",
    "fleet.azure.com/subscription-id": laptop.endpoints.subscriptionId,
    "fleet.azure.com/cluster-name": "AKS_Labels",
    "fleet.azure.com/member-name": "aks-labels",
    "kubernetes-fleet.io/member-name": "aks-labels",
  });
  const { resourceGroup, fleetName } = laptop.endpoints;
  const member = await laptop.fleet.fleetMembers.get(resourceGroup, fleetName, "aks-labels");
  expect(member.properties?.group, "hubless-group wins over env").toBe("canary-one");
}, 60_000);

test("two clusters of one name in different resource groups are two members", async () => {
  await createClusters(laptop.aks, [
    taggedCluster(laptop, "twin", { resourceGroup: "rg-one" }),
    taggedCluster(laptop, "twin", { resourceGroup: "rg-two" }),
  ]);

  const named = await eventually({
    expected: "two members twin and twin-XXXXXX, each for its own cluster",
    look: async () => await clustersOfMembers("twin"),
    missing: (seen) => (seen.length === 2 ? undefined : JSON.stringify(seen)),
  });
  expect(named.map(([name]) => name)).toEqual([
    "twin",
    expect.stringMatching(/^twin-[0-9a-f]{6}$/),
  ]);
  expect(named.map(([, cluster]) => cluster).toSorted()).toEqual([
    clusterId(laptop, "twin", "rg-one"),
    clusterId(laptop, "twin", "rg-two"),
  ]);
}, 60_000);

test("a member that is put by the ARM API joins under its own name and group", async () => {
  const { resourceGroup, fleetName } = laptop.endpoints;
  await eventually({
    expected: "the cluster aks-alone is created",
    look: async () => await laptop.aks.managedClusters.get("rg-eastus", "aks-alone"),
    missing: ({ provisioningState }) => differs(provisioningState, "Succeeded"),
  });
  await laptop.fleet.fleetMembers.create(
    resourceGroup,
    fleetName,
    "by-hand",
    {
      properties: {
        clusterResourceId: clusterId(laptop, "aks-alone", "rg-eastus"),
        group: "canary",
      },
    },
    { updateIntervalInMs: 200 },
  );

  const members = await joined(laptop, ["by-hand"]);
  const member = members.find((each) => nameOf(each) === "by-hand");
  expect(member?.metadata?.labels).toMatchObject({
    "fleet.azure.com/cluster-name": "aks-alone",
    "fleet.azure.com/member-name": "by-hand",
  });
  const seen = await laptop.fleet.fleetMembers.get(resourceGroup, fleetName, "by-hand");
  expect(seen.properties).toMatchObject({ group: "canary", provisioningState: "Succeeded" });
}, 60_000);

test("a member whose cluster is deleted leaves, however it joined", async () => {
  const { managedClusters } = laptop.aks;
  await Promise.all([
    managedClusters.delete("rg-eastus", "aks-eastus-2", { updateIntervalInMs: 200 }),
    managedClusters.delete("rg-eastus", "aks-alone", { updateIntervalInMs: 200 }),
  ]);

  await left(["aks-eastus-2", "by-hand"]);
}, 60_000);

test("a member that joined by its tag leaves when the tag is gone, and joins when it is back", async () => {
  const { managedClusters } = laptop.aks;
  const retag = async (tags: Record<string, string>) =>
    await managedClusters.updateTags("rg-westeurope", "aks-westeurope-2", { tags });
  const { tags = {} } = await managedClusters.get("rg-westeurope", "aks-westeurope-2");
  const { "hubless-fleet": _, ...others } = tags;
  await retag(others);
  await left(["aks-westeurope-2"]);

  await retag(tags);
  await joined(laptop, ["aks-westeurope-2"]);
}, 60_000);

async function left(names: readonly string[]): Promise<void> {
  await eventually({
    expected: `${names.join(", ")} left the fleet`,
    look: async () => (await membersOf(laptop)).map(nameOf),
    missing: (members) => {
      const still = names.filter((name) => members.includes(name));
      return still.length === 0 ? undefined : `still a member: ${still.join(", ")}`;
    },
  });
}

/** Name and cluster of the members whose name begins so, in the order of names. */
async function clustersOfMembers(prefix: string): Promise<readonly [string, string][]> {
  const found: [string, string][] = [];
  const { resourceGroup, fleetName } = laptop.endpoints;
  for await (const { name = "", properties } of laptop.fleet.fleetMembers.listByFleet(
    resourceGroup,
    fleetName,
  )) {
    if (name.startsWith(prefix)) found.push([name, properties?.clusterResourceId ?? ""]);
  }
  return found.toSorted(([one], [other]) => (one < other ? -1 : 1));
}
