import { app } from "@azure/functions";
import { effects } from "../shared/compose.ts";
import { lookAtWhatNoEventTold } from "../shared/look-at-what-no-event-told.ts";

/** What no event told: looks that are overdue, members' health, clusters that carry a tag. */
app.timer("every-five-minutes", {
  schedule: "0 */5 * * * *",
  runOnStartup: true,
  handler: async () => await lookAtWhatNoEventTold(effects()),
});
