/**
 * Writers in a process of their own: eight of them create items and batches of three until the
 * endpoint is gone. They tell when many were acknowledged, and in the end which ones.
 */
import { CosmosClient } from "@azure/cosmos";

const ids: string[] = [];
const unsure: string[][] = [];
const many = 600;

process.once("message", ({ url, key }: { readonly url: string; readonly key: string }) => {
  const container = new CosmosClient({ endpoint: url, key })
    .database("fleets")
    .container("documents");

  async function write(name: string): Promise<void> {
    for (let n = 0; ; n++) {
      const batch = ["a", "b", "c"].map((part) => `${name}-${n}-${part}`);
      const operations = batch.map((id) => ({
        operationType: "Create" as const,
        resourceBody: { id, fleet: "f" },
      }));
      try {
        await container.items.batch(operations, "f");
      } catch {
        unsure.push(batch);
        return;
      }
      ids.push(...batch);
      if (ids.length === many) process.send?.("many");
    }
  }

  void Promise.all(Array.from({ length: 8 }, async (_, n) => await write(`w${n}`))).then(() => {
    process.send?.({ ids, unsure }, () => process.exit(0));
  });
});
