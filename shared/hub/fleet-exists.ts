import type { Effects } from "../effects/effects.ts";
import { fleetKind } from "../fleet/model.ts";
import { ensureRoles } from "../kube/rbac/ensure-roles.ts";
import { ensureNamespaces, firstNamespaces } from "../kube/upkeep/ensure-namespaces.ts";
import { ensurePriorityClasses } from "../kube/upkeep/ensure-priority-classes.ts";
import { type FleetId, keyOf } from "../lib/document.ts";
import { builtInAccess } from "./access/fleet-roles.ts";
import { hubKinds } from "./kinds.ts";

/** How long a process believes that a fleet exists, and so many fleets. */
const fleetSecondsMax = 10;
const fleetsMax = 1_000;

const seenAt = new Map<FleetId, number>();

/**
 * Whether there is such a fleet: one point read in ten seconds. The first time that a process sees
 * a fleet, it makes sure of what each hub has from the start.
 */
export async function fleetExists(
  fleet: FleetId,
  name: string,
  { store, clock }: Pick<Effects, "store" | "clock">,
): Promise<boolean> {
  const now = Date.parse(clock.now());
  if (now - (seenAt.get(fleet) ?? 0) < fleetSecondsMax * 1000) return true;
  if ((await store.read(keyOf(fleetKind, fleet, name))) === undefined) return false;
  if (!seenAt.has(fleet)) {
    await ensureNamespaces({ store, fleet, kinds: hubKinds }, firstNamespaces);
    await ensurePriorityClasses({ store, fleet });
    await ensureRoles({ store, fleet }, builtInAccess);
  }
  if (seenAt.size >= fleetsMax) seenAt.clear();
  seenAt.set(fleet, now);
  return true;
}
