import { apply, conditionsOf, readIfThere, type Seen } from "./kube.ts";
import type { Step, TourContext } from "./step.ts";
import { waitUntil } from "./wait-until.ts";

const crp = {
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
  name: "demo",
};

export const place: Step = {
  name: "place",
  title: "A namespace arrives in the clusters of eastus and nowhere else",
  tryIt: "kubectl get crp demo -o yaml",
  run: async (context) => {
    await apply(context.hub, "demo.yaml");
    await apply(context.hub, "placement.yaml");
    context.tell("applied the namespace demo and a placement of it to the hub");
    context.result.placed["demo"] = await placedClusters(context);
  },
};

/** Waits until all eastus members hold the workload, and looks that no other member does. */
export async function placedClusters(context: TourContext): Promise<readonly string[]> {
  const wanted = context.result.members.filter((name) => name.startsWith("aks-eastus-"));
  const conditions = ["Scheduled", "RolloutStarted", "WorkSynchronized", "Applied", "Available"];
  const placement = await waitUntil({
    expected: `the placement is available in ${wanted.join(", ")}`,
    look: async () => await readIfThere(context.hub, crp),
    missing: (seen) => {
      const now = conditionsOf(seen);
      const lack = conditions.find((each) => now[`ClusterResourcePlacement${each}`] !== "True");
      if (lack !== undefined) return `condition ClusterResourcePlacement${lack} is not True`;
      const clusters = clusterNames(seen);
      const absent = wanted.filter((name) => !clusters.includes(name));
      return absent.length === 0 ? undefined : `not placed in ${absent.join(", ")}`;
    },
    where: "kubectl get crp demo -o yaml",
    limitSeconds: 60,
  });
  await expectDeployments(context, wanted);
  return clusterNames(placement);
}

async function expectDeployments(context: TourContext, wanted: readonly string[]): Promise<void> {
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "demo", namespace: "demo" };
  const holders = await waitUntil({
    expected: `the workload is in ${wanted.join(", ")} and nowhere else`,
    look: async () => {
      const seen = await Promise.all(
        context.result.members.map(async (member) => {
          const found = await readIfThere(context.member(member), deployment);
          return found === undefined ? [] : [member];
        }),
      );
      return seen.flat().toSorted();
    },
    missing: (seen) =>
      seen.join() === wanted.toSorted().join() ? undefined : `in ${seen.join(", ") || "none"}`,
    where: "kubectl --context CLUSTER get deployments -n demo",
    limitSeconds: 30,
  });
  context.tell(`the workload runs in ${holders.join(", ")}`);
}

function clusterNames(placement: Seen | undefined): readonly string[] {
  const statuses = placement?.status?.["placementStatuses"];
  if (!Array.isArray(statuses)) return [];
  return statuses
    .map((each: { clusterName?: string }) => each.clusterName ?? "")
    .filter((name) => name !== "")
    .toSorted();
}
