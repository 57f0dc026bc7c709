import type { Container } from "./container.ts";
import {
  type ContainerDefinition,
  type DatabaseDefinition,
  defineContainer,
  defineDatabase,
} from "./definitions.ts";
import { compileIndexingPolicy } from "./indexing-policy.ts";
import type { StoredItem } from "./item.ts";
import { applyItemOperation, type ItemOperation, type ItemOutcome } from "./items.ts";
import type { Journal } from "./journal.ts";
import { badRequest, conflict, ownerNotFound, Refusal } from "./refusal.ts";
import { type Change, createReplica } from "./replica.ts";
import { charges } from "./request-units.ts";
import { type Lag, readView } from "./stale-reads.ts";

/** The service's default limit for an account. */
const databasesAndContainersMax = 500;

/**
 * The databases and containers of the account. Everything that decides a request is synchronous, so
 * requests are served one after the other, as if by one primary.
 */
export interface Store {
  database(id: string): DatabaseDefinition | undefined;
  container(database: string, id: string): Container | undefined;
  createDatabase(body: unknown): DatabaseDefinition;
  createContainer(database: string, body: unknown): ContainerDefinition;
  /** Carries out all operations under one log sequence number, or none of them. */
  transact(
    container: Container,
    partitionKey: string,
    operations: readonly ItemOperation[],
  ): Transacted;
  /** Deletes what has outlived its time to live; returns how many items. */
  sweep(): number;
  setLag(lag: Lag | undefined): void;
}

export type Transacted =
  | { readonly kind: "committed"; readonly outcomes: readonly ItemOutcome[] }
  /** The operation at this place was refused; nothing changed. */
  | { readonly kind: "refused"; readonly at: number; readonly refusal: Refusal };

export function openStore(journal: Journal, nowMs: () => number): Store {
  const content = journal.load();
  const databases = new Map(content.databases.map((each) => [each.id, each]));
  const containers = new Map<string, Container>();
  let lastRid = content.lastRid;
  let lag: Lag | undefined;

  for (const { items, ...each } of content.containers) add(each, items);

  function add(
    each: { number: number; database: string; definition: ContainerDefinition; lsn: number },
    items: readonly StoredItem[],
  ): void {
    const { number, database, definition, lsn } = each;
    const newest = createReplica(lsn, items);
    const reads = readView(newest);
    reads.setLag(lag);
    containers.set(JSON.stringify([database, definition.id]), {
      number,
      database,
      definition,
      partitionKeyName: definition.partitionKey.paths[0].slice(1),
      policy: compileIndexingPolicy(definition.indexingPolicy),
      newest,
      reads,
    });
  }

  function commit(container: Container, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const each = { lsn: container.newest.lsn() + 1, atMs: nowMs(), changes };
    container.newest.apply(each);
    container.reads.note(each);
    journal.record({ ...container, lsn: each.lsn }, changes);
  }

  function checkRoom(): void {
    if (databases.size + containers.size < databasesAndContainersMax) return;
    throw badRequest(
      `Cannot create more than ${databasesAndContainersMax} databases and containers`,
    );
  }

  return {
    database: (id) => databases.get(id),
    container: (database, id) => containers.get(JSON.stringify([database, id])),

    createDatabase(body) {
      const definition = defineDatabase(body, Math.floor(nowMs() / 1000));
      if (databases.has(definition.id)) {
        throw conflict(`Database '${definition.id}' already exists.`, charges.metadata);
      }
      checkRoom();
      journal.addDatabase(definition);
      databases.set(definition.id, definition);
      return definition;
    },

    createContainer(databaseId, body) {
      const database = databases.get(databaseId);
      if (database === undefined) throw ownerNotFound();
      const definition = defineContainer(database, body, Math.floor(nowMs() / 1000));
      compileIndexingPolicy(definition.indexingPolicy);
      if (containers.has(JSON.stringify([databaseId, definition.id]))) {
        throw conflict(`Container '${definition.id}' already exists.`, charges.metadata);
      }
      checkRoom();
      const each = { number: containers.size + 1, database: databaseId, definition, lsn: 1 };
      journal.addContainer(each);
      add(each, []);
      return definition;
    },

    transact(container, partitionKey, operations) {
      const context = {
        container,
        partitionKey,
        lsn: container.newest.lsn() + 1,
        nowSeconds: Math.floor(nowMs() / 1000),
        nextRid: () => ++lastRid,
      };
      const before = (id: string) => container.newest.find(partitionKey, id);
      const staged = new Map<string, StoredItem | undefined>();
      const outcomes: ItemOutcome[] = [];
      for (const [at, operation] of operations.entries()) {
        const { id } = operation;
        try {
          const current = staged.has(id) ? staged.get(id) : before(id);
          const outcome = applyItemOperation(operation, current, context);
          outcomes.push(outcome);
          if (outcome.item !== current) staged.set(id, outcome.item);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          return { kind: "refused", at, refusal: error };
        }
      }
      const changes = [...staged].map(([id, after]) => ({ before: before(id), after }));
      commit(container, changes);
      return { kind: "committed", outcomes };
    },

    sweep() {
      let count = 0;
      for (const container of containers.values()) {
        const expired = container.newest.removeExpired(Math.floor(nowMs() / 1000));
        count += expired.length;
        commit(
          container,
          expired.map((each) => ({ before: each, after: undefined })),
        );
      }
      return count;
    },

    setLag(asked) {
      lag = asked;
      for (const container of containers.values()) container.reads.setLag(asked);
    },
  };
}
