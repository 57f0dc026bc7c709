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
