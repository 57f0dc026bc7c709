import { createClusters } from "../create-clusters.ts";
import { sampleCluster, sampleClusters } from "../sample-clusters.ts";
import type { Seen } from "./kube.ts";
import { placedClusters } from "./place.ts";
import type { Step, TourContext } from "./step.ts";
import { waitUntil } from "./wait-until.ts";

export const join: Step = {
  name: "join",
  title: "Clusters that carry the tag hubless-fleet become members",
  tryIt: "kubectl get memberclusters --show-labels",
  run: async (context) => {
    const { fleetName } = context.endpoints;
    const clusters = sampleClusters(context.clusters, fleetName);
    await createClusters(context.aks, clusters);
    context.tell(`created ${clusters.length} AKS clusters in Azure Resource Manager`);
    context.result.members = await joined(
      context,
      clusters.map(({ name }) => name),
    );
  },
};

export const joinLater: Step = {
  name: "join-later",
  title: "A cluster that joins later receives the placement without anyone asking",
  tryIt: "kubectl get crp demo -o jsonpath='{.status.placementStatuses[*].clusterName}'",
  run: async (context) => {
    const number = 2 * Math.ceil(context.clusters / 6) + 1;
    const cluster = sampleCluster("eastus", number, context.endpoints.fleetName);
    await createClusters(context.aks, [cluster]);
    context.tell(`created ${cluster.name}`);
    context.result.members = await joined(context, [...context.result.members, cluster.name]);
    context.result.placed["demo"] = await placedClusters(context);
  },
};

async function joined(context: TourContext, names: readonly string[]): Promise<readonly string[]> {
  const members = await waitUntil({
    expected: `${names.length} members have joined and are healthy`,
    look: async () => {
      const { items } = await context.hub.list<Seen>(
        "cluster.kubernetes-fleet.io/v1",
        "MemberCluster",
      );
      return items.filter(isWell).map(({ metadata }) => metadata?.name ?? "");
    },
    missing: (seen) => {
      const absent = names.filter((name) => !seen.includes(name));
      return absent.length === 0 ? undefined : `no healthy member ${absent.join(", ")}`;
    },
    where: "kubectl get memberclusters -o yaml",
    limitSeconds: 60,
  });
  context.tell(`members: ${members.join(", ")}`);
  return members;
}

function isWell(member: Seen): boolean {
  const conditions = (member.status?.["conditions"] ?? []) as { type: string; status: string }[];
  const isTrue = (type: string) =>
    conditions.some((each) => each.type === type && each.status === "True");
  return isTrue("Joined") && isTrue("Healthy");
}
