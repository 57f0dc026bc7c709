/**
 * A commit as the fleet log makes it: checked, sized, and without what changes nothing.
 *
 * P1. A replace whose body, refs, generation and wakeAt are deeply equal to what was read is left
 *     out. It is no precondition either: who needs it unchanged says so in `require`.
 * P2. Counts of one document are added up. Counts of a document that is created or replaced in the
 *     same commit are added to its new body.
 * P3. Uid and createdAt are chosen here, once, so that a commit that is tried again is the same.
 */
import { isDeepStrictEqual } from "node:util";
import { type Commit, commitWritesMax, documentBytesMax } from "../../effects/store.ts";
import {
  type Document,
  itemId,
  type Key,
  keyText,
  type Precondition,
  type Write,
} from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import type { Instant } from "../../lib/instant.ts";
import { type Counts, checkedCounts, countNamesMax, sumOfCounts, withCounts } from "./counts.ts";
import { frozen } from "./frozen.ts";

/** All documents of a commit together; Cosmos takes 2 MB a batch, with its envelope. */
export const commitBytesMax = 1_800_000;

/** Cosmos takes 1,023; a tombstone's id is the document's with more around it. */
export const idCharactersMax = 900;

/** A document that does not know its revision yet. */
export type Unsaved = Omit<Document, "revision" | "createdRevision">;

export interface PlannedReplace {
  readonly kind: "replace";
  readonly id: string;
  readonly key: Key;
  readonly before: Document;
  readonly after: Unsaved;
  readonly bytes: number;
}

export type PlannedWrite =
  | {
      readonly kind: "create";
      readonly id: string;
      readonly key: Key;
      readonly after: Unsaved;
      readonly bytes: number;
    }
  | PlannedReplace
  | {
      readonly kind: "delete";
      readonly id: string;
      readonly key: Key;
      readonly before: Document;
      readonly deletedAt: Instant;
    }
  | { readonly kind: "count"; readonly id: string; readonly key: Key; readonly add: Counts };

export interface PlannedCommit {
  readonly commit: Commit;
  readonly writes: readonly PlannedWrite[];
  readonly require: readonly Precondition[];
  /** A delete is two: the document goes, its tombstone comes. */
  readonly operations: number;
  readonly bytes: number;
}

export interface Planning {
  readonly now: Instant;
  readonly newUid: () => string;
}

/** Throws `RangeError` for what no commit may hold, and `TooLarge` or `Invalid` for a document. */
export function plannedCommit(commit: Commit, planning: Planning): PlannedCommit {
  const require = commit.require ?? [];
  checkOneFleet(commit, require);
  checkOperations(commit.writes);

  const counts = countsById(commit.writes);
  const writes: PlannedWrite[] = [];
  const written = new Set<string>();
  let bytes = 0;
  for (const write of commit.writes) {
    if (write.kind === "count") continue;
    const planned = plannedWrite(write, counts, planning);
    if (written.has(planned.id)) throw writtenTwice(planned.key);
    written.add(planned.id);
    counts.delete(planned.id);
    if (planned.kind === "replace" && changesNothing(planned)) continue;
    writes.push(planned);
    bytes += bytesOf(planned);
  }
  for (const [id, { key, add }] of counts) {
    if (Object.keys(add).length > 0) writes.push({ kind: "count", id, key, add });
  }
  if (bytes > commitBytesMax) throw tooLarge(`commit of ${writes.length} documents`, bytes);
  return { commit, writes, require, operations: operationsOf(writes), bytes };
}

/** What each write of the commit left, in its order; what was saved is found by its item id. */
export function documentsOf(
  commit: Commit,
  saved: ReadonlyMap<string, Document>,
): readonly (Document | undefined)[] {
  return commit.writes.map((write) => {
    if (write.kind === "create") return saved.get(itemId(write.key));
    if (write.kind !== "replace") return undefined;
    return saved.get(itemId(write.document.key)) ?? write.document;
  });
}

function plannedWrite(
  write: Exclude<Write, { kind: "count" }>,
  counts: ReadonlyMap<string, { readonly add: Counts }>,
  { now, newUid }: Planning,
): PlannedWrite {
  const key = write.kind === "create" ? write.key : write.document.key;
  const id = checkedId(key);
  const add = counts.get(id)?.add ?? {};
  switch (write.kind) {
    case "create": {
      const { body, refs = [], uid = newUid(), wakeAt } = write;
      const fresh = { key, uid, createdAt: now, generation: 1, refs };
      const after = { ...fresh, body: withCounts(key, body, add), ...(wakeAt && { wakeAt }) };
      return { kind: "create", id, key, ...asStored(after) };
    }
    case "replace": {
      const { document: before, body, generation, refs, wakeAt } = write;
      const { revision: _, createdRevision: __, wakeAt: wasAt, ...rest } = before;
      const at = wakeAt === undefined ? wasAt : wakeAt;
      const after = {
        ...rest,
        generation: generation ?? before.generation,
        refs: refs ?? before.refs,
        body: withCounts(key, body, add),
        ...(at && { wakeAt: at }),
      };
      return { kind: "replace", id, key, before, ...asStored(after) };
    }
    case "delete":
      if (Object.keys(add).length > 0) throw writtenTwice(key);
      return { kind: "delete", id, key, before: write.document, deletedAt: now };
  }
}

/** What a JSON database makes of a document: no `undefined`, nothing shared with the caller. */
function asStored(given: Unsaved): { readonly after: Unsaved; readonly bytes: number } {
  const text = JSON.stringify({ ...given, body: given.body ?? null });
  const bytes = Buffer.byteLength(text);
  if (bytes > documentBytesMax) throw tooLarge(`document "${keyText(given.key)}"`, bytes);
  return { after: frozen(JSON.parse(text) as Unsaved), bytes };
}

function changesNothing({ before, after }: PlannedReplace): boolean {
  return (
    before.generation === after.generation &&
    before.wakeAt === after.wakeAt &&
    isDeepStrictEqual(before.refs, after.refs) &&
    isDeepStrictEqual(before.body, after.body)
  );
}

function bytesOf(planned: PlannedWrite): number {
  switch (planned.kind) {
    case "count":
      return 0;
    case "delete":
      return Buffer.byteLength(JSON.stringify(planned.before));
    case "create":
    case "replace":
      return planned.bytes;
  }
}

function countsById(writes: readonly Write[]): Map<string, { key: Key; add: Counts }> {
  const counts = new Map<string, { key: Key; add: Counts }>();
  for (const write of writes) {
    if (write.kind !== "count") continue;
    const { key } = write;
    const id = checkedId(key);
    const add = sumOfCounts(counts.get(id)?.add ?? {}, checkedCounts(key, write.add));
    if (Object.keys(add).length > countNamesMax) checkedCounts(key, add);
    counts.set(id, { key, add: Object.fromEntries(Object.entries(add).filter(([, by]) => by)) });
  }
  return counts;
}

function checkedId(key: Key): string {
  const id = itemId(key);
  if (id.length > idCharactersMax) {
    throw new FleetError(
      "Invalid",
      `Cannot save "${id.slice(0, 80)}…": its id must be at most ${idCharactersMax} characters`,
    );
  }
  return id;
}

function checkOneFleet({ fleet, writes }: Commit, require: readonly Precondition[]): void {
  const fleets = [
    ...writes.map((write) => ("document" in write ? write.document.key.fleet : write.key.fleet)),
    ...require.map((each) => {
      if (each.kind === "none-changed-since") return each.fleet;
      return each.kind === "absent" ? each.key.fleet : each.document.key.fleet;
    }),
  ];
  const other = fleets.find((each) => each !== fleet);
  if (other !== undefined) {
    throw new RangeError(`Cannot commit to fleet "${fleet}": "${other}" must be the same fleet`);
  }
}

function operationsOf(writes: readonly { readonly kind: Write["kind"] }[]): number {
  return writes.length + writes.filter(({ kind }) => kind === "delete").length;
}

function checkOperations(writes: readonly Write[]): void {
  const operations = operationsOf(writes);
  if (operations > commitWritesMax) {
    throw new RangeError(
      `Cannot commit ${operations} writes, each delete as two: must be at most ${commitWritesMax}`,
    );
  }
}

function writtenTwice(key: Key): RangeError {
  return new RangeError(`Cannot commit: "${keyText(key)}" must be written once`);
}

function tooLarge(what: string, bytes: number): FleetError {
  const limit = what.startsWith("commit") ? commitBytesMax : documentBytesMax;
  return new FleetError(
    "TooLarge",
    `Cannot save ${what} of ${bytes} bytes: must be at most ${limit} bytes`,
  );
}
