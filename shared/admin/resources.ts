/** Every resource that the ARM face serves: a file each in resources/, and a line here. */
import { fleetResource } from "./resources/fleet.ts";
import { memberResource } from "./resources/member.ts";
import { updateRunResource } from "./resources/update-run.ts";
import { updateStrategyResource } from "./resources/update-strategy.ts";
import { type ServedResource, served } from "./served-resource.ts";

export const resources: readonly ServedResource[] = [
  served(fleetResource),
  served(memberResource),
  served(updateStrategyResource),
  served(updateRunResource),
];
