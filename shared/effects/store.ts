import type {
  Document,
  FleetId,
  Key,
  Kind,
  Precondition,
  Revision,
  Write,
} from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";

/**
 * At most so many writes in one commit, where a delete counts twice (the document goes, its
 * tombstone comes): a Cosmos batch takes 100, two are the fleet log's own.
 */
export const commitWritesMax = 98;

/** A larger document is refused with `TooLarge`; Cosmos takes 2 MB an item and a batch. */
export const documentBytesMax = 1_500_000;

/** At most so many documents in one page of a list. */
export const pageDocumentsMax = 500;

/** What becomes of a commit. A race that is lost is an answer, not an exception. */
export type Committed =
  | {
      readonly kind: "saved";
      /** The revision of the commit; the current one when the commit changed nothing. */
      readonly revision: Revision;
      /** The documents as they are now, in the order of the writes; none for "count", "delete". */
      readonly documents: readonly (Document | undefined)[];
    }
  | { readonly kind: "changed-meanwhile"; readonly key?: Key };

export interface Commit {
  readonly fleet: FleetId;
  readonly writes: readonly Write[];
  readonly require?: readonly Precondition[];
}

export interface ListQuery<Body> {
  readonly fleet: FleetId;
  readonly kind: Kind<Body>;
  readonly namespace?: string;
  /** Only documents with this ref. */
  readonly ref?: string;
  /** At most and by default `pageDocumentsMax`. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

export interface Page<Body> {
  readonly documents: readonly Document<Body>[];
  /** There when more may follow. */
  readonly next?: string;
}

export type Changes =
  | {
      readonly kind: "changes";
      /** The newest state of each changed document (a tombstone has `deletedAt`), oldest first. */
      readonly documents: readonly Document[];
      /** All changes up to here are in `documents` or were in an earlier answer. */
      readonly upTo: Revision;
      /** More follow at once. */
      readonly more: boolean;
    }
  /** Tombstones of that time may be gone: list again. */
  | { readonly kind: "expired"; readonly horizon: Revision };

export interface Head {
  readonly revision: Revision;
  readonly horizon: Revision;
}

/**
 * The fleet log: a fleet's documents, each commit one increasing revision, compare-and-swap over
 * several documents, changes in commit order. `test/effects/store.contract.ts` says what each
 * implementation must do.
 *
 * Every call may throw `FleetError` "Unavailable" with `retryAfterSeconds` when the database is
 * busy or away; `commit` never when the commit was made.
 */
export interface Store {
  read<Body>(key: Key<Body>): Promise<Document<Body> | undefined>;
  /** In the order of their ids (namespace, then name). */
  list<Body>(query: ListQuery<Body>): Promise<Page<Body>>;
  /** Documents of a kind in any fleet, with the ref when one is given. Not for hot paths. */
  find<Body>(kind: Kind<Body>, ref?: string): Promise<readonly Document<Body>[]>;
  /** Keys of all documents, of any kind and fleet, that have the ref. */
  referring(ref: string): Promise<readonly Key[]>;
  /**
   * Makes all writes or none. A commit that changes nothing is "saved" and makes no revision. A
   * replace that changes nothing is left out and requires nothing: say "unchanged" to require it.
   * A document is written once a commit, except that counts add up, also to a new body.
   * Throws `TooLarge` for a document over `documentBytesMax` or 1.8 MB together, and `RangeError`
   * for more than `commitWritesMax` writes, for two fleets, and for counts where there are none.
   */
  commit(commit: Commit): Promise<Committed>;
  head(fleet: FleetId): Promise<Head>;
  changes(fleet: FleetId, after: Revision): Promise<Changes>;
  /** Resolves once reads are at least as new as the revision; throws "Unavailable" if they lag. */
  reached(fleet: FleetId, revision: Revision): Promise<void>;
  /** Keys of documents in any fleet whose `wakeAt` has passed; at most `limit`. */
  overdue(now: Instant, limit: number): Promise<readonly Key[]>;
}
