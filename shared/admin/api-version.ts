import { ArmError } from "./arm-error.ts";

const wellFormed = /^(\d{4}-\d{2}-\d{2})(-preview)?$/;

/** The first versions of the fleets API, and of what ARM itself has: groups, operations. */
const firstOf = { resource: "2022-09-02", other: "2015-01-01" } as const;

/**
 * The request's api-version: required, and well-formed. Any from the first on is served, as the
 * nearest that is known: resources differ only in fields that were added.
 */
export function apiVersionOf(url: URL, of: keyof typeof firstOf): string {
  const first = firstOf[of];
  const version = url.searchParams.get("api-version") ?? "";
  if (version === "") {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    throw new ArmError(400, "MissingApiVersionParameter", message);
  }
  if (!wellFormed.test(version) || version.slice(0, 10) < first) {
    const message = `Cannot serve api-version "${version}": must be a date from ${first} on`;
    throw new ArmError(400, "NoRegisteredProviderFound", message);
  }
  return version;
}

/** Whether callers of this version know what came with that one: "2026-02-01". */
export const knows = (version: string, since: string): boolean => version.slice(0, 10) >= since;
