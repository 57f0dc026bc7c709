import { ContainerServiceClient, type ManagedCluster } from "@azure/arm-containerservice";
import type { TokenCredential } from "@azure/identity";
import type { Clusters, UpgradeStarted } from "../effects/clusters.ts";
import { type ClusterId, type ClusterSeen, clusterIdOf } from "../fleet/model.ts";
import { type ArmId, parseArmId } from "../lib/arm-id.ts";
import { answerOf } from "./arm-clusters/answer.ts";
import { parseCluster, upgradedCluster } from "./arm-clusters/managed-cluster.ts";
import { notThere, unavailable } from "./arm-errors.ts";

export interface ArmClustersOptions {
  readonly credential: TokenCredential;
  /** "https://management.azure.com" when left out. */
  readonly endpoint?: string;
  readonly scopes?: readonly string[];
}

export interface ArmClusters extends Clusters {
  /**
   * The cluster's kubeconfig, as YAML, for `kubelogin` or a client certificate, as the cluster has
   * it. Throws `FleetError` "Unavailable" when ARM gives none.
   */
  kubeconfigOf(cluster: ClusterId): Promise<string>;
}

/** No answer of ARM takes longer; what was asked may still happen, as the next look sees. */
const timeoutMilliseconds = 30_000;

/** The tag by which a cluster asks to join; ARM ignores the case of tag names. */
const fleetTag = "hubless-fleet";

/** A subscription with more is looked at no further; AKS's own quota is far below. */
const clustersMax = 10_000;

type PoolImages = Pick<ArmId, "resourceGroup" | "name">;

/**
 * AKS clusters through ARM. The SDK never retries and never polls: a busy ARM is an answer, or an
 * error that says when to ask again, and the engine does.
 */
export function armClusters(options: ArmClustersOptions): ArmClusters {
  const clientOf = clients(options);
  /** What a sight was made of, so that the start that follows it need not read again. */
  const bodies = new WeakMap<ClusterSeen, ManagedCluster>();

  async function read(armId: string): Promise<ManagedCluster | undefined> {
    const { subscriptionId, resourceGroup, name } = idOf(armId);
    return await clientOf(subscriptionId)
      .managedClusters.get(resourceGroup, name, { requestOptions })
      .catch(notThere);
  }

  return {
    async see(cluster) {
      const found = await read(cluster);
      if (found === undefined) return undefined;
      const seen = parseCluster(found, cluster);
      bodies.set(seen, found);
      return seen;
    },

    async tagged(subscriptionId) {
      return await taggedClusters(clientOf(subscriptionId));
    },

    async startUpgrade(seen, upgrade) {
      const { subscriptionId, resourceGroup, name } = idOf(seen.armId);
      const client = clientOf(subscriptionId);
      if (upgrade.kind === "node-image") {
        return await startImages(client, { resourceGroup, name }, seen);
      }
      const body = bodies.get(seen) ?? (await read(seen.armId));
      if (body === undefined || body.eTag !== seen.etag) return { kind: "changed-meanwhile" };
      return await submit(() =>
        client.managedClusters.createOrUpdate(resourceGroup, name, upgradedCluster(body, upgrade), {
          ifMatch: seen.etag,
          requestOptions,
        }),
      );
    },

    async kubeconfigOf(cluster) {
      const { subscriptionId, resourceGroup, name } = idOf(cluster);
      const { kubeconfigs } = await clientOf(subscriptionId)
        .managedClusters.listClusterUserCredentials(resourceGroup, name, { requestOptions })
        .catch((error: unknown) => {
          throw unavailable(error);
        });
      const value = kubeconfigs?.[0]?.value;
      if (value === undefined) throw unavailable(new Error(`cluster "${name}" has no kubeconfig`));
      return Buffer.from(value).toString("utf8");
    },
  };
}

const requestOptions = { timeout: timeoutMilliseconds };

/** A client serves one subscription. */
function clients({
  credential,
  endpoint,
  scopes,
}: ArmClustersOptions): (subscriptionId: string) => ContainerServiceClient {
  const bySubscription = new Map<string, ContainerServiceClient>();
  return (subscriptionId) => {
    const known = bySubscription.get(subscriptionId);
    if (known !== undefined) return known;
    const client = new ContainerServiceClient(credential, subscriptionId, {
      retryOptions: { maxRetries: 0 },
      ...(endpoint !== undefined && { endpoint }),
      ...(scopes !== undefined && { credentials: { scopes: [...scopes] } }),
    });
    bySubscription.set(subscriptionId, client);
    return client;
  };
}

async function taggedClusters(client: ContainerServiceClient): Promise<readonly ClusterId[]> {
  const tagged: ClusterId[] = [];
  let count = 0;
  try {
    for await (const { id, tags } of client.managedClusters.list({ requestOptions })) {
      if (++count > clustersMax) break;
      const names = Object.keys(tags ?? {}).map((name) => name.toLowerCase());
      if (id !== undefined && names.includes(fleetTag)) tagged.push(clusterIdOf(id));
    }
  } catch (error) {
    throw unavailable(error);
  }
  return tagged;
}

/**
 * Asks for the newest image of each pool that has an older one. AKS may take pools only one after
 * another: "accepted" is said once nothing is left to ask for.
 */
async function startImages(
  client: ContainerServiceClient,
  { resourceGroup, name }: PoolImages,
  { pools }: ClusterSeen,
): Promise<UpgradeStarted> {
  for (const pool of pools) {
    const profile = await client.agentPools
      .getUpgradeProfile(resourceGroup, name, pool.name, { requestOptions })
      .catch(notThere);
    if (profile === undefined) return { kind: "changed-meanwhile" };
    if (profile.latestNodeImageVersion === pool.nodeImageVersion) continue;
    const answer = await submit(() =>
      client.agentPools.upgradeNodeImageVersion(resourceGroup, name, pool.name, { requestOptions }),
    );
    if (answer.kind !== "accepted") return answer;
  }
  return { kind: "accepted" };
}

/** Resolves with ARM's first answer to a write; the poller is dropped, not awaited. */
async function submit(send: () => { submitted(): Promise<void> }): Promise<UpgradeStarted> {
  try {
    await send().submitted();
    return { kind: "accepted" };
  } catch (error) {
    return answerOf(error);
  }
}

function idOf(id: string): ArmId {
  const parsed = parseArmId(id);
  if (parsed === undefined) throw new RangeError(`Cannot read "${id}": must be an ARM id`);
  return parsed;
}
