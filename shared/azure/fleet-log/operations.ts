/** A group of commits as one Cosmos batch: all of it happens, or nothing. */
import type { Document, FleetId, Revision } from "../../lib/document.ts";
import { type Counts, sumOfCounts } from "./counts.ts";
import { frozen } from "./frozen.ts";
import { type HeadItem, headItem, type LogHead } from "./head.ts";
import { type DocumentItem, documentItem, headId, tombstoneItem } from "./item.ts";
import type { PlannedWrite } from "./planned-commit.ts";
import { createdDocument, replacedDocument, savingOf, tombstoneOf } from "./saved-document.ts";

/** An operation of a batch, as the service takes it. */
export type Operation =
  | { readonly operationType: "Create" | "Upsert"; readonly resourceBody: DocumentItem | HeadItem }
  | {
      readonly operationType: "Replace";
      readonly id: string;
      readonly ifMatch: string;
      readonly resourceBody: DocumentItem | HeadItem;
    }
  | { readonly operationType: "Delete"; readonly id: string; readonly ifMatch: string }
  | {
      readonly operationType: "Patch";
      readonly id: string;
      readonly resourceBody: { readonly operations: readonly PatchOperation[] };
    };

interface PatchOperation {
  readonly op: "set" | "incr";
  readonly path: string;
  readonly value: number;
}

export interface GroupBatch {
  readonly operations: readonly Operation[];
  /** What each operation leaves, where the group knows it all; for `documentsOf`. */
  readonly documents: readonly (Document | undefined)[];
  /** The item id that each operation writes, which says whose failure it is. */
  readonly ids: readonly string[];
}

export interface GroupOfWrites {
  readonly fleet: FleetId;
  readonly writes: readonly PlannedWrite[];
  /** By item id, for what is replaced or deleted. */
  readonly etags: ReadonlyMap<string, string>;
  readonly tombstoneSeconds: number;
}

/** The head comes first: when it fails, the race is lost; when another does, only its commit is. */
export function groupBatch(
  head: { readonly next: LogHead; readonly etag: string | undefined },
  { fleet, writes, etags, tombstoneSeconds }: GroupOfWrites,
): GroupBatch {
  const { revision } = head.next;
  const savingFor = savingOf(writes, revision);
  const parts: { operation: Operation; id: string; document?: Document }[] = [
    { operation: headOperation(headItem(fleet, head.next), head.etag), id: headId },
  ];
  for (const write of writes) {
    const { id } = write;
    const ifMatch = etags.get(id) ?? "";
    const saving = savingFor(write);
    switch (write.kind) {
      case "create": {
        const document = frozen(createdDocument(write, saving));
        const resourceBody = documentItem(document);
        parts.push({ operation: { operationType: "Create", resourceBody }, id, document });
        break;
      }
      case "replace": {
        const document = frozen(replacedDocument(write, saving));
        const resourceBody = documentItem(document);
        const operation = { operationType: "Replace", id, ifMatch, resourceBody } as const;
        parts.push({ operation, id, document });
        break;
      }
      case "delete": {
        const tombstone = tombstoneOf(write.before, write, saving);
        const resourceBody = tombstoneItem(tombstone, tombstoneSeconds);
        parts.push({ operation: { operationType: "Delete", id, ifMatch }, id });
        parts.push({ operation: { operationType: "Upsert", resourceBody }, id });
        break;
      }
      case "count":
        break;
    }
  }
  for (const [id, add] of summedCounts(writes)) {
    parts.push({ operation: countOperation(id, revision, add), id });
  }
  return {
    operations: parts.map(({ operation }) => operation),
    documents: parts.map(({ document }) => document),
    ids: parts.map(({ id }) => id),
  };
}

function headOperation(item: HeadItem, etag: string | undefined): Operation {
  if (etag === undefined) return { operationType: "Create", resourceBody: item };
  return { operationType: "Replace", id: headId, ifMatch: etag, resourceBody: item };
}

function countOperation(id: string, revision: Revision, add: Counts): Operation {
  const operations: PatchOperation[] = [{ op: "set", path: "/revision", value: revision }];
  for (const [name, value] of Object.entries(add)) {
    operations.push({ op: "incr", path: `/body/counts/${name}`, value });
  }
  return { operationType: "Patch", id, resourceBody: { operations } };
}

function summedCounts(writes: readonly PlannedWrite[]): ReadonlyMap<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const write of writes) {
    if (write.kind !== "count") continue;
    counts.set(write.id, sumOfCounts(counts.get(write.id) ?? {}, write.add));
  }
  return counts;
}
