import type { Committed } from "../../effects/store.ts";
import type { Revision } from "../../lib/document.ts";
import type { PlannedCommit } from "./planned-commit.ts";

/** A commit that waits for its batch. */
export interface PendingCommit {
  readonly planned: PlannedCommit;
  /** By item id: what must still be there of the documents that are replaced or deleted. */
  readonly etags: Map<string, string>;
  /** What was only read holds at this revision. */
  verifiedAt: Revision | undefined;
  /** It shares a batch with nobody, since one that it shared was refused. */
  readonly isAlone: boolean;
  /** When it was asked for, and when it is given up: by `performance.now()`. */
  readonly since: number;
  readonly deadline: number;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: unknown) => void;
}
