/**
 * The fleet log in Cosmos DB: all documents of a fleet in one logical partition, each commit one
 * transactional batch that replaces the fleet's head. How commits happen is in `fleet-log/`; what
 * every store must do is `test/effects/store.contract.ts`.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Container } from "@azure/cosmos";
import type { Clock } from "../effects/clock.ts";
import type { Committed, Head, Store } from "../effects/store.ts";
import type { Document, FleetId, Revision } from "../lib/document.ts";
import { FleetError } from "../lib/fleet-error.ts";
import { changesPage, changesToRead } from "./fleet-log/changes-page.ts";
import type { BatchOutcome } from "./fleet-log/fleet-log.ts";
import { fleetLogs } from "./fleet-log/fleet-logs.ts";
import { horizonNow } from "./fleet-log/horizon.ts";
import { cosmosItems, type OnCharge } from "./fleet-log/items.ts";
import type { KnownHead } from "./fleet-log/known-head.ts";
import { documentsOf, type PlannedCommit, plannedCommit } from "./fleet-log/planned-commit.ts";
import { changesQuery } from "./fleet-log/queries.ts";
import { storedDocuments } from "./fleet-log/stored-documents.ts";

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
  /** How long deletions can be read as changes; a day by default. The same in all processes. */
  readonly tombstoneSeconds?: number;
  /** So long a busy database is asked again before "Unavailable"; 20 by default. */
  readonly patienceSeconds?: number;
  /** So long `reached` waits for reads that lag behind; 5 by default. */
  readonly lagSeconds?: number;
}

/** Reads that lag behind are looked at so often. */
const lagPollMilliseconds = 25;

export function cosmosStore(options: CosmosStoreOptions): Store {
  const { container, clock, ids = randomUUID, onCharge, onBatch } = options;
  const { tombstoneSeconds = 86_400, patienceSeconds = 20, lagSeconds = 5 } = options;
  const patienceMilliseconds = patienceSeconds * 1_000;
  const items = cosmosItems({ container, onCharge, patienceMilliseconds });
  const etags = new WeakMap<Document, string>();
  const { query, ...documents } = storedDocuments(items, etags);
  const common = { items, clock, tombstoneSeconds, patienceMilliseconds, etags };
  const logOf = fleetLogs({ onBatch, ...common });

  async function head(fleet: FleetId): Promise<Head> {
    const seen = await logOf(fleet).known.read();
    const { horizon } = horizonNow(seen.head, { now: clock.now(), tombstoneSeconds });
    return { revision: seen.head.revision, horizon };
  }

  return {
    ...documents,
    head,

    async read(key) {
      const document = await documents.read(key);
      if (document !== undefined) logOf(key.fleet).known.noticed(document.revision);
      return document;
    },

    async commit(commit) {
      const planned = plannedCommit(commit, { now: clock.now(), newUid: ids });
      const log = logOf(commit.fleet);
      const isEmpty = planned.writes.length === 0 && planned.require.length === 0;
      return isEmpty ? await unchanged(planned, log.known) : await log.commit(planned);
    },

    async changes(fleet, after) {
      const { revision, horizon } = await head(fleet);
      if (after < horizon) return { kind: "expired", horizon };
      if (after >= revision) return { kind: "changes", documents: [], upTo: after, more: false };
      return changesPage(
        await query(changesQuery(after, revision, changesToRead), fleet),
        revision,
      );
    },

    async reached(fleet, revision) {
      const deadline = performance.now() + lagSeconds * 1_000;
      const { known } = logOf(fleet);
      while (known.readableRevision() < revision) {
        await known.read();
        if (known.readableRevision() >= revision) return;
        if (performance.now() > deadline) throw lagging(fleet, revision, known.readableRevision());
        await delay(lagPollMilliseconds);
      }
    },
  };
}

/** A commit that changes nothing asks nothing either, as long as some revision is known. */
async function unchanged({ commit }: PlannedCommit, known: KnownHead): Promise<Committed> {
  const revisions = commit.writes.flatMap((write) =>
    write.kind === "replace" ? [write.document.revision] : [],
  );
  const latest = known.latest() ?? (revisions.length === 0 ? await known.read() : undefined);
  if (latest !== undefined) revisions.push(latest.head.revision);
  const revision = Math.max(...revisions);
  return { kind: "saved", revision, documents: documentsOf(commit, new Map()) };
}

function lagging(fleet: FleetId, revision: Revision, now: Revision): FleetError {
  return new FleetError(
    "Unavailable",
    `Cannot read fleet "${fleet}" at revision ${revision}: reads are only at ${now}`,
    { retryAfterSeconds: 1 },
  );
}
