/** A fleet whose members tell their OpenAPI, with its store and wakes in memory. */
import { createHash } from "node:crypto";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { dependentsOf } from "../../../shared/dependents.ts";
import type { Effects } from "../../../shared/effects/effects.ts";
import type { GroupVersionSeen, Members } from "../../../shared/effects/members.ts";
import type { Store } from "../../../shared/effects/store.ts";
import type { Wake } from "../../../shared/effects/wakes.ts";
import { type Member, memberKind } from "../../../shared/fleet/model.ts";
import {
  openApiController,
  openApiMemberController,
} from "../../../shared/hub/open-api/controller.ts";
import {
  type LearntOpenApi,
  openApiKey,
  openApiKind,
  openApiMemberKind,
} from "../../../shared/hub/open-api/model.ts";
import {
  type Document,
  type Key,
  type Kind,
  keyOf,
  keyText,
} from "../../../shared/lib/document.ts";
import { type Instant, plusSeconds } from "../../../shared/lib/instant.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import type { Controller, Controllers } from "../../../shared/reconcile/controller.ts";
import { reconcile } from "../../../shared/reconcile/reconcile.ts";
import { clusterArmId, fleetId, noon } from "../../builders.ts";
import { type MemberMore, memberOf } from "./sights.ts";

const controllers: Controllers = new Map<Kind, Controller>([
  [openApiKind, openApiController],
  [openApiMemberKind, openApiMemberController],
]);

/** The schemas of a cluster by group version; the hash of each is what it says. */
export type Told = Readonly<Record<string, JsonObject>>;

export type Fault = "unreachable" | "in part" | "crash-after-commit" | undefined;

export interface LearningFleet {
  readonly store: Store;
  /** Sets what a member is and what its cluster tells. */
  readonly put: (name: string, version: string, told: Told, more?: MemberMore) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /** Looks until nothing is left to look at within the time; each look may be cut by a fault. */
  readonly run: (seconds: number) => Promise<void>;
  readonly summary: () => Promise<LearntOpenApi | undefined>;
  /** "aks-1 3": which member was asked, and how many documents came. */
  readonly asked: string[];
  readonly counters: { reads: number; lists: number; commits: number };
}

class Crash extends Error {
  override readonly name = "Crash";
}

export function learningFleet(chance: () => Fault = () => undefined): LearningFleet {
  let now = noon;
  let sweepAt = plusSeconds(noon, 300);
  let uid = 0;
  const clock = { now: () => now };
  const store = memoryStore({ clock, ids: () => `uid-${uid++}` });
  const clusters = new Map<string, { readonly name: string; readonly told: Told }>();
  const queue: Wake[] = [];
  const asked: string[] = [];
  const counters = { reads: 0, lists: 0, commits: 0 };
  store.onCommit(({ documents }) => {
    const keys = documents.flatMap((document) => dependentsOf(document).keys);
    queue.push(...keys.filter(({ kind }) => controllers.has(kind)).map((key) => ({ key })));
  });

  const openApi: Members["openApi"] = async (cluster, { groupVersions, known }) => {
    await new Promise((resolve) => setImmediate(resolve));
    const fault = chance();
    const { name, told = {} } = clusters.get(cluster) ?? { name: "nobody" };
    if (fault === "unreachable" || !clusters.has(cluster)) {
      asked.push(`${name} away`);
      return { kind: "unreachable", reason: "away" };
    }
    const has = groupVersions.filter((path) => told[path] !== undefined);
    const hashes = Object.fromEntries(has.map((path) => [path, hashOf(told[path])]));
    const changed = has
      .filter((path) => known[path] !== hashes[path])
      .map((path): GroupVersionSeen => {
        return { groupVersion: path, hash: hashes[path] ?? "", schemas: told[path] ?? {} };
      });
    const came = fault === "in part" ? changed.slice(0, changed.length / 2) : changed;
    asked.push(`${name} ${came.length}`);
    return { kind: "seen", hashes, changed: came };
  };

  const counted: Store = {
    ...store,
    read: async (key) => {
      counters.reads++;
      return await store.read(key);
    },
    list: async (query) => {
      counters.lists++;
      return await store.list(query);
    },
    commit: async (commit) => {
      counters.commits++;
      const committed = await store.commit(commit);
      if (chance() === "crash-after-commit") throw new Crash();
      return committed;
    },
  };
  const effects = {
    store: counted,
    wakes: { wake: async (wakes: readonly Wake[]) => void queue.push(...wakes) },
    members: { openApi },
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  } as unknown as Effects;

  /** All that is due at once, side by side; the queue brings back what a crash cut off. */
  async function look(wakes: readonly Wake[]): Promise<void> {
    const looks = wakes.map(async (wake) => {
      try {
        await reconcile({ key: wake.key }, controllers, effects);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        queue.push({ key: wake.key });
      }
    });
    await Promise.all(looks);
  }

  async function run(seconds: number): Promise<void> {
    const end = plusSeconds(now, seconds);
    while (now < end) {
      for (let due = dueOf(queue, now); due.length > 0; due = dueOf(queue, now)) await look(due);
      now = soonest([...queue.map(({ at }) => at ?? now), sweepAt, end]);
      if (now < sweepAt) continue;
      // What a crash kept from the queue is found by the look at what is overdue.
      for (const key of await store.overdue(now, 100)) queue.push({ key });
      sweepAt = plusSeconds(now, 300);
    }
  }

  const memberKey = (name: string): Key<Member> => keyOf(memberKind, fleetId, name);

  return {
    store,
    asked,
    counters,
    run,
    put: async (name, version, told, more) => {
      clusters.set(clusterArmId(name).toLowerCase(), { name, told });
      const { body, refs } = memberOf(name, version, more);
      const document = await store.read(memberKey(name));
      const write =
        document === undefined
          ? ({ kind: "create", key: memberKey(name), body, refs } as const)
          : ({ kind: "replace", document, body } as const);
      await store.commit({ fleet: fleetId, writes: [write] });
    },
    remove: async (name) => {
      clusters.delete(clusterArmId(name).toLowerCase());
      const document = (await store.read(memberKey(name))) as Document<Member>;
      await store.commit({ fleet: fleetId, writes: [{ kind: "delete", document }] });
    },
    summary: async () => (await store.read(openApiKey(fleetId)))?.body,
  };
}

export const hashOf = (schemas: JsonObject | undefined): string =>
  createHash("sha256").update(JSON.stringify(schemas)).digest("hex");

const soonest = (all: readonly Instant[]): Instant =>
  all.reduce((one, other) => (other < one ? other : one));

/** Takes what is due out of the queue, each key once. */
function dueOf(queue: Wake[], now: Instant): readonly Wake[] {
  const due = queue.filter(({ at }) => at === undefined || at <= now);
  const later = queue.filter((wake) => !due.includes(wake));
  queue.splice(0, queue.length, ...later);
  return [...new Map(due.map((wake) => [keyText(wake.key), wake])).values()];
}
