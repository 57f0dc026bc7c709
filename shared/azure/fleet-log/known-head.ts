import type { FleetId, Revision } from "../../lib/document.ts";
import { emptyHead, type HeadItem, headOf, type LogHead } from "./head.ts";
import { headId } from "./item.ts";
import type { Items } from "./items.ts";

/** A head as this process last saw it. Times are `performance.now()`. */
export interface SeenHead {
  readonly head: LogHead;
  /** Undefined: nobody has written to the fleet. */
  readonly etag: string | undefined;
  /** When this revision was first seen. */
  readonly firstSeenAt: number;
  /** When it was last known to be the newest. */
  readonly confirmedAt: number;
}

export interface KnownHead {
  latest(): SeenHead | undefined;
  /** Reads are at least as new as this revision. */
  readableRevision(): Revision;
  /** Asks the database; what is older than what is known is stale, and is not believed. */
  read(): Promise<SeenHead>;
  /** After a commit of this process. */
  committed(head: LogHead, etag: string | undefined): void;
  /** A document was read at this revision. */
  noticed(revision: Revision): void;
  /** What is known is not the newest any more. */
  outdate(): void;
  /** Until now nobody could commit: the time that the head is unchanged begins anew. */
  stoodStill(): void;
}

export function knownHead(fleet: FleetId, items: Items): KnownHead {
  let seen: SeenHead | undefined;
  let readable: Revision = 0;

  function see(head: LogHead, etag: string | undefined): SeenHead {
    const now = performance.now();
    if (seen !== undefined && head.revision < seen.head.revision) return seen;
    const isNew = head.revision !== seen?.head.revision;
    const firstSeenAt = isNew ? now : (seen?.firstSeenAt ?? now);
    seen = { head, etag, firstSeenAt, confirmedAt: now };
    return seen;
  }

  return {
    latest: () => seen,
    readableRevision: () => readable,
    async read() {
      const found = await items.read(fleet, headId);
      const head = found === undefined ? emptyHead : headOf(found.item as HeadItem);
      readable = Math.max(readable, head.revision);
      return see(head, found?.etag);
    },
    committed(head, etag) {
      if (etag === undefined) seen = undefined;
      else see(head, etag);
    },
    noticed(revision) {
      readable = Math.max(readable, revision);
    },
    stoodStill() {
      if (seen !== undefined) seen = { ...seen, firstSeenAt: performance.now() };
    },
    outdate() {
      if (seen !== undefined) seen = { ...seen, confirmedAt: Number.NEGATIVE_INFINITY };
    },
  };
}
