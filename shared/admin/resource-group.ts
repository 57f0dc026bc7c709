import { fleetKind } from "../fleet/model.ts";
import type { AdminRequest } from "./admin-request.ts";
import type { Answer } from "./answer.ts";
import { ArmError } from "./arm-error.ts";
import type { ArmPath } from "./arm-path.ts";

/**
 * `az fleet create` asks where the group is, to put the fleet there. Groups are not ours: one is
 * where a fleet in it is.
 */
export async function serveResourceGroup(
  { subscriptionId, group }: ArmPath & { readonly kind: "resource-group" },
  { effects }: AdminRequest,
): Promise<Answer> {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const fleets = await effects.store.find(fleetKind);
  const inside = fleets.find(({ key }) => key.fleet.startsWith(`${id.toLowerCase()}/`));
  if (inside === undefined) {
    const message = `Resource group '${group}' could not be found.`;
    throw new ArmError(404, "ResourceGroupNotFound", message);
  }
  return {
    status: 200,
    body: {
      id,
      name: group,
      type: "Microsoft.Resources/resourceGroups",
      location: inside.body.location,
      properties: { provisioningState: "Succeeded" },
    },
  };
}
