/** The parts of an ARM resource id that we name things by. Matching ignores case, as ARM does. */
export interface ArmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** "microsoft.containerservice/managedclusters", lower-cased; of the outermost resource. */
  readonly type: string;
  readonly name: string;
  /** What follows the resource: "/agentPools/np1", "" for the resource itself. */
  readonly child: string;
}

const armId =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)(\/.*)?$/i;

/** Undefined for what is not the id of a resource in a resource group. */
export function parseArmId(text: string): ArmId | undefined {
  const match = armId.exec(text);
  if (match === null) return undefined;
  const [, subscriptionId = "", resourceGroup = "", type = "", name = "", child = ""] = match;
  return { subscriptionId, resourceGroup, type: type.toLowerCase(), name, child };
}

const clusterArmId = new RegExp(
  "^/subscriptions/[-\\w]+/resourcegroups/[-\\p{L}\\p{N}_.()]{0,89}[-\\p{L}\\p{N}_()]" +
    "/providers/microsoft\\.containerservice/managedclusters/[a-z0-9]([-_a-z0-9]{0,61}[a-z0-9])?$",
  "iu",
);

/**
 * Whether the text is the id of an AKS cluster, by the rules for names. ARM is never asked about
 * what no cluster can be called: a name ".." would lead to another resource.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export const isClusterArmId = (text: string): boolean => clusterArmId.test(text);
