import { createClusters } from "../../infra/local/create-clusters.ts";
import { type SampleCluster, sampleClusters } from "../../infra/local/sample-clusters.ts";
import { conditionsOf, type Seen } from "../../infra/local/tour/kube.ts";
import { eventually, eventuallyDespiteFaults } from "./eventually.ts";
import type { Laptop } from "./laptop.ts";

/** The fleet's members as the hub shows them, in the order of their names. */
export async function membersOf({ hub }: Laptop): Promise<readonly Seen[]> {
  const { items } = await hub.list<Seen>("cluster.kubernetes-fleet.io/v1", "MemberCluster");
  return items.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

export const nameOf = (object: Seen): string => object.metadata?.name ?? "";

/** Waits until these are joined and healthy; others may be there. */
export async function joined(
  laptop: Laptop,
  names: readonly string[],
  { limitSeconds = 40, faults = false } = {},
): Promise<readonly Seen[]> {
  const wanted = {
    expected: `${names.join(", ")} joined and healthy`,
    look: async () => await membersOf(laptop),
    missing: (members: readonly Seen[]) => {
      const well = members.filter(isWell).map(nameOf);
      const absent = names.filter((name) => !well.includes(name));
      return absent.length === 0 ? undefined : `not ${absent.join(", ")}, but ${well.join(", ")}`;
    },
    limitSeconds,
  };
  return await (faults ? eventuallyDespiteFaults(wanted) : eventually(wanted));
}

/** Creates the six clusters of the tour, or fewer, and waits until they joined. */
export async function sampleFleet(laptop: Laptop, count = 6): Promise<readonly string[]> {
  const clusters = sampleClusters(count, laptop.endpoints.fleetName);
  await createClusters(laptop.aks, clusters);
  const names = clusters.map(({ name }) => name);
  await joined(laptop, names);
  return names;
}

/** A cluster with the fleet's tag, and others. */
export function taggedCluster(
  laptop: Laptop,
  name: string,
  more: Partial<SampleCluster> = {},
): SampleCluster {
  return {
    name,
    resourceGroup: "rg-eastus",
    location: "eastus",
    ...more,
    tags: { "hubless-fleet": laptop.endpoints.fleetName, ...more.tags },
  };
}

export function clusterId({ endpoints }: Laptop, name: string, resourceGroup: string): string {
  return (
    `/subscriptions/${endpoints.subscriptionId}/resourceGroups/${resourceGroup}` +
    `/providers/Microsoft.ContainerService/managedClusters/${name}`
  );
}

function isWell(member: Seen): boolean {
  const { Joined, Healthy } = conditionsOf(member);
  return Joined === "True" && Healthy === "True";
}
