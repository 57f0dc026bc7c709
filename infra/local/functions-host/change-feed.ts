/** Changes of one range of a container, and where to go on after them. */
export interface ChangePage {
  readonly documents: readonly unknown[];
  readonly continuation: string;
}

/** A place in the changes of one range; it moves on with each page. */
export interface ChangeCursor {
  /** The next changes, none when there are none yet. Rejects with the service's errors. */
  next(): Promise<ChangePage>;
}

export type ChangeFeedStart =
  | { readonly kind: "continuation"; readonly continuation: string }
  | { readonly kind: "now" }
  | { readonly kind: "beginning" }
  | { readonly kind: "time"; readonly at: Date };

/** A range of hashed partition keys, from `minInclusive` to before `maxExclusive`. */
export interface FeedRange {
  readonly minInclusive: string;
  readonly maxExclusive: string;
}

/** What the change feed trigger needs of a container. */
export interface ChangeFeed {
  /** What names the container for good: a container that is made anew has another. */
  resourceId(): Promise<string>;
  ranges(): Promise<readonly FeedRange[]>;
  open(range: FeedRange, start: ChangeFeedStart): Promise<ChangeCursor>;
}

/** A small document in the lease container, with the ETag that a later save must still find. */
export interface Lease {
  readonly body: LeaseBody;
  readonly etag: string;
}

export interface LeaseBody {
  readonly ranges?: readonly FeedRange[];
  readonly continuation?: string;
}

export type LeaseSaved =
  | { readonly kind: "saved"; readonly lease: Lease }
  | { readonly kind: "changed-meanwhile" };

/** Where a trigger keeps how far it has come. */
export interface LeaseStore {
  read(id: string): Promise<Lease | undefined>;
  /** Replaces the lease that was read; without one, creates it. */
  save(id: string, body: LeaseBody, read: Lease | undefined): Promise<LeaseSaved>;
}
