import type { Endpoints } from "../endpoints.ts";
import type { Identities } from "./identities.ts";

/** The app settings of the Functions host: what Bicep sets in Azure. */
export function hostEnvironment(
  endpoints: Endpoints,
  { product, apiClientId }: Identities,
  keys: { readonly cosmosKey: string; readonly queues: string; readonly secretsFile: string },
): Readonly<Record<string, string>> {
  return {
    PUBLIC_URL: endpoints.admin,
    API_CLIENT_ID: apiClientId,
    AZURE_TENANT_ID: endpoints.tenantId,
    AZURE_CLIENT_ID: product.clientId,
    AZURE_CLIENT_SECRET: product.clientSecret,
    AZURE_AUTHORITY_HOST: endpoints.issuer,
    COSMOS__accountEndpoint: endpoints.cosmos,
    COSMOS__accountKey: keys.cosmosKey,
    COSMOS_DATABASE: "hubless",
    QUEUES: keys.queues,
    AzureWebJobsStorage: keys.queues,
    EVENT_GRID_TOPIC_ENDPOINT: endpoints.eventGrid,
    EVENT_GRID_TOPIC_KEY: endpoints.eventGridKey,
    ARM_ENDPOINT: endpoints.arm,
    HUB_CA_FILE: endpoints.caFile,
    SECRETS_KEY_FILE: keys.secretsFile,
    // Ctrl-C should not wait for what the queue brings again anyway.
    FUNCTIONS_HOST_DRAIN_SECONDS: "1",
  };
}
