import type { Caller } from "../effects/callers.ts";
import type { SystemData } from "../fleet/model.ts";
import type { Instant } from "../lib/instant.ts";

/** Who changed a resource, and when; who created it stays. */
export function systemDataOf(
  caller: Caller,
  now: Instant,
  before: SystemData | undefined,
): SystemData {
  const type = caller.kind === "user" ? "User" : "Application";
  return {
    createdAt: before?.createdAt ?? now,
    createdBy: before?.createdBy ?? caller.name,
    createdByType: before?.createdByType ?? type,
    lastModifiedAt: now,
    lastModifiedBy: caller.name,
    lastModifiedByType: type,
  };
}
