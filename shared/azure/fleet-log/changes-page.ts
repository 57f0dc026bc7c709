import type { Changes } from "../../effects/store.ts";
import type { Document, Revision } from "../../lib/document.ts";

/** A page of changes has so many documents, and the rest of the last commit. */
const changesPerPage = 200;

/** What one batch leaves at most, without the head. */
const changesPerCommitMax = 99;

/** Ask for so many changes, oldest first, to make a page of them. */
export const changesToRead = changesPerPage + changesPerCommitMax;

/**
 * The page that ends with a commit and never inside of one. `found` are the oldest `changesToRead`
 * changes up to the revision, or all.
 */
export function changesPage(found: readonly Document[], revision: Revision): Changes {
  const last = found[changesPerPage - 1];
  const end = found.findIndex(
    (each, at) => at >= changesPerPage && each.revision !== last?.revision,
  );
  if (end === -1 && found.length < changesToRead) {
    return { kind: "changes", documents: found, upTo: revision, more: false };
  }
  const documents = end === -1 ? found : found.slice(0, end);
  return { kind: "changes", documents, upTo: last?.revision ?? revision, more: true };
}
