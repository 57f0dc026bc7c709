import { parseArmId } from "../lib/arm-id.ts";
import type { FleetId } from "../lib/document.ts";
import { shortHash } from "../lib/hash.ts";
import type { BalancerIds } from "./model.ts";

/** Azure takes 80 characters: "hubless-" 8, a fleet's name at most 63, "-" 1, the hash 8. */
const hashLength = 8;

/** Azure takes no longer value of a tag. */
const tagValueMax = 256;

/**
 * Where the load balancer and the address of a MultiClusterService are: in the fleet's resource
 * group, under a name that follows from the fleet and the object alone, so that every look and
 * every retry means the same two resources.
 */
export function balancerIds(fleetArmId: string, namespace: string, name: string): BalancerIds {
  const fleet = parseArmId(fleetArmId);
  if (fleet === undefined) {
    throw new RangeError(`Cannot name load balancer of fleet "${fleetArmId}": must be an ARM id`);
  }
  const hash = shortHash(`${fleetArmId.toLowerCase()}|${namespace}/${name}`, hashLength);
  const resource = `hubless-${fleet.name.toLowerCase()}-${hash}`;
  const group = `/subscriptions/${fleet.subscriptionId}/resourceGroups/${fleet.resourceGroup}`;
  return {
    loadBalancerId: `${group}/providers/Microsoft.Network/loadBalancers/${resource}`,
    publicIpId: `${group}/providers/Microsoft.Network/publicIPAddresses/${resource}`,
  };
}

/** By these a fleet knows what is its own: nothing without them is changed or deleted. */
export function balancerTags(
  fleet: FleetId,
  namespace: string,
  name: string,
): Readonly<Record<"hubless-fleet" | "hubless-service", string>> {
  return { "hubless-fleet": fleet.slice(-tagValueMax), "hubless-service": `${namespace}/${name}` };
}

/** Whether a resource carries the tags, whatever others it has. */
export function hasTags(
  tags: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => tags[name] === value);
}
