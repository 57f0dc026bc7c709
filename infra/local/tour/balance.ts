import { PatchStrategy } from "@kubernetes/client-node";
import { apply, readIfThere, type Seen } from "./kube.ts";
import type { Step, TourContext } from "./step.ts";
import { waitUntil } from "./wait-until.ts";

const mcs = {
  apiVersion: "networking.fleet.azure.com/v1alpha1",
  kind: "MultiClusterService",
  name: "demo",
  namespace: "demo",
};

export const balance: Step = {
  name: "balance",
  title: "One load balancer stands in front of a service that runs in two clusters",
  tryIt: "kubectl get multiclusterservice demo -n demo -o yaml",
  run: async (context) => {
    const exporters = context.result.members
      .filter((name) => name.startsWith("aks-eastus-"))
      .slice(0, 2);
    for (const name of exporters) await apply(context.member(name), "service-export.yaml");
    context.tell(`exported the service demo/demo from ${exporters.join(", ")}`);
    await serviceImport(context, exporters);

    await apply(context.hub, "multi-cluster-service.yaml");
    const address = await addressOf(context);
    await backendsAre(context, exporters, "has both clusters as backends");

    const [first = "", second = ""] = exporters;
    await scale(context, first, 0);
    await backendsAre(context, [second], `lost the backend ${first}, which is not healthy`);
    await scale(context, first, 2);
    const backends = await backendsAre(context, exporters, `has ${first} back`);
    context.result.loadBalancer = { address, backends };
  },
};

async function serviceImport(context: TourContext, exporters: readonly string[]): Promise<void> {
  await waitUntil({
    expected: `a ServiceImport demo/demo names ${exporters.join(", ")}`,
    look: async () => await readIfThere(context.hub, { ...mcs, kind: "ServiceImport" }),
    missing: (seen) => {
      const clusters = (seen?.status?.["clusters"] ?? []) as { cluster: string }[];
      const absent = exporters.filter((name) => !clusters.some(({ cluster }) => cluster === name));
      return absent.length === 0 ? undefined : `${absent.join(", ")} not among its clusters`;
    },
    where: "kubectl get serviceimports -A -o yaml",
    limitSeconds: 60,
  });
}

async function addressOf(context: TourContext): Promise<string> {
  const seen = await waitUntil({
    expected: "the MultiClusterService has an address",
    look: async () => await readIfThere(context.hub, mcs),
    missing: (service) => (ingressOf(service) === undefined ? "no address yet" : undefined),
    where: "kubectl get multiclusterservice demo -n demo -o yaml",
    limitSeconds: 60,
  });
  const address = ingressOf(seen) ?? "";
  context.tell(`the load balancer's address is ${address}`);
  return address;
}

function ingressOf(service: Seen | undefined): string | undefined {
  const balancer = service?.status?.["loadBalancer"] as { ingress?: { ip?: string }[] } | undefined;
  return balancer?.ingress?.[0]?.ip;
}

/** Reads the load balancer in ARM, as a user of Azure would. */
async function backendsAre(
  context: TourContext,
  wanted: readonly string[],
  told: string,
): Promise<readonly string[]> {
  const backends = await waitUntil({
    expected: `the load balancer's backends are ${wanted.join(", ")}`,
    look: async () => await globalBackends(context),
    missing: (seen) =>
      seen.join() === wanted.toSorted().join() ? undefined : `backends ${seen.join() || "none"}`,
    where: "kubectl describe multiclusterservice demo -n demo",
    limitSeconds: 60,
  });
  context.tell(`the load balancer ${told}`);
  return backends;
}

async function globalBackends(context: TourContext): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const balancer of context.network.loadBalancers.listAll()) {
    if (balancer.sku?.tier !== "Global") continue;
    const pools = balancer.backendAddressPools ?? [];
    for (const { name } of pools.flatMap((pool) => pool.loadBalancerBackendAddresses ?? [])) {
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].toSorted();
}

async function scale(context: TourContext, member: string, replicas: number): Promise<void> {
  await context.member(member).patch(
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "demo", namespace: "demo" },
      spec: { replicas },
    } as object,
    undefined,
    undefined,
    "kubectl-scale",
    undefined,
    PatchStrategy.MergePatch,
  );
}
