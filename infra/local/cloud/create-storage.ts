import { CosmosClient } from "@azure/cosmos";
import { QueueServiceClient } from "@azure/storage-queue";
import { ensureContainers } from "../../../shared/azure/fleet-log/containers.ts";
import type { Azurite } from "../azurite/azurite.ts";

/** What Bicep makes in Azure: the database, its containers, and the queue of wakes. */
export async function createStorage({
  cosmos,
  queues,
}: {
  readonly cosmos: { readonly url: string; readonly key: string };
  readonly queues: Azurite;
}): Promise<void> {
  const client = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
  const service = QueueServiceClient.fromConnectionString(queues.connectionString);
  await Promise.all([
    ensureContainers(client, "hubless").finally(() => client.dispose()),
    service.getQueueClient("wakes").createIfNotExists(),
    service.getQueueClient("wakes-poison").createIfNotExists(),
  ]);
}
