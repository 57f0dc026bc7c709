import { app } from "@azure/functions";
import { parseWake } from "../shared/azure/wire/wake.ts";
import { effects } from "../shared/compose.ts";
import { controllers } from "../shared/controllers.ts";
import { reconcile } from "../shared/reconcile/reconcile.ts";

/** A document looks again. The queue repeats a look that throws, then sets it aside as poison. */
app.storageQueue("on-wake", {
  connection: "QUEUES",
  queueName: "wakes",
  handler: async (message) => await reconcile(parseWake(message), controllers, effects()),
});
