import type { Brand } from "./brand.ts";
import type { Instant } from "./instant.ts";

/** The lower-cased ARM id of a fleet: the logical partition that all of its documents live in. */
export type FleetId = Brand<string, "FleetId">;

/** A fleet's version: an integer that each commit increases. Kubernetes' `resourceVersion`. */
export type Revision = number;

declare const body: unique symbol;

/** A kind of document, as its group-qualified resource name, and what its documents hold. */
export type Kind<Body = unknown> = string & { readonly [body]?: Body };

/** `kind<Member>("cluster.kubernetes-fleet.io/memberclusters")` */
export function kind<Body>(name: string): Kind<Body> {
  return name as Kind<Body>;
}

/** Names one document. It is also what a wake carries: never the document, never the event. */
export interface Key<Body = unknown> {
  readonly fleet: FleetId;
  readonly kind: Kind<Body>;
  readonly namespace?: string;
  readonly name: string;
}

/** The current state of one thing that a fleet remembers. */
export interface Document<Body = unknown> {
  readonly key: Key<Body>;
  /** Another object of the same name, created later, has another uid. */
  readonly uid: string;
  readonly createdAt: Instant;
  readonly createdRevision: Revision;
  /** The revision of the commit that wrote it last. */
  readonly revision: Revision;
  /** Other documents of its kind were written at this revision, too. */
  readonly sharesRevision?: true;
  /** Counts the changes of what is wanted, not of what is so. Starts at 1. */
  readonly generation: number;
  /** Look again no later than this: an action or a later look is owed. */
  readonly wakeAt?: Instant;
  /** Set on a tombstone only: when the document was deleted. */
  readonly deletedAt?: Instant;
  /** What the document is found by, besides its key: "cluster:/subscriptions/…", "run:to-1.34". */
  readonly refs: readonly string[];
  /** Left out: its labels are those that it was created with. */
  readonly relabelled?: Relabelled;
  readonly body: Body;
}

/**
 * The last change of a document's labels (`body.metadata.labels`), so that who watches those with
 * some labels knows whether this one was among them.
 */
export interface Relabelled {
  readonly at: Revision;
  /** What they were until then, and since when. Left out when they were large. */
  readonly before?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly since: Revision;
  };
}

/** One change of a commit. All changes of a commit happen, or none. */
export type Write<Body = unknown> =
  | {
      readonly kind: "create";
      readonly key: Key<Body>;
      readonly body: Body;
      readonly refs?: readonly string[];
      readonly wakeAt?: Instant;
      /** Made by the store when left out. */
      readonly uid?: string;
    }
  | {
      readonly kind: "replace";
      /** As it was read: a newer version is never overwritten. */
      readonly document: Document<Body>;
      readonly body: Body;
      /** Left out: as it was. */
      readonly generation?: number;
      /** Left out: as they were. */
      readonly refs?: readonly string[];
      /** Left out: as it was; null: nothing is owed any more. */
      readonly wakeAt?: Instant | null;
    }
  | { readonly kind: "delete"; readonly document: Document<Body> }
  | {
      /**
       * Adds to the numbers in `body.counts`. It holds for any version of the document, so writers
       * of different members never race for one summary. At most 8 names.
       */
      readonly kind: "count";
      readonly key: Key<Body>;
      readonly add: Readonly<Record<string, number>>;
    };

/** What must still hold when a commit is made, besides the documents that it replaces. */
export type Precondition =
  | { readonly kind: "unchanged"; readonly document: Document }
  | { readonly kind: "absent"; readonly key: Key }
  | {
      /** Nothing of the kind was created, changed or deleted after the revision. */
      readonly kind: "none-changed-since";
      readonly fleet: FleetId;
      readonly documents: Kind;
      readonly revision: Revision;
    };

/** The Cosmos item id of a document, equal only for equal keys: "kind:namespace:name", encoded. */
export function itemId({ kind: of, namespace, name }: Key): string {
  return `${idPrefix(of, namespace ?? "")}${encodeURIComponent(name)}`;
}

/** What the ids of all documents of a kind, or of a kind in a namespace, begin with. */
export function idPrefix(of: Kind, namespace?: string): string {
  const ofKind = `${encodeURIComponent(of)}:`;
  return namespace === undefined ? ofKind : `${ofKind}${encodeURIComponent(namespace)}:`;
}

/** Equal for equal keys, also of different fleets. */
export function keyText(key: Key): string {
  return `${key.fleet}|${itemId(key)}`;
}

/** `keyOf(memberKind, fleet, "aks-1")`; a namespace for what lives in one. */
export function keyOf<Body>(
  of: Kind<Body>,
  fleet: FleetId,
  name: string,
  namespace?: string,
): Key<Body> {
  return { fleet, kind: of, ...(namespace !== undefined && { namespace }), name };
}
