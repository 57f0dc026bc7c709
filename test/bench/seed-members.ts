/**
 * Members without the cost of joining: clusters that ARM has had for long, and in the log what
 * the product would have written about them.
 */

import { decideMember } from "../../shared/fleet/decide.ts";
import { type ClusterSeen, clusterIdOf } from "../../shared/fleet/model.ts";
import { newMember } from "../../shared/fleet/new-member.ts";
import type { Write } from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import { documentOf, systemData } from "../builders.ts";
import type { BenchCloud } from "./bench-cloud.ts";

export const seedVersion = "1.32.0";
export const seedGroup = "all";
const location = "westeurope";

/** Two documents a member; a commit takes 98. */
const membersPerCommit = 40;

/** Resolves with the clusters' ids once the product has looked at each of them and rests. */
export async function seedMembers(bench: BenchCloud, count: number): Promise<readonly string[]> {
  const { cloud, store, fleetId, endpoints } = bench;
  const ids = Array.from({ length: count }, (_, index) =>
    cloud.arm.seedCluster({
      subscriptionId: endpoints.subscriptionId,
      resourceGroup: "rg-clusters",
      name: `aks-${String(index).padStart(4, "0")}`,
      location,
      properties: {
        kubernetesVersion: seedVersion,
        agentPoolProfiles: [{ name: "system", mode: "System", count: 1, osType: "Linux" }],
      },
    }),
  );
  const now = new Date().toISOString() as Instant;
  for (let from = 0; from < count; from += membersPerCommit) {
    const some = ids.slice(from, from + membersPerCommit);
    const writes = some.flatMap((id) => writesOf(bench, clusterOf(bench, id), now));
    const { kind } = await store.commit({ fleet: fleetId, writes });
    if (kind !== "saved") throw new Error("Cannot seed members: the fleet must have none");
  }
  await bench.quiet();
  return ids;
}

/** What the one node of each cluster has. */
const node = { cpu: "4", memory: "16374384Ki" };

/** The member and its profile as they are after a first look at a healthy cluster. */
function writesOf({ fleetId }: BenchCloud, cluster: ClusterSeen, now: Instant): readonly Write[] {
  const fresh = newMember({
    fleet: fleetId,
    name: cluster.name,
    clusterResourceId: cluster.armId,
    group: seedGroup,
    joinedBy: "api",
    systemData,
  });
  const { writes } = decideMember({
    member: documentOf(fresh.key, fresh.body),
    profile: undefined,
    cluster,
    health: { kind: "healthy", kubernetesVersion: cluster.kubernetesVersion },
    usage: { kind: "seen", nodeCount: 1, capacity: node, allocatable: node, available: node },
    now,
  });
  return writes.map((write) =>
    write.kind === "replace" ? { ...fresh, kind: "create", body: write.body } : write,
  );
}

interface ClusterBody {
  readonly name: string;
  readonly location: string;
  readonly eTag: string;
  readonly properties: {
    readonly nodeResourceGroup: string;
    readonly identityProfile: { readonly kubeletidentity: { readonly objectId: string } };
  };
}

/** What a look at the cluster shows, as far as a member keeps it. */
function clusterOf({ cloud }: BenchCloud, id: string): ClusterSeen {
  const body = cloud.arm.readCluster(id) as unknown as ClusterBody;
  const { nodeResourceGroup, identityProfile } = body.properties;
  return {
    armId: clusterIdOf(id),
    name: body.name,
    location: body.location,
    tags: {},
    etag: body.eTag,
    provisioningState: "Succeeded",
    powerState: "Running",
    kubernetesVersion: seedVersion,
    wantedVersion: seedVersion,
    pools: [
      {
        name: "system",
        kubernetesVersion: seedVersion,
        nodeImageVersion: "",
        provisioningState: "Succeeded",
        nodeCount: 1,
      },
    ],
    nodeResourceGroup,
    kubeletIdentity: identityProfile.kubeletidentity.objectId,
  };
}
