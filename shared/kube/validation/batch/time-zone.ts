/** What a part of a time zone's name is made of: "America", "Etc", "GMT+5". */
const zonePart = /^[A-Za-z._0-9+-]{1,14}$/;

/**
 * What is wrong with a time zone, a sentence each. A zone must be known to this runtime: "Local" is
 * the zone of whoever asks, so it says nothing.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones
 */
export function timeZoneErrors(zone: string): readonly string[] {
  if (zone === "") return ["timeZone must be nil or non-empty string"];
  if (!zone.split("/").every(isZonePart)) return [unknownZone(zone)];
  const isLocal = zone.toLowerCase() === "local";
  const because =
    "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
  const isKnown = zone === "Local" || isKnownZone(zone);
  return [...(isLocal ? [because] : []), ...(isKnown ? [] : [unknownZone(zone)])];
}

/** Why a schedule's own zone, "TZ=Europe/Paris", cannot be used; undefined when it can. */
export function scheduleZoneError(zone: string): string | undefined {
  if (zone === "" || zone === "Local" || isKnownZone(zone)) return undefined;
  const isNoName = zone.startsWith("/") || zone.includes("\\") || zone.includes("..");
  const because = isNoName ? "time: invalid location name" : unknownZone(zone);
  return `provided bad location ${zone}: ${because}`;
}

function isZonePart(part: string): boolean {
  return part !== "." && part !== ".." && !part.startsWith("-") && zonePart.test(part);
}

function isKnownZone(zone: string): boolean {
  // To the runtime "+01:00" is a zone too; in the IANA database it is none.
  if (zone.startsWith("+") || zone.startsWith("-")) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function unknownZone(zone: string): string {
  return `unknown time zone ${zone}`;
}
