import type { Document, Revision } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import { cannotCount } from "./counts.ts";
import type { GroupBatch } from "./operations.ts";
import type { PendingCommit } from "./pending-commit.ts";
import { documentsOf } from "./planned-commit.ts";

/** Tells each caller of a group that its commit was made. */
export function settleSaved(
  group: readonly PendingCommit[],
  { documents, ids }: GroupBatch,
  revision: Revision,
): void {
  const saved = new Map<string, Document>();
  for (const [at, document] of documents.entries()) {
    const id = ids[at];
    if (document !== undefined && id !== undefined) saved.set(id, document);
  }
  for (const { planned, resolve } of group) {
    resolve({ kind: "saved", revision, documents: documentsOf(planned.commit, saved) });
  }
}

/** Gone, there already, or another version. */
const changedStatuses: readonly number[] = [404, 409, 412];

/**
 * Tells those callers whose commit made a batch fail, and returns the others. Counts of one
 * document are one operation, so they fail together.
 */
export function settleFailed(
  group: readonly PendingCommit[],
  { ids }: GroupBatch,
  { at, status }: { readonly at: number; readonly status: number },
): readonly PendingCommit[] {
  const id = ids[at];
  return group.filter(({ planned, resolve, reject }) => {
    const write = planned.writes.find((each) => each.id === id);
    if (write === undefined) return true;
    const { key } = write;
    if (changedStatuses.includes(status)) resolve({ kind: "changed-meanwhile", key });
    else if (status === 400 && write.kind === "count") reject(cannotCount(key));
    else if (status === 413) {
      reject(new FleetError("TooLarge", `Cannot save "${id}": Cosmos DB takes at most 2 MB`));
    } else reject(new Error(`Cannot save "${id}": Cosmos DB answered ${status}`));
    return false;
  });
}
