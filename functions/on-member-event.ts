import { app } from "@azure/functions";
import { parseMemberEvent } from "../shared/azure/wire/member-event.ts";
import { effects } from "../shared/compose.ts";
import { saveSnapshot } from "../shared/traffic/save-snapshot.ts";

/** Something changed inside a member cluster, says its relay: what it saw is saved as its own. */
app.eventGrid("on-member-event", {
  handler: async (event) => await saveSnapshot(parseMemberEvent(event), effects()),
});
