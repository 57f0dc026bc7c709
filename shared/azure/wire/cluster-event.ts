import { z } from "zod";
import { isClusterArmId } from "../../lib/arm-id.ts";
import { FleetError } from "../../lib/fleet-error.ts";

/**
 * The part that we read of an Event Grid event about an Azure resource.
 *
 * `topic` is the cluster's ARM id for AKS's own events and the subscription's for resource events,
 * whose `subject` names the resource. AKS also sends `data.nodePoolName`; it is left out on
 * purpose: a cluster rolls pool by pool, and an event can come late, twice or never, so one pool's
 * success says nothing about the cluster.
 *
 * @see https://learn.microsoft.com/azure/event-grid/event-schema-aks
 * @see https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions
 */
const resourceEvent = z.object({
  eventType: z.string().max(200),
  topic: z.string().max(2000),
  subject: z.string().max(2000),
  data: z
    .object({ operationName: z.string().max(500).optional() })
    .optional()
    .catch(undefined),
});

/**
 * An action that only reads, as "…/managedClusters/listClusterUserCredential/action". The product
 * asks for credentials itself: a look that followed from its own question would ask again.
 */
const reading = /\/list[a-z]*\/action$/i;

/** The lower-cased ARM id of the resource that an event is about. */
export type ChangedResource = string;

const inGroup = "^/subscriptions/[^/]+/resourcegroups/[^/]+/providers/";
const clusterOrChild = new RegExp(`${inGroup}microsoft\\.containerservice/managedclusters/[^/]+`);
const network = new RegExp(`${inGroup}microsoft\\.network/(loadbalancers|publicipaddresses)/[^/]+`);

/**
 * The cluster, load balancer or public address that an event is about, without its child (an
 * agent pool's event is about its cluster); undefined for other resources, and where somebody only
 * read. Throws `Invalid` for what is no Event Grid event: Event Grid sends it again and then to its
 * dead letters.
 */
export function changedResource(event: unknown): ChangedResource | undefined {
  const parsed = resourceEvent.safeParse(event);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new FleetError("Invalid", `Cannot read event: "${field}" must be a text`, { field });
  }
  const { eventType, topic, subject, data } = parsed.data;
  if (reading.test(data?.operationName ?? "")) return undefined;
  const about = eventType.startsWith("Microsoft.ContainerService.") ? topic : subject;
  const id = about.toLowerCase();
  const cluster = clusterOrChild.exec(id)?.[0];
  if (cluster !== undefined) return isClusterArmId(cluster) ? cluster : undefined;
  return network.exec(id)?.[0];
}

/** Whether the resource is an AKS cluster, which may have to join or leave. */
export const isCluster = (resource: ChangedResource): boolean => isClusterArmId(resource);
