import type { Document, Revision } from "../../lib/document.ts";
import type { PlannedWrite, Unsaved } from "./planned-commit.ts";
import { relabelled } from "./relabelled.ts";

/** The revision that a document is saved at, and whether others of its kind are, too. */
export interface Saving {
  readonly revision: Revision;
  readonly sharesRevision: boolean;
}

/** How each of the writes that are made together is saved. */
export function savingOf(
  writes: readonly PlannedWrite[],
  revision: Revision,
): (write: PlannedWrite) => Saving {
  const byKind = Map.groupBy(writes, ({ key }) => key.kind);
  return ({ key }) => ({ revision, sharesRevision: (byKind.get(key.kind)?.length ?? 0) > 1 });
}

type Planned<Of extends PlannedWrite["kind"]> = Extract<PlannedWrite, { kind: Of }>;

export function createdDocument({ after }: Planned<"create">, saving: Saving): Document {
  return saved({ ...after, createdRevision: saving.revision }, saving);
}

export function replacedDocument({ before, after }: Planned<"replace">, saving: Saving): Document {
  const change = relabelled(before, after.body, saving.revision);
  const { createdRevision } = before;
  return saved({ ...after, createdRevision, ...(change && { relabelled: change }) }, saving);
}

/** What is left of a document that is deleted: nothing is owed to it any more. */
export function tombstoneOf(
  before: Document,
  { deletedAt }: Planned<"delete">,
  saving: Saving,
): Document {
  const { wakeAt: _, ...rest } = before;
  return saved({ ...rest, deletedAt }, saving);
}

function saved(
  document: Unsaved & Pick<Document, "createdRevision">,
  { revision, sharesRevision }: Saving,
): Document {
  const { sharesRevision: _, ...rest } = document;
  return { ...rest, revision, ...(sharesRevision && { sharesRevision }) };
}
