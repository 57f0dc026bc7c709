import { app } from "@azure/functions";
import { effects } from "../shared/compose.ts";
import { reportPoison } from "../shared/report-poison.ts";

/** A document could not look again five times: people hear of it. */
app.storageQueue("on-poison-wake", {
  connection: "QUEUES",
  queueName: "wakes-poison",
  handler: async (message) => await reportPoison(message, effects()),
});
