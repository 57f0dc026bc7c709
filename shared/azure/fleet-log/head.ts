/**
 * The head of a fleet's log: the item that each commit replaces with its ETag, so that commits
 * happen one after another and each knows what the one before left.
 */
import type { FleetId, Revision } from "../../lib/document.ts";
import type { Instant } from "../../lib/instant.ts";
import { afterCommit, type Horizon, noHorizon } from "./horizon.ts";
import { headId } from "./item.ts";

/** A process that commits, and its last commit: what became of it, and whose turn is next. */
export interface Writer {
  readonly id: string;
  /** Counts the commits that it tried. */
  readonly commit: number;
  /** The revision that the commit made. */
  readonly revision: Revision;
  /** When, in milliseconds since 1970, by its own clock. */
  readonly at: number;
  readonly next: NextTry;
}

/** When a writer said that it commits again: at its next turn, or still in this one. */
export type NextTry = "unknown" | "next-turn" | "this-turn";

/** As they are stored: by their place. */
const nextTries: readonly NextTry[] = ["unknown", "next-turn", "this-turn"];

export interface LogHead extends Horizon {
  readonly revision: Revision;
  /** Last writer first. */
  readonly writers: readonly Writer[];
}

/** The head of a fleet that nobody has written to. */
export const emptyHead: LogHead = { revision: 0, writers: [], ...noHorizon };

/** As many writers are remembered, and more while they are so fresh that one may be in doubt. */
const writersMax = 64;
const rememberedMilliseconds = 10 * 60_000;
const inDoubtMilliseconds = 90_000;

export interface NextCommit {
  readonly writer: Pick<Writer, "id" | "commit" | "next">;
  readonly now: Instant;
  readonly tombstoneSeconds: number;
}

export function nextHead(head: LogHead, { writer, ...tombstones }: NextCommit): LogHead {
  const revision = head.revision + 1;
  const at = Date.parse(tombstones.now);
  const isRemembered = (each: Writer, index: number) =>
    at - each.at < (index < writersMax ? rememberedMilliseconds : inDoubtMilliseconds);
  return {
    revision,
    ...afterCommit(head, revision, tombstones),
    writers: [
      { ...writer, revision, at },
      ...head.writers.filter(({ id }) => id !== writer.id).filter(isRemembered),
    ],
  };
}

type WriterItem = readonly [id: string, commit: number, revision: number, at: number, next: number];

/** Written with each commit, hence short: a request unit is about a kilobyte. */
export interface HeadItem {
  readonly id: typeof headId;
  readonly fleet: FleetId;
  readonly body: Omit<LogHead, "writers"> & { readonly writers: readonly WriterItem[] };
}

export function headItem(fleet: FleetId, { writers, ...head }: LogHead): HeadItem {
  return {
    id: headId,
    fleet,
    body: {
      ...head,
      writers: writers.map(({ id, commit, revision, at, next }) => [
        id,
        commit,
        revision,
        at,
        nextTries.indexOf(next),
      ]),
    },
  };
}

export function headOf({ body: { writers, revision, horizon, marks } }: HeadItem): LogHead {
  return {
    revision,
    horizon,
    marks,
    writers: writers.map(([id, commit, of, at, next]) => ({
      id,
      commit,
      revision: of,
      at,
      next: nextTries[next] ?? "unknown",
    })),
  };
}

/** What became of a commit whose answer was lost, as far as a head can tell. */
export type Fate =
  | { readonly kind: "saved"; readonly revision: Revision }
  /** Another commit took its place: it can never happen any more. */
  | { readonly kind: "lost" }
  /** It has not happened, and still may. */
  | { readonly kind: "open" };

export function fateOf(
  { id, commit, revision }: Pick<Writer, "id" | "commit" | "revision">,
  head: LogHead,
): Fate {
  const found = head.writers.find((writer) => writer.id === id);
  if (found?.commit === commit && found.revision === revision) return { kind: "saved", revision };
  return head.revision >= revision ? { kind: "lost" } : { kind: "open" };
}
