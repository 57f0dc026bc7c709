import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Commit, Committed, Store } from "../../../shared/effects/store.ts";
import {
  type Document,
  type FleetId,
  type Key,
  keyOf,
  kind,
} from "../../../shared/lib/document.ts";
import { type Instant, plusSeconds } from "../../../shared/lib/instant.ts";

/** A store under test. Each test takes a fleet of its own, so one store serves a whole file. */
export interface StoreSubject {
  readonly store: Store;
  /** The same documents through another process. */
  readonly other: Store;
  readonly clock: TestClock;
  /** How long both stores keep tombstones. */
  readonly tombstoneSeconds: number;
  readonly close?: () => Promise<void>;
}

export type OpenStore = () => Promise<StoreSubject>;

export interface TestClock {
  now(): Instant;
  /** Time passes, for this clock only. */
  pass(seconds: number): void;
}

/** Wall time, so that it agrees with a database's own, and what was added to it. */
export function testClock(): TestClock {
  let addedSeconds = 0;
  return {
    now: () => plusSeconds(new Date().toISOString() as Instant, addedSeconds),
    pass: (seconds) => {
      addedSeconds += seconds;
    },
  };
}

export interface Thing {
  readonly text?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

export const things = kind<Thing>("test.hubless.dev/things");
export const others = kind<Thing>("test.hubless.dev/others");

export function newFleet(): FleetId {
  return `/subscriptions/s/resourcegroups/r/providers/p/fleets/${randomUUID()}` as FleetId;
}

export function thing(fleet: FleetId, name: string, namespace?: string): Key<Thing> {
  return keyOf(things, fleet, name, namespace);
}

export type Saved = Extract<Committed, { kind: "saved" }>;

/** Commits and expects that nobody was faster. */
export async function saved(store: Store, commit: Commit): Promise<Saved> {
  const committed = await store.commit(commit);
  expect(committed).toMatchObject({ kind: "saved" });
  return committed as Saved;
}

/** Creates one document and returns it as it was saved. */
export async function created<Body>(
  store: Store,
  key: Key<Body>,
  body: Body,
  more: { refs?: readonly string[]; wakeAt?: Instant; uid?: string } = {},
): Promise<Document<Body>> {
  const { documents } = await saved(store, {
    fleet: key.fleet,
    writes: [{ kind: "create", key, body, ...more }],
  });
  return documents[0] as Document<Body>;
}

/** Replaces the body of a document and returns it as it was saved. */
export async function replaced<Body>(
  store: Store,
  document: Document<Body>,
  body: Body,
): Promise<Document<Body>> {
  const { documents } = await saved(store, {
    fleet: document.key.fleet,
    writes: [{ kind: "replace", document, body }],
  });
  return documents[0] as Document<Body>;
}

export async function deleted(store: Store, document: Document): Promise<Saved> {
  const { fleet } = document.key;
  return await saved(store, { fleet, writes: [{ kind: "delete", document }] });
}

export function namesOf(documents: readonly Document[]): string[] {
  return documents.map(({ key }) => key.name);
}
