/**
 * The fleet log in Cosmos DB: all documents of a fleet in one logical partition, each commit one
 * transactional batch that replaces the fleet's head. How commits happen is in `fleet-log/`; what
 * every store must do is `test/effects/store.contract.ts`.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Container } from "@azure/cosmos";
import type { Clock } from "../effects/clock.ts";
import type { Log } from "../effects/log.ts";
import { type Changes, pageDocumentsMax, type Store } from "../effects/store.ts";
import { type Document, type FleetId, itemId, type Key, type Revision } from "../lib/document.ts";
import { FleetError } from "../lib/fleet-error.ts";
import { type BatchOutcome, type FleetLog, fleetLog } from "./fleet-log/fleet-log.ts";
import { horizonNow } from "./fleet-log/horizon.ts";
import { documentOf } from "./fleet-log/item.ts";
import { cosmosItems, type OnCharge } from "./fleet-log/items.ts";
import { plannedCommit } from "./fleet-log/planned-commit.ts";
import {
  changesQuery,
  findQuery,
  listQuery,
  overdueQuery,
  referringQuery,
} from "./fleet-log/queries.ts";

export interface CosmosStoreOptions {
  /** "documents", as `ensureContainers` makes it; its client with `fleetLogConnectionPolicy`. */
  readonly container: Container;
  readonly clock: Clock;
  /** Makes uids; random ones by default. */
  readonly ids?: () => string;
  /** Called with the request units of each answer. */
  readonly onCharge?: OnCharge;
  /** Called with each batch: how often races are lost, and how many commits share one. */
  readonly onBatch?: (outcome: BatchOutcome, commits: number) => void;
  readonly log?: Log;
  /** How long deletions can be read as changes; a day by default. The same in all processes. */
  readonly tombstoneSeconds?: number;
  /** So long a busy database is asked again before "Unavailable"; 20 by default. */
  readonly patienceSeconds?: number;
  /** So long `reached` waits for reads that lag behind; 5 by default. */
  readonly lagSeconds?: number;
}

/** A page of changes has so many documents, and the rest of the last commit. */
const changesPerPage = 200;

/** What one commit leaves at most: a batch without the head. */
const changesPerCommitMax = 99;

/** So many fleets are remembered while nothing is committed to them. */
const idleFleetsMax = 1_000;

const lagPollMilliseconds = 25;

export function cosmosStore(options: CosmosStoreOptions): Store {
  const { container, clock, ids = randomUUID, onCharge, onBatch } = options;
  const { tombstoneSeconds = 86_400, patienceSeconds = 20, lagSeconds = 5 } = options;
  const patienceMilliseconds = patienceSeconds * 1_000;
  const items = cosmosItems({ container, onCharge, patienceMilliseconds });
  const etags = new WeakMap<Document, string>();
  const writerId = randomUUID().slice(0, 8);
  const logs = new Map<FleetId, FleetLog>();

  function logOf(fleet: FleetId): FleetLog {
    const known = logs.get(fleet);
    if (known !== undefined) return known;
    for (const [each, log] of logs) {
      if (logs.size < idleFleetsMax) break;
      if (log.isIdle()) logs.delete(each);
    }
    const common = { items, clock, writerId, tombstoneSeconds, patienceMilliseconds, etags };
    const made = fleetLog({ fleet, onBatch, ...common });
    logs.set(fleet, made);
    return made;
  }

  function readDocument<Body>(item: unknown, etag?: unknown): Document<Body> {
    const document = documentOf<Body>(item);
    if (document === undefined) throw new Error("Cannot read item: must be a document");
    if (typeof etag === "string") etags.set(document, etag);
    return document;
  }

  async function query<Body>(spec: ReturnType<typeof listQuery>, fleet?: FleetId) {
    const found = await items.query(spec, { ...(fleet !== undefined && { fleet }) });
    return found.map((item) => readDocument<Body>(item, (item as { _etag?: unknown })._etag));
  }

  async function headOf(fleet: FleetId) {
    const { head } = await logOf(fleet).known.read();
    const { horizon } = horizonNow(head, { now: clock.now(), tombstoneSeconds });
    return { revision: head.revision, horizon };
  }

  return {
    async read<Body>(key: Key<Body>) {
      const found = await items.read(key.fleet, itemId(key));
      if (found === undefined) return undefined;
      const document = readDocument<Body>(found.item, found.etag);
      logOf(key.fleet).known.noticed(document.revision);
      return document;
    },

    async list<Body>(asked: Parameters<Store["list"]>[0]) {
      const size = Math.max(0, Math.min(asked.limit ?? pageDocumentsMax, pageDocumentsMax));
      const found = await query<Body>(listQuery(asked, size + 1), asked.fleet);
      const documents = found.slice(0, size);
      const last = documents.at(-1);
      const hasMore = found.length > size && last !== undefined;
      return { documents, ...(hasMore && { next: itemId(last.key) }) };
    },

    find: async <Body>(kind: Document<Body>["key"]["kind"], ref?: string) =>
      await query<Body>(findQuery(kind, ref)),

    referring: async (ref) => keysOf(await items.query(referringQuery(ref))),

    overdue: async (now, limit) => keysOf(await items.query(overdueQuery(now), { limit })),

    async commit(commit) {
      const planned = plannedCommit(commit, { now: clock.now(), newUid: ids });
      const log = logOf(commit.fleet);
      if (planned.writes.length > 0 || planned.require.length > 0) return await log.commit(planned);
      const read = commit.writes.flatMap((each) => ("document" in each ? [each.document] : []));
      const seen = [
        ...read.map(({ revision }) => revision),
        ...[log.known.latest()?.head.revision ?? []].flat(),
      ];
      const revision = seen.length > 0 ? Math.max(...seen) : (await log.known.read()).head.revision;
      return {
        kind: "saved",
        revision,
        documents: commit.writes.map((each) =>
          each.kind === "replace" ? each.document : undefined,
        ),
      };
    },

    head: headOf,

    async changes(fleet, after) {
      const { revision, horizon } = await headOf(fleet);
      if (after < horizon) return { kind: "expired", horizon };
      if (after >= revision) return { kind: "changes", documents: [], upTo: after, more: false };
      const count = changesPerPage + changesPerCommitMax;
      const found = await query(changesQuery(after, revision, count), fleet);
      return pageOfChanges(found, revision, found.length === count);
    },

    async reached(fleet, revision) {
      const { known } = logOf(fleet);
      const deadline = performance.now() + lagSeconds * 1_000;
      while (known.readableRevision() < revision) {
        await known.read();
        if (known.readableRevision() >= revision) return;
        if (performance.now() > deadline) {
          const now = known.readableRevision();
          throw new FleetError(
            "Unavailable",
            `Cannot read fleet "${fleet}" at revision ${revision}: reads are only at ${now}`,
            { retryAfterSeconds: 1 },
          );
        }
        await delay(lagPollMilliseconds);
      }
    },
  };
}

/** A page ends with a commit, never inside of one. */
function pageOfChanges(
  found: readonly Document[],
  revision: Revision,
  mayBeMore: boolean,
): Changes {
  const last = found[changesPerPage - 1];
  const end = found.findIndex(
    (each, at) => at >= changesPerPage && each.revision !== last?.revision,
  );
  if (end === -1 && !mayBeMore) {
    return { kind: "changes", documents: found, upTo: revision, more: false };
  }
  const documents = end === -1 ? found : found.slice(0, end);
  return { kind: "changes", documents, upTo: last?.revision ?? revision, more: true };
}

function keysOf(rows: readonly unknown[]): readonly Key[] {
  return rows.map((row) => {
    const { fleet, kind, namespace, name } = row as Key;
    return { fleet, kind, ...(namespace !== undefined && { namespace }), name };
  });
}
