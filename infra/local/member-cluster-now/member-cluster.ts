/** One simulated cluster: a Kubernetes API over memory, with just enough life. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../../../shared/effects/clock.ts";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { KubeApi } from "../../../shared/kube/kube-api.ts";
import { documentKind, type ServedKind } from "../../../shared/kube/served-kind.ts";
import { watchSource } from "../../../shared/kube/watch/watch-source.ts";
import { type Document, type FleetId, type Kind, keyOf } from "../../../shared/lib/document.ts";
import { type MemoryStore, memoryStore } from "../memory-store/memory-store.ts";
import { endpointSlices } from "./life/endpoint-slices.ts";
import { namespaces } from "./life/namespaces.ts";
import type { Balancer, ClusterView, LiveBody, Rule } from "./life/rule.ts";
import { services } from "./life/services.ts";
import { workloads } from "./life/workloads.ts";

const rules: readonly Rule[] = [namespaces, workloads, services, endpointSlices];

/** A write that lost its race is looked at again so often. */
const racesMax = 5;

/** Commits reach watches at once; this only finds what a nudge missed. */
const watchPollMilliseconds = 10_000;

const firstNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

export interface MemberClusterOptions {
  readonly clusterId: string;
  /** Resources besides the built-in ones: what CustomResourceDefinitions brought. */
  readonly customKinds: readonly ServedKind[];
  readonly clock: Clock;
  readonly balancer: Balancer;
  /** Now; it may change. */
  readonly speed: () => number;
  readonly onError: (error: unknown) => void;
}

export interface MemberCluster {
  readonly clusterId: string;
  readonly store: MemoryStore;
  readonly fleet: FleetId;
  /** For `serveKube`; the server adds path and caller. */
  readonly api: Omit<KubeApi, "basePath" | "serverVersion">;
  readonly stop: () => void;
}

/** Resolves when the namespaces of a new cluster are there. */
export async function memberCluster(options: MemberClusterOptions): Promise<MemberCluster> {
  const { clusterId, customKinds, clock } = options;
  const fleet = clusterId.toLowerCase() as FleetId;
  const store = memoryStore({ clock });
  const watch = watchSource(store, { pollMilliseconds: watchPollMilliseconds });
  const view = viewOf(store, fleet, options);
  const life = startLife(store, view, options);
  const stopNudging = store.onCommit(() => watch.nudge(fleet));
  const missing = firstNamespaces.map((name) => ({
    kind: "create" as const,
    key: keyOf<LiveBody>("namespaces", fleet, name),
    body: {
      metadata: { labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    },
  }));
  await store.commit({ fleet, writes: missing });
  return {
    clusterId,
    store,
    fleet,
    api: {
      store,
      fleet,
      kinds: kindsOf([...builtInKinds(), ...customKinds]),
      clock,
      ids: randomUUID,
      watch,
    },
    stop: () => {
      life.stop();
      stopNudging();
    },
  };
}

function viewOf(store: MemoryStore, fleet: FleetId, options: MemberClusterOptions): ClusterView {
  const { clusterId, balancer, customKinds } = options;
  return {
    clusterId,
    fleet,
    balancer,
    customKinds: customKinds
      .filter(({ namespaced }) => namespaced)
      .map(({ group, plural }) => documentKind(group, plural)),
    read: async (kind, name, namespace) =>
      await store.read(keyOf<LiveBody>(kind, fleet, name, namespace)),
    list: async (kind, namespace) => {
      const { documents } = await store.list({
        fleet,
        kind: kind as Kind<LiveBody>,
        ...(namespace !== undefined && { namespace }),
      });
      return documents;
    },
  };
}

/** Runs the rules of what changed, each after its while; nothing runs while nothing changes. */
function startLife(
  store: MemoryStore,
  view: ClusterView,
  { speed, onError }: MemberClusterOptions,
): { readonly stop: () => void } {
  const timers = new Set<NodeJS.Timeout>();
  const later = (rule: Rule, changed: Document<LiveBody>) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        follow(rule, changed).catch(onError);
      },
      (rule.afterSeconds * 1000) / speed(),
    );
    timers.add(timer);
  };
  async function follow(rule: Rule, changed: Document<LiveBody>): Promise<void> {
    for (let races = 0; races < racesMax; races++) {
      const writes = await rule.next(changed, view);
      if (writes.length === 0) return;
      if ((await store.commit({ fleet: view.fleet, writes })).kind === "saved") return;
    }
    later(rule, changed);
  }
  const stopListening = store.onCommit(({ documents }) => {
    for (const document of documents) {
      for (const rule of rules) {
        if (rule.kinds.includes(document.key.kind)) later(rule, document as Document<LiveBody>);
      }
    }
  });
  return {
    stop: () => {
      stopListening();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
