import type { CosmosClient, CosmosClientOptions, IndexingPolicy } from "@azure/cosmos";

/**
 * What the fleet log is queried by, and nothing else: each indexed value costs 0.2 request units a
 * write. `id` orders lists, `revision` changes.
 */
export const documentsIndexingPolicy = {
  indexingMode: "consistent",
  automatic: true,
  includedPaths: [
    { path: "/id/?" },
    { path: "/kind/?" },
    { path: "/revision/?" },
    { path: "/wakeAt/?" },
    { path: "/deletedAt/?" },
    { path: "/refs/[]/?" },
  ],
  excludedPaths: [{ path: "/*" }],
} as const satisfies IndexingPolicy;

export const documentsContainer = "documents";
export const leasesContainer = "leases";

/**
 * How a client of the fleet log meets a busy or broken service: not at all. The store has its own
 * retries, which know what was asked; the SDK's would hold a lost race for half a minute.
 */
export const fleetLogConnectionPolicy = {
  requestTimeout: 10_000,
  retryOptions: { maxRetryAttemptCount: 0 },
  enablePartitionLevelFailover: false,
} as const satisfies CosmosClientOptions["connectionPolicy"];

/** Creates the database and its containers where they are missing; in Azure the template does. */
export async function ensureContainers(client: CosmosClient, databaseId: string): Promise<void> {
  const { database } = await client.databases.createIfNotExists({ id: databaseId });
  await database.containers.createIfNotExists({
    id: documentsContainer,
    partitionKey: { paths: ["/fleet"], version: 2 },
    indexingPolicy: documentsIndexingPolicy as unknown as IndexingPolicy,
    // Items live forever, except those that say otherwise: tombstones.
    defaultTtl: -1,
  });
  await database.containers.createIfNotExists({
    id: leasesContainer,
    partitionKey: { paths: ["/id"], version: 2 },
  });
}
