import { app } from "@azure/functions";
import { changedResource, isCluster } from "../shared/azure/wire/cluster-event.ts";
import { effects } from "../shared/compose.ts";
import { clusterIdOf } from "../shared/fleet/model.ts";
import { wakeForCluster, wakeForResource } from "../shared/wake.ts";

/** An Azure resource changed, says Event Grid: the documents that are about it look again. */
app.eventGrid("on-cluster-event", {
  handler: async (event) => {
    const resource = changedResource(event);
    if (resource === undefined) return;
    if (isCluster(resource)) await wakeForCluster(clusterIdOf(resource), effects());
    else await wakeForResource(resource, effects());
  },
});
