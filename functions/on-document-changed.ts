import { app } from "@azure/functions";
import { changedDocuments } from "../shared/azure/wire/changed-documents.ts";
import { effects } from "../shared/compose.ts";
import { wakeForDocuments } from "../shared/wake.ts";

/** Documents changed: each looks again, and each document that depends on one of them. */
app.cosmosDB("on-document-changed", {
  connection: "COSMOS",
  databaseName: "%COSMOS_DATABASE%",
  containerName: "documents",
  leaseContainerName: "leases",
  leaseContainerPrefix: "on-document-changed",
  feedPollDelay: 1000,
  maxItemsPerInvocation: 200,
  // Without a retry policy the change feed moves on after a failure, and the batch is lost.
  retry: {
    strategy: "exponentialBackoff",
    maxRetryCount: -1,
    minimumInterval: { seconds: 1 },
    maximumInterval: { minutes: 1 },
  },
  handler: async (items: unknown[]) => {
    await wakeForDocuments(changedDocuments(items), effects());
  },
});
