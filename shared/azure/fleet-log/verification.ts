/**
 * Whether a commit's preconditions hold at a head of the log.
 *
 * V1. Reads are made after the head was read, so they see at least its revision. The batch replaces
 *     that very head, so when it succeeds they saw exactly its revision.
 * V2. What is replaced or deleted is held by its ETag, which the store remembers of the documents
 *     that it returned. A copy of a document has none: then its revision is compared, once.
 */
import type { Committed } from "../../effects/store.ts";
import {
  type Document,
  type FleetId,
  itemId,
  type Key,
  type Precondition,
  type Revision,
} from "../../lib/document.ts";
import { documentOf } from "./item.ts";
import type { Items } from "./items.ts";
import type { PendingCommit } from "./pending-commit.ts";
import { kindChangedQuery } from "./queries.ts";

export type ChangedMeanwhile = Extract<Committed, { kind: "changed-meanwhile" }>;

export interface Verifying {
  readonly items: Items;
  /** The ETag of a document that the store returned itself. */
  readonly etagOf: (document: Document) => string | undefined;
}

/** True when `changedMeanwhile` has to read for this commit, at this revision. */
export function mustRead(
  { planned, etags, verifiedAt }: PendingCommit,
  revision: Revision,
  { etagOf }: Verifying,
): boolean {
  if (planned.require.length > 0 && verifiedAt !== revision) return true;
  return planned.writes.some(
    (write) => "before" in write && !etags.has(write.id) && etagOf(write.before) === undefined,
  );
}

/** What does not hold any more at the revision; undefined when all holds. */
export async function changedMeanwhile(
  pending: PendingCommit,
  revision: Revision,
  verifying: Verifying,
): Promise<ChangedMeanwhile | undefined> {
  const { planned, etags, verifiedAt } = pending;
  const checks = planned.writes.map(async (write) => {
    if (!("before" in write) || etags.has(write.id)) return undefined;
    const etag = await etagNow(write.before, verifying);
    if (etag === undefined) return lost(write.key);
    etags.set(write.id, etag);
    return undefined;
  });
  if (verifiedAt !== revision) {
    const { fleet } = planned.commit;
    for (const each of planned.require) checks.push(broken(each, fleet, verifying.items));
  }
  const found = (await Promise.all(checks)).find((each) => each !== undefined);
  if (found === undefined) pending.verifiedAt = revision;
  return found;
}

/** The ETag of a document that is still as it was read. */
async function etagNow(
  document: Document,
  { items, etagOf }: Verifying,
): Promise<string | undefined> {
  if (document.deletedAt !== undefined) return undefined;
  return etagOf(document) ?? (await unchangedEtag(document, items));
}

async function unchangedEtag(document: Document, items: Items): Promise<string | undefined> {
  const found = await items.read(document.key.fleet, itemId(document.key));
  const current = documentOf(found?.item);
  const isCurrent = current?.revision === document.revision && current.uid === document.uid;
  return isCurrent ? found?.etag : undefined;
}

async function broken(
  precondition: Precondition,
  fleet: FleetId,
  items: Items,
): Promise<ChangedMeanwhile | undefined> {
  switch (precondition.kind) {
    case "unchanged": {
      const { document } = precondition;
      const isCurrent =
        document.deletedAt === undefined && (await unchangedEtag(document, items)) !== undefined;
      return isCurrent ? undefined : lost(document.key);
    }
    case "absent": {
      const { key } = precondition;
      return (await items.read(fleet, itemId(key))) === undefined ? undefined : lost(key);
    }
    case "none-changed-since": {
      const spec = kindChangedQuery(precondition.documents, precondition.revision);
      const changed = await items.query(spec, { fleet, limit: 1 });
      return changed.length === 0 ? undefined : { kind: "changed-meanwhile" };
    }
  }
}

function lost(key: Key): ChangedMeanwhile {
  return { kind: "changed-meanwhile", key };
}
