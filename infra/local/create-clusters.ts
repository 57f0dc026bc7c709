import type { ContainerServiceClient } from "@azure/arm-containerservice";
import { type SampleCluster, versionBefore } from "./sample-clusters.ts";

/** Asks ARM for the clusters, and returns once it has taken each request. */
export async function createClusters(
  aks: ContainerServiceClient,
  clusters: readonly SampleCluster[],
): Promise<void> {
  await Promise.all(
    clusters.map(async ({ name, resourceGroup, location, tags }) => {
      const creation = aks.managedClusters.createOrUpdate(resourceGroup, name, {
        location,
        tags: { ...tags },
        identity: { type: "SystemAssigned" },
        dnsPrefix: name,
        kubernetesVersion: versionBefore,
        agentPoolProfiles: [
          {
            name: "system",
            mode: "System",
            count: 3,
            osType: "Linux",
            orchestratorVersion: versionBefore,
            type: "VirtualMachineScaleSets",
          },
        ],
      });
      await creation.submitted();
    }),
  );
}
