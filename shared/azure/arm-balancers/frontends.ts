import type { NetworkManagementClient } from "@azure/arm-network";
import type { NodeGroup } from "../../effects/balancers.ts";
import { notThere } from "../arm-errors.ts";

/** All exports of a member are looked at together when its relay starts: one list serves all. */
const secondsFreshMax = 10;

/** An address that a list has not is looked for again, but not at each ask. */
const secondsBetweenListsMin = 1;

/** So many resource groups are remembered. */
const groupsMax = 256;

/** More public addresses in one node resource group are not looked at. */
const addressesMax = 2000;

interface Listed {
  readonly atMilliseconds: number;
  readonly byAddress: Promise<ReadonlyMap<string, string>>;
}

export type FindFrontend = (
  client: NetworkManagementClient,
  group: NodeGroup,
  address: string,
) => Promise<string | undefined>;

/**
 * Finds the frontend that has a public address among those of one resource group. AKS keeps the
 * addresses of a cluster's Services in its node resource group; one that a person made elsewhere,
 * and named in an annotation, is not found.
 */
export function frontendFinder(): FindFrontend {
  const lists = new Map<string, Listed>();
  return async (client, { subscriptionId, resourceGroup }, address) => {
    const key = `${subscriptionId}/${resourceGroup}`.toLowerCase();
    const known = lists.get(key);
    const ageSeconds = (performance.now() - (known?.atMilliseconds ?? 0)) / 1000;
    if (known !== undefined && ageSeconds < secondsFreshMax) {
      const frontend = (await known.byAddress).get(address);
      if (frontend !== undefined || ageSeconds < secondsBetweenListsMin) return frontend;
    }
    const listed = { atMilliseconds: performance.now(), byAddress: list(client, resourceGroup) };
    listed.byAddress.catch(() => lists.delete(key));
    lists.set(key, listed);
    if (lists.size > groupsMax) lists.delete(lists.keys().next().value ?? key);
    return (await listed.byAddress).get(address);
  };
}

async function list(
  client: NetworkManagementClient,
  resourceGroup: string,
): Promise<ReadonlyMap<string, string>> {
  const frontends = new Map<string, string>();
  try {
    let seen = 0;
    for await (const each of client.publicIPAddresses.list(resourceGroup)) {
      const frontend = each.ipConfiguration?.id;
      if (each.ipAddress !== undefined && frontend !== undefined && isFrontend(frontend)) {
        frontends.set(each.ipAddress, frontend);
      }
      if (++seen === addressesMax) break;
    }
  } catch (error) {
    notThere(error);
  }
  return frontends;
}

/** Nodes and NAT gateways have public addresses too. */
const isFrontend = (id: string): boolean =>
  /\/loadbalancers\/[^/]+\/frontendipconfigurations\//i.test(id);
