/**
 * The fleet log in memory: the store of each simulated member cluster, and of tests that need no
 * database. It keeps what `test/effects/store.contract.ts` asks of every store.
 */
import { randomUUID } from "node:crypto";
import { frozen } from "../../../shared/azure/fleet-log/frozen.ts";
import {
  afterCommit,
  type Horizon,
  horizonNow,
  noHorizon,
} from "../../../shared/azure/fleet-log/horizon.ts";
import {
  documentsOf,
  type PlannedCommit,
  plannedCommit,
} from "../../../shared/azure/fleet-log/planned-commit.ts";
import type { Clock } from "../../../shared/effects/clock.ts";
import {
  type Changes,
  type Head,
  pageDocumentsMax,
  type Store,
} from "../../../shared/effects/store.ts";
import {
  type Document,
  type FleetId,
  itemId,
  type Kind,
  type Revision,
} from "../../../shared/lib/document.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import { hasPassed, plusSeconds } from "../../../shared/lib/instant.ts";
import { type FleetDocuments, fleetDocuments } from "./fleet-documents.ts";
import { writtenDocuments } from "./written-documents.ts";

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** Makes uids; random ones by default. */
  readonly ids?: () => string;
  /** How long deletions can be read as changes; a day by default. */
  readonly tombstoneSeconds?: number;
}

export interface Committing {
  readonly fleet: FleetId;
  readonly revision: Revision;
  /** As they are now, in the order of the writes; tombstones for what was deleted. */
  readonly documents: readonly Document[];
}

export interface MemoryStore extends Store {
  /** Calls after each commit that changed something, in order; returns what ends it. */
  onCommit(listener: (committing: Committing) => void): () => void;
}

interface Fleet {
  readonly documents: FleetDocuments;
  revision: Revision;
  horizon: Horizon;
}

/** At most so many documents in one page of changes, and the rest of the last commit. */
const changesPerPage = 200;

export function memoryStore(options: MemoryStoreOptions): MemoryStore {
  const { clock, ids = randomUUID, tombstoneSeconds = 86_400 } = options;
  const fleets = new Map<FleetId, Fleet>();
  const listeners = new Set<(committing: Committing) => void>();

  function fleetOf(id: FleetId): Fleet {
    const known = fleets.get(id);
    if (known !== undefined) return known;
    const made = { documents: fleetDocuments(), revision: 0, horizon: noHorizon };
    fleets.set(id, made);
    return made;
  }

  function headOf(id: FleetId): Head {
    const fleet = fleets.get(id);
    if (fleet === undefined) return { revision: 0, horizon: 0 };
    const { horizon } = horizonNow(fleet.horizon, { now: clock.now(), tombstoneSeconds });
    return { revision: fleet.revision, horizon };
  }

  function save(planned: PlannedCommit, fleet: Fleet, documents: readonly Document[]): void {
    const now = clock.now();
    fleet.revision++;
    fleet.horizon = afterCommit(fleet.horizon, fleet.revision, { now, tombstoneSeconds });
    for (const document of documents) fleet.documents.put(frozen(document));
    fleet.documents.forgetTombstones(plusSeconds(now, -tombstoneSeconds));
    const committing = { fleet: planned.commit.fleet, revision: fleet.revision, documents };
    for (const listener of listeners) listener(committing);
  }

  return {
    async read<Body>(key: Document<Body>["key"]) {
      return fleets.get(key.fleet)?.documents.get(itemId(key)) as Document<Body> | undefined;
    },

    async list({ fleet: id, limit = pageDocumentsMax, ...query }) {
      const fleet = fleets.get(id);
      if (fleet === undefined) return { documents: [] };
      const size = Math.min(limit, pageDocumentsMax);
      const found = fleet.documents.list(query);
      const documents = found.slice(0, size).map((each) => fleet.documents.get(each));
      const last = found[size - 1];
      return {
        documents: documents as Document<never>[],
        ...(found.length > size && last !== undefined && { next: last }),
      };
    },

    async find<Body>(kind: Kind<Body>, ref?: string) {
      return [...fleets.values()].flatMap(({ documents }) =>
        ref === undefined
          ? documents.ofKind(kind)
          : documents.withRef(ref).filter(({ key }) => key.kind === kind),
      ) as Document<Body>[];
    },

    async referring(ref) {
      return [...fleets.values()].flatMap(({ documents }) =>
        documents.withRef(ref).map(({ key }) => key),
      );
    },

    async commit(commit) {
      const planned = plannedCommit(commit, { now: clock.now(), newUid: ids });
      const fleet = fleetOf(commit.fleet);
      const written = writtenDocuments(planned, fleet.documents, fleet.revision + 1);
      if (written.kind === "changed-meanwhile") return written;
      if (written.documents.length > 0) save(planned, fleet, written.documents);
      const saved = new Map(written.documents.map((each) => [itemId(each.key), each]));
      return {
        kind: "saved",
        revision: fleet.revision,
        documents: documentsOf(commit, saved),
      };
    },

    head: async (id) => headOf(id),

    async changes(id, after) {
      const { revision, horizon } = headOf(id);
      if (after < horizon) return { kind: "expired", horizon };
      return pageOfChanges(fleets.get(id)?.documents.changedAfter(after) ?? [], {
        after,
        revision,
      });
    },

    async reached(id, revision) {
      const now = fleets.get(id)?.revision ?? 0;
      if (now >= revision) return;
      throw new FleetError(
        "Unavailable",
        `Cannot read fleet "${id}" at revision ${revision}: must be at most ${now}`,
        { retryAfterSeconds: 1 },
      );
    },

    async overdue(now, limit) {
      return [...fleets.values()]
        .flatMap(({ documents }) => documents.withWakeAt())
        .filter(({ wakeAt }) => wakeAt !== undefined && hasPassed(wakeAt, now))
        .slice(0, limit)
        .map(({ key }) => key);
    },

    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A page ends with a commit, never inside of one. */
function pageOfChanges(
  changed: Iterable<Document>,
  { after, revision }: { readonly after: Revision; readonly revision: Revision },
): Changes {
  const documents: Document[] = [];
  for (const document of changed) {
    const last = documents.at(-1);
    if (last && documents.length >= changesPerPage && last.revision !== document.revision) {
      return { kind: "changes", documents, upTo: last.revision, more: true };
    }
    documents.push(document);
  }
  return { kind: "changes", documents, upTo: Math.max(after, revision), more: false };
}
