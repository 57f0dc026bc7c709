import { withCounts } from "../../../shared/azure/fleet-log/counts.ts";
import type {
  PlannedCommit,
  PlannedWrite,
} from "../../../shared/azure/fleet-log/planned-commit.ts";
import {
  createdDocument,
  replacedDocument,
  type Saving,
  savingOf,
  tombstoneOf,
} from "../../../shared/azure/fleet-log/saved-document.ts";
import {
  type Document,
  itemId,
  type Key,
  type Precondition,
  type Revision,
} from "../../../shared/lib/document.ts";
import type { FleetDocuments } from "./fleet-documents.ts";

export type Written =
  | { readonly kind: "written"; readonly documents: readonly Document[] }
  | { readonly kind: "changed-meanwhile"; readonly key?: Key };

/** What a commit makes of the documents, or the first thing that did not hold any more. */
export function writtenDocuments(
  { writes, require }: PlannedCommit,
  documents: FleetDocuments,
  revision: Revision,
): Written {
  for (const each of require) {
    if (holds(each, documents)) continue;
    if (each.kind === "none-changed-since") return { kind: "changed-meanwhile" };
    return {
      kind: "changed-meanwhile",
      key: each.kind === "absent" ? each.key : each.document.key,
    };
  }
  const savingFor = savingOf(writes, revision);
  const written: Document[] = [];
  for (const write of writes) {
    const document = writtenDocument(write, documents.get(write.id), savingFor(write));
    if (document === undefined) return { kind: "changed-meanwhile", key: write.key };
    written.push(document);
  }
  return { kind: "written", documents: written };
}

function holds(precondition: Precondition, documents: FleetDocuments): boolean {
  switch (precondition.kind) {
    case "unchanged": {
      const { document } = precondition;
      return isCurrent(document, documents.get(itemId(document.key)));
    }
    case "absent":
      return documents.get(itemId(precondition.key)) === undefined;
    case "none-changed-since":
      return documents.lastChangeOf(precondition.documents) <= precondition.revision;
  }
}

function writtenDocument(
  write: PlannedWrite,
  current: Document | undefined,
  saving: Saving,
): Document | undefined {
  switch (write.kind) {
    case "create":
      if (current !== undefined) return undefined;
      return createdDocument(write, saving);
    case "replace":
      if (!isCurrent(write.before, current)) return undefined;
      return replacedDocument(write, saving);
    case "delete": {
      if (current === undefined || !isCurrent(write.before, current)) return undefined;
      return tombstoneOf(current, write, saving);
    }
    case "count": {
      if (current === undefined) return undefined;
      return {
        ...current,
        revision: saving.revision,
        body: withCounts(write.key, current.body, write.add),
      };
    }
  }
}

/** A revision belongs to one commit, so an equal one is an equal document. */
function isCurrent(seen: Document, current: Document | undefined): boolean {
  return (
    current !== undefined &&
    seen.deletedAt === undefined &&
    seen.revision === current.revision &&
    seen.uid === current.uid
  );
}
