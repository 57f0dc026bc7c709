import type { MemberName } from "../fleet/model.ts";
import type { Instant } from "../lib/instant.ts";
import type { ExportSnapshot, SnapshotEvent } from "./model.ts";

/** How new what a relay tells is. */
export type Version = Pick<ExportSnapshot, "epoch" | "sequence">;

/** A relay that started later is right; of one relay's words, the last. */
export const isNewer = (one: Version, other: Version): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.sequence > other.sequence);

/** What an event leaves of a snapshot: what the relay saw is new, what we added stays. */
export function snapshotOfEvent(
  event: SnapshotEvent,
  member: MemberName,
  receivedAt: Instant,
  before?: ExportSnapshot,
): ExportSnapshot {
  return {
    conditions: [],
    ...before,
    member,
    namespace: event.namespace,
    name: event.name,
    epoch: event.epoch,
    sequence: event.sequence,
    observedAt: event.observedAt,
    receivedAt,
    export: event.export,
  };
}

/** What a listing leaves of a snapshot that it does not name: the export is over. */
export function withdrawn(before: ExportSnapshot, epoch: number, at: Instant): ExportSnapshot {
  return { ...before, epoch, sequence: 0, observedAt: at, receivedAt: at, export: null };
}
