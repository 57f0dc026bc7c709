import type { TourClients } from "./tour/clients.ts";

/** Puts the fleet through the product's own API; an equal PUT changes nothing. */
export async function ensureFleet({ fleet, endpoints }: TourClients): Promise<void> {
  const { resourceGroup, fleetName } = endpoints;
  await fleet.fleets.create(resourceGroup, fleetName, { location: "westeurope" });
}
