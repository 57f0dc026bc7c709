/**
 * The region that a Global-tier load balancer is kept in. It is the resource's location only:
 * traffic enters at the region nearest to each client, and the loss of the home region does not
 * stop it.
 *
 * @see https://learn.microsoft.com/azure/load-balancer/cross-region-overview#home-regions-in-azure
 */
const homeRegions: ReadonlySet<string> = new Set([
  "centralus",
  "eastasia",
  "eastus2",
  "northeurope",
  "southeastasia",
  "uksouth",
  "usgovvirginia",
  "westeurope",
  "westus",
]);

/** By what a location's name begins or ends with; the first that fits. */
const nearest: readonly (readonly [location: RegExp, home: string])[] = [
  [/^usgov|^usdod/, "usgovvirginia"],
  [/^westus|^mexico/, "westus"],
  [/centralus$/, "centralus"],
  [/^uk/, "uksouth"],
  [/^(norway|sweden|finland|poland|denmark)/, "northeurope"],
  [/^(france|germany|switzerland|italy|spain|austria|belgium|israel|uae|qatar)/, "westeurope"],
  [/^southafrica/, "westeurope"],
  [/^(japan|korea|taiwan|china)/, "eastasia"],
  [/(india|jioindia|australia|indonesia|malaysia|newzealand)/, "southeastasia"],
];

/**
 * The fleet's own location when Azure allows it, else the home region nearest to it, else East US
 * 2. Takes "East US 2" as well as "eastus2". Members do not count: they come and go, and a load
 * balancer cannot move.
 */
export function homeRegion(fleetLocation: string): string {
  const location = fleetLocation.toLowerCase().replaceAll(" ", "");
  if (homeRegions.has(location)) return location;
  return nearest.find(([pattern]) => pattern.test(location))?.[1] ?? "eastus2";
}
