/** One simulated cluster: a Kubernetes API over memory, with just enough life. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../../../shared/effects/clock.ts";
import { withDefinitions } from "../../../shared/kube/definitions/definition-kind.ts";
import { type Kinds, kindsOf } from "../../../shared/kube/kinds.ts";
import type { KubeApi } from "../../../shared/kube/kube-api.ts";
import { withLearnt } from "../../../shared/kube/openapi/with-learnt.ts";
import type { ServedKind } from "../../../shared/kube/served-kind.ts";
import { watchSource } from "../../../shared/kube/watch/watch-source.ts";
import { type FleetId, type Kind, keyOf, type Write } from "../../../shared/lib/document.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { type MemoryStore, memoryStore } from "../memory-store/memory-store.ts";
import type { Balancer, ClusterView, LiveBody } from "./life/rule.ts";
import { type Life, runLife } from "./life/run-life.ts";
import { memberKinds } from "./member-kinds.ts";
import { nodesOf, type SimulatedNode } from "./nodes.ts";
import { simulatedSchemas } from "./open-api/simulated-schemas.ts";
import { podWrites } from "./pods.ts";

/** Commits reach watches at once; this only finds what a nudge missed. */
const watchPollMilliseconds = 10_000;

const firstNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
const definitions = "apiextensions.k8s.io/customresourcedefinitions";
const workloads = ["apps/deployments", "apps/replicasets", "apps/statefulsets", "apps/daemonsets"];

export interface MemberClusterOptions {
  readonly clusterId: string;
  /** Resources besides the built-in ones, as if their definitions had come with the cluster. */
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
  /** Takes the pods of a workload down, or lets them start again. */
  readonly setDown: (namespace: string, name: string, isDown: boolean) => Promise<void>;
  /** Writes the nodes of the cluster as they are now. */
  readonly seeNodes: (nodes: readonly SimulatedNode[], isReady: boolean) => Promise<void>;
  /** Writes the pods of the cluster as they are now, on its nodes. */
  readonly seePods: () => Promise<void>;
  readonly stop: () => void;
}

/** Kubernetes' own kinds are the same everywhere, and so is what is derived of them. */
const baseKinds = new Map<readonly ServedKind[], Kinds>();

function kindsWith(customKinds: readonly ServedKind[]): Kinds {
  const known =
    baseKinds.get(customKinds) ??
    withLearnt(kindsOf([...memberKinds(), ...customKinds]), simulatedSchemas());
  baseKinds.set(customKinds, known);
  return known;
}

/** Resolves when the namespaces of a new cluster are there. */
export async function memberCluster(options: MemberClusterOptions): Promise<MemberCluster> {
  const { clusterId, customKinds, clock } = options;
  const fleet = clusterId.toLowerCase() as FleetId;
  const store = memoryStore({ clock });
  const watch = watchSource(store, { pollMilliseconds: watchPollMilliseconds });
  const own = kindsWith(customKinds);
  let kinds = own;
  const api: MemberCluster["api"] = {
    store,
    fleet,
    get kinds() {
      return kinds;
    },
    clock,
    ids: randomUUID,
    watch,
    collectsGarbage: true,
  };
  const down = new Set<string>();
  const view = viewOf(api, options, down);
  const life = runLife(store, view, options);
  const stopServing = store.onCommit(({ documents }) => {
    watch.nudge(fleet);
    if (documents.every(({ key }) => key.kind !== definitions)) return;
    servedKinds(store, fleet, own).then((all) => {
      kinds = all;
    }, options.onError);
  });
  await store.commit({ fleet, writes: firstNamespaces.map((name) => newNamespace(fleet, name)) });
  return {
    clusterId,
    store,
    fleet,
    api,
    setDown: async (namespace, name, isDown) => {
      if (isDown) down.add(`${namespace}/${name}`);
      else down.delete(`${namespace}/${name}`);
      await lookAgain(view, life, namespace, name);
    },
    seeNodes: async (nodes, isReady) => {
      const there = await view.list("nodes");
      await write(store, fleet, nodesOf(nodes, there, { fleet, isReady, now: clock.now() }));
    },
    seePods: async () => {
      const [nodes, there, ...found] = await Promise.all(
        ["nodes", "pods", ...workloads].map((kind) => view.list(kind)),
      );
      const pods = { fleet, nodes: nodes ?? [], there: there ?? [], workloads: found.flat() };
      await write(store, fleet, podWrites(pods));
    },
    stop: () => {
      life.stop();
      stopServing();
    },
  };
}

/** A delete is two of the operations that a commit has room for. */
const writesPerCommit = 40;

async function write(store: MemoryStore, fleet: FleetId, writes: readonly Write[]): Promise<void> {
  for (let from = 0; from < writes.length; from += writesPerCommit) {
    await store.commit({ fleet, writes: writes.slice(from, from + writesPerCommit) });
  }
}

function newNamespace(fleet: FleetId, name: string) {
  return {
    kind: "create" as const,
    key: keyOf<LiveBody>("namespaces", fleet, name),
    body: {
      metadata: { labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    },
  };
}

async function servedKinds(store: MemoryStore, fleet: FleetId, own: Kinds): Promise<Kinds> {
  const { documents } = await store.list<LiveBody>({ fleet, kind: definitions });
  return withDefinitions(
    own,
    documents.map(({ body }) => body as unknown as JsonObject),
  );
}

async function lookAgain(
  view: ClusterView,
  life: Life,
  namespace: string,
  name: string,
): Promise<void> {
  for (const kind of workloads) {
    const document = await view.read(kind, name, namespace);
    if (document !== undefined) life.look(document);
  }
}

function viewOf(
  api: MemberCluster["api"],
  { clusterId, balancer }: MemberClusterOptions,
  down: ReadonlySet<string>,
): ClusterView {
  const { store, fleet } = api;
  return {
    clusterId,
    fleet,
    balancer,
    api: () => ({ ...api, basePath: "", serverVersion: "" }),
    isDown: (namespace, name) => down.has(`${namespace}/${name}`),
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
