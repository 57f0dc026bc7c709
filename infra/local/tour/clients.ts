/**
 * The outside interfaces that the tour uses, each through the client that a user would take: the
 * Azure SDKs, and the Kubernetes client with the kubeconfig that the cloud wrote.
 */
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { ContainerServiceFleetClient } from "@azure/arm-containerservicefleet";
import { NetworkManagementClient } from "@azure/arm-network";
import { ClientSecretCredential } from "@azure/identity";
import { KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { Endpoints } from "../endpoints.ts";

export interface TourClients {
  readonly endpoints: Endpoints;
  readonly aks: ContainerServiceClient;
  readonly network: NetworkManagementClient;
  readonly fleet: ContainerServiceFleetClient;
  readonly hub: KubernetesObjectApi;
  /** The Kubernetes API of a member cluster, by the cluster's name. */
  readonly member: (cluster: string) => KubernetesObjectApi;
}

/** The scope of ARM tokens, in Azure and on the laptop. */
const armScope = "https://management.azure.com/.default";

export function tourClients(endpoints: Endpoints): TourClients {
  const { tenantId, clientId, clientSecret, subscriptionId } = endpoints;
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: endpoints.issuer,
    disableInstanceDiscovery: true,
  });
  const arm = { endpoint: endpoints.arm, credentials: { scopes: [armScope] } };
  return {
    endpoints,
    aks: new ContainerServiceClient(credential, subscriptionId, arm),
    network: new NetworkManagementClient(credential, subscriptionId, arm),
    fleet: new ContainerServiceFleetClient(credential, subscriptionId, {
      endpoint: endpoints.admin,
      credentials: { scopes: [endpoints.scope] },
    }),
    hub: kubernetes(endpoints.kubeconfig, "hub"),
    member: (cluster) => kubernetes(endpoints.kubeconfig, cluster),
  };
}

function kubernetes(file: string, context: string): KubernetesObjectApi {
  const config = new KubeConfig();
  config.loadFromFile(file);
  config.setCurrentContext(context);
  return KubernetesObjectApi.makeApiClient(config);
}
