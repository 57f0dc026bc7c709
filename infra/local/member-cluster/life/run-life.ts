import { type Document, keyText } from "../../../../shared/lib/document.ts";
import type { MemoryStore } from "../../memory-store/memory-store.ts";
import { definitions } from "./definitions.ts";
import { endpointSlices } from "./endpoint-slices.ts";
import { garbage } from "./garbage.ts";
import { jobs } from "./jobs.ts";
import { namespaces } from "./namespaces.ts";
import type { ClusterView, LiveBody, Rule } from "./rule.ts";
import { services } from "./services.ts";
import { workloadsReady, workloadsSeen } from "./workloads.ts";

const rules: readonly Rule[] = [
  namespaces,
  definitions,
  workloadsSeen,
  workloadsReady,
  jobs,
  services,
  endpointSlices,
  garbage,
];

/** A write that lost its race is looked at again so often before it waits. */
const racesMax = 5;

const writesPerCommit = 48;

/** A rule that fails, such as one whose load balancer is away, is tried again after this. */
const retrySeconds = 30;

export interface LifeOptions {
  /** Now; it may change. */
  readonly speed: () => number;
  readonly onError: (error: unknown) => void;
}

export interface Life {
  /** Lets the rules look at an object that has not changed: the world around it has. */
  readonly look: (document: Document) => void;
  readonly stop: () => void;
}

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly generation: number;
}

/** Runs the rules of what changed, each after its while; nothing runs while nothing changes. */
export function runLife(
  store: MemoryStore,
  view: ClusterView,
  { speed, onError }: LifeOptions,
): Life {
  const pending = new Map<string, Pending>();
  let isStopped = false;

  /** One look per rule and object is enough, unless what is wanted of the object changed. */
  const later = (rule: Rule, changed: Document<LiveBody>, seconds: number): void => {
    if (isStopped) return;
    const id = `${rules.indexOf(rule)} ${keyText(changed.key)} ${changed.uid}`;
    const before = pending.get(id);
    const isGone = changed.deletedAt !== undefined;
    if (before !== undefined && before.generation === changed.generation && !isGone) return;
    clearTimeout(before?.timer);
    const run = (): void => {
      pending.delete(id);
      follow(rule, changed).catch((error: unknown) => {
        onError(error);
        later(rule, changed, retrySeconds);
      });
    };
    const timer = setTimeout(run, (seconds * 1000) / speed());
    pending.set(id, { timer, generation: changed.generation });
  };
  const follow = async (rule: Rule, changed: Document<LiveBody>): Promise<void> => {
    for (let races = 0; races < racesMax && !isStopped; races++) {
      const writes = await rule.next(changed, view);
      if (writes === "again") break;
      if (writes.length === 0) return;
      const some = writes.slice(0, writesPerCommit);
      const committed = await store.commit({ fleet: view.fleet, writes: some });
      if (committed.kind === "saved" && some.length === writes.length) return;
    }
    later(rule, changed, rule.afterSeconds);
  };
  const look = (document: Document): void => {
    const changed = document as Document<LiveBody>;
    for (const rule of rules) {
      const isOfKind = rule.kinds === "all" || rule.kinds.includes(changed.key.kind);
      if (!isOfKind || rule.concerns?.(changed) === false) continue;
      later(rule, changed, rule.afterSeconds);
    }
  };
  const stopListening = store.onCommit(({ documents }) => {
    for (const document of documents) look(document);
  });
  return {
    look,
    stop: () => {
      isStopped = true;
      stopListening();
      for (const { timer } of pending.values()) clearTimeout(timer);
    },
  };
}
