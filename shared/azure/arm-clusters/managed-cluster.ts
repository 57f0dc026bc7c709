/** An AKS cluster, between what the SDK carries and what we see. Api-version 2026-06-01. */
import type { ManagedCluster, ManagedClusterAgentPoolProfile } from "@azure/arm-containerservice";
import type { AgentPoolSeen, ClusterSeen, ClusterUpgrade } from "../../fleet/model.ts";

/** `armId` is the id that was asked for: ARM's answer may differ in case. */
export function parseCluster(cluster: ManagedCluster, armId: string): ClusterSeen {
  const wantedVersion = cluster.kubernetesVersion ?? "";
  const error = cluster.status?.provisioningError;
  const kubeletIdentity = cluster.identityProfile?.["kubeletidentity"]?.objectId;
  return {
    armId: cluster.id ?? armId,
    name: cluster.name ?? "",
    location: cluster.location,
    tags: cluster.tags ?? {},
    etag: cluster.eTag ?? "",
    provisioningState: cluster.provisioningState ?? "",
    powerState: cluster.powerState?.code ?? "Running",
    kubernetesVersion: cluster.currentKubernetesVersion ?? wantedVersion,
    wantedVersion,
    pools: (cluster.agentPoolProfiles ?? []).map(parsePool),
    nodeResourceGroup: cluster.nodeResourceGroup ?? "",
    ...(kubeletIdentity !== undefined && { kubeletIdentity }),
    ...(error !== undefined && {
      provisioningError: [error.code, error.message].filter(Boolean).join(": "),
    }),
  };
}

const parsePool = (pool: ManagedClusterAgentPoolProfile): AgentPoolSeen => ({
  name: pool.name,
  kubernetesVersion: pool.currentOrchestratorVersion ?? pool.orchestratorVersion ?? "",
  nodeImageVersion: pool.nodeImageVersion ?? "",
  provisioningState: pool.provisioningState ?? "",
  nodeCount: pool.count ?? 0,
});

/**
 * The body of the PUT that upgrades a cluster: what the GET gave, with other versions.
 *
 * In one PUT all pools name a version or none does, and each keeps its own or goes to the control
 * plane's new one. `nodeImageVersion` is never sent: naming one asks for that image, so an image
 * that is old by now would roll the pool back. What the SDK knows as read-only it leaves out.
 *
 * @see https://learn.microsoft.com/azure/aks/upgrade-aks-cluster
 */
export function upgradedCluster(
  cluster: ManagedCluster,
  upgrade: Exclude<ClusterUpgrade, { readonly kind: "node-image" }>,
): ManagedCluster {
  const { servicePrincipalProfile, agentPoolProfiles = [], status: _status, ...rest } = cluster;
  const pools = agentPoolProfiles.map(
    ({ nodeImageVersion: _image, status: _poolStatus, ...pool }) => ({
      ...pool,
      ...(upgrade.kind === "full" ? { orchestratorVersion: upgrade.to } : keptVersion(pool)),
    }),
  );
  // "msi" stands for no service principal; sent back, it would be taken for the id of one.
  const isPrincipal = servicePrincipalProfile?.clientId !== "msi";
  return {
    ...rest,
    ...(isPrincipal && servicePrincipalProfile !== undefined && { servicePrincipalProfile }),
    kubernetesVersion: upgrade.to,
    agentPoolProfiles: pools,
  };
}

function keptVersion(pool: Omit<ManagedClusterAgentPoolProfile, "nodeImageVersion">) {
  const version = pool.orchestratorVersion ?? pool.currentOrchestratorVersion;
  return version === undefined ? {} : { orchestratorVersion: version };
}
