/**
 * A fleet with its store, its wakes and its clusters in memory, on a clock that jumps to the next
 * thing to do. Faults are asked of `chance`; without it there are none.
 */
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Members, Work } from "../../shared/effects/members.ts";
import type { Wake } from "../../shared/effects/wakes.ts";
import { type ClusterId, clusterProfileKind } from "../../shared/fleet/model.ts";
import {
  type Document,
  type Key,
  type Kind,
  keyText,
  type Write,
} from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import { candidateController } from "../../shared/placement/candidate-controller.ts";
import { placementController } from "../../shared/placement/controller.ts";
import {
  candidateKey,
  candidateKind,
  isUnseen,
  type Placement,
  placementKind,
} from "../../shared/placement/model.ts";
import { refsOfChangedObject } from "../../shared/placement/selection-refs.ts";
import type { Controller, Controllers } from "../../shared/reconcile/controller.ts";
import { reconcile } from "../../shared/reconcile/reconcile.ts";
import { bindingController } from "../../shared/rollout/controller.ts";
import {
  type Availability,
  type Binding,
  bindingKind,
  type Counts,
  countsKey,
  countsKind,
  hasNewWork,
  identifierOf,
  identifierText,
  type Manifest,
  snapshotKind,
  type WorkSeen,
} from "../../shared/rollout/model.ts";
import { progressController } from "../../shared/rollout/progress-controller.ts";
import { fleetId, noon } from "../builders.ts";

const controllers: Controllers = new Map<Kind, Controller>([
  [placementKind, placementController],
  [candidateKind, candidateController],
  [bindingKind, bindingController],
  [countsKind, progressController],
]);

export type Fault =
  /** The cluster was not reached. */
  | "unreachable"
  /** The cluster did it, and its answer was lost. */
  | "answer-lost"
  /** The process died: before the cluster was asked, after it answered, after a commit. */
  | "crash-before"
  | "crash-after"
  | "crash-after-commit";

export interface InMemory {
  readonly effects: Effects;
  /** Objects by cluster, then by their text; each with its owner. */
  readonly objects: Map<ClusterId, Map<string, { owner: string; manifest: Manifest }>>;
  readonly asked: { readonly cluster: ClusterId; readonly work: Work }[];
  commit(...writes: readonly Write[]): Promise<void>;
  /** Looks until nothing is left to look at before the moment; the clock then stands there. */
  runUntil(seconds: number): Promise<void>;
  readonly counters: { looks: number; reads: number; lists: number; commits: number };
}

export interface Options {
  readonly chance?: () => Fault | undefined;
  readonly availability?: (cluster: ClusterId, manifest: Manifest) => Availability;
  /** So many looks run at once, each between the awaits of the others. */
  readonly parallel?: number;
  readonly fails?: (cluster: ClusterId, manifest: Manifest) => boolean;
}

class Crash extends Error {
  override readonly name = "Crash";
}

export function fleetInMemory({ chance = () => undefined, ...options }: Options = {}): InMemory {
  let milliseconds = Date.parse(noon);
  const { parallel = 1 } = options;
  const clock = { now: () => new Date(milliseconds).toISOString() as Instant };
  let sweepAt = milliseconds + 300_000;
  let uid = 0;
  const store = memoryStore({ clock, ids: () => `uid-${uid++}` });
  const queue: Wake[] = [];
  const objects: InMemory["objects"] = new Map();
  const asked: { cluster: ClusterId; work: Work }[] = [];
  const counters = { looks: 0, reads: 0, lists: 0, commits: 0 };

  const members: Members = {
    async apply(cluster, work) {
      const fault = chance();
      if (fault === "crash-before") throw new Crash();
      if (fault === "unreachable") return { kind: "unreachable", reason: "no route to host" };
      asked.push({ cluster, work });
      const seen = applied(cluster, work);
      if (fault === "crash-after") throw new Crash();
      return fault === "answer-lost" ? { kind: "unreachable", reason: "socket hang up" } : seen;
    },
    health: async () => ({ kind: "healthy", kubernetesVersion: "1.34.1" }),
    usage: async () => ({ kind: "unreachable", reason: "nobody asks" }),
    openApi: async () => ({ kind: "absent" }),
  };

  function applied(cluster: ClusterId, { name, manifests, remove }: Work): WorkSeen {
    const held = objects.get(cluster) ?? new Map<string, { owner: string; manifest: Manifest }>();
    objects.set(cluster, held);
    for (const each of remove) {
      const text = identifierText(each);
      if (held.get(text)?.owner === name) held.delete(text);
    }
    const seen = manifests.map((manifest) => {
      const resource = identifierOf(manifest);
      if (options.fails?.(cluster, manifest) === true) {
        const reason = "ManifestApplyFailed";
        return { kind: "failed", resource, reason, message: "denied" } as const;
      }
      held.set(identifierText(resource), { owner: name, manifest });
      const availability = options.availability?.(cluster, manifest) ?? "available";
      return { kind: "applied", resource, availability, message: availability } as const;
    });
    return { kind: "seen", manifests: seen, remaining: [] };
  }

  const effects = {
    store: {
      ...store,
      read: async <Body>(key: Key<Body>) => {
        counters.reads++;
        return await store.read(key);
      },
      list: (async (query) => {
        counters.lists++;
        return await store.list(query);
      }) as typeof store.list,
      commit: async (commit: Parameters<typeof store.commit>[0]) => {
        const committed = await store.commit(commit);
        counters.commits++;
        if (chance() === "crash-after-commit") throw new Crash();
        return committed;
      },
    },
    wakes: { wake: async (wakes: readonly Wake[]) => void queue.push(...wakes) },
    members,
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  } as unknown as Effects;

  store.onCommit(({ documents }) => void changed.push(...documents));
  const changed: Document[] = [];

  async function tellDependents(): Promise<void> {
    const wakes = new Map<string, Wake>();
    for (const document of changed.splice(0)) {
      for (const key of await dependents(document)) wakes.set(keyText(key), { key });
    }
    queue.push(...wakes.values());
  }

  async function dependents(document: Document): Promise<readonly Key[]> {
    const { key, body } = document;
    const { fleet, kind, namespace, name } = key;
    if (kind === snapshotKind) return [];
    if (kind === countsKind) return [countsKey(fleet, (body as Counts).placement)];
    if (kind === placementKind || kind === bindingKind) return looksItself(document) ? [key] : [];
    if (kind === clusterProfileKind) {
      const { documents } = await store.list({ fleet, kind: placementKind });
      return documents.map((each) => candidateKey(fleet, each.key.name, name));
    }
    const refs = refsOfChangedObject(kind, namespace, name);
    return (await Promise.all(refs.map(async (ref) => await store.referring(ref)))).flat();
  }

  function looksItself(document: Document): boolean {
    if (document.deletedAt !== undefined) return false;
    return document.key.kind === placementKind
      ? isUnseen(document as Document<Placement>)
      : hasNewWork(document as Document<Binding>);
  }

  async function look(wake: Wake): Promise<void> {
    counters.looks++;
    try {
      await reconcile(wake, controllers, effects);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      queue.push(wake);
    }
  }

  /** The five-minute look, which finds what a crash kept from being asked for. */
  async function sweep(): Promise<void> {
    milliseconds = Math.max(milliseconds, sweepAt);
    sweepAt += 300_000;
    const overdue = await store.overdue(clock.now(), 5_000);
    queue.push(...overdue.map((key) => ({ key })));
  }

  /** The wake that is due first; a wake that is due later waits for its turn. */
  function nextWake(end: number): Wake | undefined {
    const due = (wake: Wake) => (wake.at === undefined ? 0 : Date.parse(wake.at));
    const next = queue.toSorted((left, right) => due(left) - due(right))[0];
    if (next === undefined || due(next) > end) return undefined;
    if (due(next) > sweepAt) return undefined;
    queue.splice(queue.indexOf(next), 1);
    milliseconds = Math.max(milliseconds, due(next));
    return next;
  }

  /** The next wake and others that are due with it; the clock stands at the end without one. */
  function wakesBefore(end: number): readonly Wake[] {
    const first = nextWake(end);
    const together = first === undefined ? [] : [first];
    while (together.length > 0 && together.length < parallel) {
      const other = nextWake(milliseconds);
      if (other === undefined) break;
      together.push(other);
    }
    if (first === undefined && sweepAt > end) milliseconds = Math.max(milliseconds, end);
    return together;
  }

  return {
    effects,
    objects,
    asked,
    counters,
    async commit(...writes) {
      for (let from = 0; from < writes.length; from += 90) {
        const part = writes.slice(from, from + 90);
        const { kind } = await store.commit({ fleet: fleetId, writes: part });
        if (kind !== "saved") throw new Error(`Cannot set up the test: ${kind}`);
      }
    },
    async runUntil(seconds) {
      const end = Date.parse(noon) + seconds * 1000;
      for (let looks = 0; looks < 20_000; looks++) {
        await tellDependents();
        const together = wakesBefore(end);
        if (together.length === 0 && sweepAt <= end) await sweep();
        else if (together.length === 0) return;
        await Promise.all(together.map(look));
      }
      throw new Error("Cannot come to rest in 20,000 looks");
    },
  };
}
