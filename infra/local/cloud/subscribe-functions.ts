import { listingType, snapshotType } from "../../../shared/traffic/model.ts";
import type { EventGrid } from "../event-grid/start-event-grid.ts";
import type { FunctionsHostProcess } from "../functions-host/process.ts";

/** The event subscriptions that the template makes in Azure after each deployment. */
export async function subscribeFunctions(
  eventGrid: EventGrid,
  { url, keys }: FunctionsHostProcess,
  topic: string,
): Promise<void> {
  const endpoint = (name: string) => {
    const code = encodeURIComponent(keys.system["eventgrid_extension"] ?? "");
    return `${url}/runtime/webhooks/eventgrid?functionName=${name}&code=${code}`;
  };
  await eventGrid.subscribe({
    name: "azure-resources",
    source: { kind: "system" },
    endpoint: endpoint("on-cluster-event"),
    deliverySchema: "EventGrid",
  });
  await eventGrid.subscribe({
    name: "member-events",
    source: { kind: "topic", name: topic },
    endpoint: endpoint("on-member-event"),
    deliverySchema: "CloudEvents",
    filter: { includedEventTypes: [snapshotType, listingType] },
  });
}
