/**
 * Azure Resource Manager on a laptop: AKS clusters with node pools, versions and upgrades that take
 * time, load balancers and public addresses, with Azure's rules, errors, events and limits, for
 * the unmodified SDKs.
 *
 *     const arm = await startArm({ tls, verify, kubeconfig, emit, speed: 60 });
 *     arm.createResourceGroup({ subscriptionId, name: "rg-fleet", location: "westeurope" });
 *     new ContainerServiceClient(credential, subscriptionId, { endpoint: arm.url });
 */
import { type HttpsServer, startHttpsServer } from "../tls/https-server.ts";
import type { LocalAuthority } from "../tls/local-authority.ts";
import { adminPath, serveAdmin } from "./admin-routes.ts";
import { type Catalogues, createCatalogues } from "./catalogues.ts";
import type { Cloud, KubeconfigSource } from "./cloud.ts";
import { clusterEvent, type EventGridEvent } from "./events.ts";
import { createFaults, type Faults } from "./faults.ts";
import { checkedSpeed, createOperations } from "./operations.ts";
import type { Caller } from "./request.ts";
import type { Resource } from "./resource.ts";
import type { StateChange } from "./resource-table.ts";
import { type Cluster, clusterBody, clusterType, poolsOf } from "./resources/cluster-model.ts";
import { saveNewCluster } from "./resources/managed-cluster-create.ts";
import { clusterInput } from "./resources/managed-cluster-input.ts";
import { nodesOf, type SimulatedNode } from "./resources/pool-roll.ts";
import {
  ensureRegionalFrontend,
  type FrontendRemoval,
  type FrontendWish,
  type RegionalFrontend,
  removeRegionalFrontend,
} from "./resources/regional-frontend.ts";
import { saveResourceGroup } from "./resources/resource-group.ts";
import { type Gate, serveArm } from "./router.ts";
import { openState, sameText } from "./state.ts";
import { applyStep, endOperation } from "./steps.ts";
import { createThrottle } from "./throttle.ts";
import { type Durations, defaultDurations } from "./upgrade.ts";
import { type Catalogue, defaultCatalogue } from "./versions.ts";

const bodyBytesMax = 4 * 1024 * 1024;
const countersMax = 1_000;

export interface ArmOptions {
  readonly tls: LocalAuthority;
  /** Who a bearer token stands for; undefined for one that is not good. */
  readonly verify: (token: string) => Promise<Caller | undefined>;
  /** The kubeconfig of a member cluster; without it there are no credentials. */
  readonly kubeconfig?: KubeconfigSource;
  /** Told of each event that Azure would publish. */
  readonly emit?: (event: EventGridEvent) => void;
  readonly port?: number;
  /** How much faster than Azure it is: 60 makes a minute a second. 1 when left out. */
  readonly speed?: number;
  readonly durations?: Partial<Durations>;
  readonly catalogue?: Catalogue;
  /** An SQLite file that outlives the process; in memory when left out. */
  readonly stateFile?: string;
  /** Azure's own limits on requests; off when left out. */
  readonly throttling?: "off" | "documented";
  readonly whenBusy?: Cloud["whenBusy"];
  /** "create" spares a laptop's user the resource groups; Azure, and the default, refuse. */
  readonly missingGroups?: Cloud["missingGroups"];
  readonly pageSize?: number;
  /** The `Retry-After` of operations; when left out, none, and SDKs ask every two seconds. */
  readonly pollSeconds?: number;
  /** 0 to 1, for faults with a probability. */
  readonly random?: () => number;
  readonly log?: (line: string) => void;
}

export interface SeedCluster {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Arm {
  readonly url: string;
  readonly faults: Faults;
  /** Requests by method and type, with how they were answered; 0 counts lost answers. */
  readonly stats: () => Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly setSpeed: (speed: number) => void;
  readonly createResourceGroup: (group: {
    readonly subscriptionId: string;
    readonly name: string;
    readonly location: string;
  }) => void;
  /** A cluster that is there at once, as if made long ago: no events. Its id. */
  readonly seedCluster: (cluster: SeedCluster) => string;
  readonly readCluster: (id: string) => Readonly<Record<string, unknown>> | undefined;
  readonly clusterIds: () => readonly string[];
  /** The nodes of a cluster with the version that each has now. */
  readonly nodes: (clusterId: string) => readonly SimulatedNode[];
  readonly ensureRegionalFrontend: (wish: FrontendWish) => RegionalFrontend;
  readonly removeRegionalFrontend: (service: {
    readonly clusterId: string;
    readonly serviceUid: string;
  }) => FrontendRemoval;
  /** New versions or images of a region, or of all; clusters there are told of new versions. */
  readonly publish: Catalogues["publish"];
  /** Told of each change of a resource; returns how to stop. */
  readonly watch: (listener: (change: StateChange) => void) => () => void;
  readonly close: () => Promise<void>;
}

export async function startArm(options: ArmOptions): Promise<Arm> {
  const { cloud, catalogues, setUrl, closeCloud } = createCloud(options);
  const counters = new Map<string, Map<number, number>>();
  const startedAt = Date.now();
  const gate: Gate = {
    verify: options.verify,
    throttle:
      options.throttling === "documented"
        ? createThrottle(() => ((Date.now() - startedAt) / 1000) * cloud.operations.speed())
        : undefined,
    count: (name, status) => count(counters, name, status),
  };
  const stats = () => statsOf(counters);
  const { setSpeed } = cloud.operations;
  const admin = { faults: cloud.faults, stats, setSpeed };
  const server: HttpsServer = await startHttpsServer({
    tls: options.tls,
    port: options.port,
    bodyBytesMax,
    log: options.log,
    serve: async (request) =>
      request.url.pathname.startsWith(adminPath)
        ? serveAdmin(admin, request)
        : await serveArm(cloud, gate, request),
  });
  setUrl(server.url);
  cloud.operations.resume();
  return {
    url: server.url,
    faults: cloud.faults,
    stats,
    setSpeed,
    createResourceGroup: (group) => createResourceGroup(cloud, group),
    seedCluster: (seed) => seedCluster(cloud, seed),
    readCluster: (id) => {
      const found = cloud.state.read(id);
      return found === undefined ? undefined : clusterBody(cloud, found as unknown as Cluster);
    },
    clusterIds: () => cloud.state.all(clusterType).map(({ id }) => id),
    nodes: (clusterId) => poolsOf(cloud, clusterId).flatMap(nodesOf),
    ensureRegionalFrontend: (wish) => ensureRegionalFrontend(cloud, wish),
    removeRegionalFrontend: (service) => removeRegionalFrontend(cloud, service),
    publish: catalogues.publish,
    watch: cloud.state.watch,
    close: async () => {
      await server.close();
      closeCloud();
    },
  };
}

function createCloud(options: ArmOptions) {
  const state = openState(options.stateFile);
  const emit = (event: EventGridEvent) => tell(options, event);
  const operations = createOperations(
    {
      state,
      emit,
      apply: (operation, step) => applyStep({ state, emit }, operation, step),
      ended: (operation) => endOperation({ state, emit }, operation),
    },
    checkedSpeed(options.speed ?? 1),
  );
  const catalogues = createCatalogues(
    state,
    options.catalogue ?? defaultCatalogue,
    (location, data) => {
      for (const cluster of clustersIn(state.all(clusterType), location)) {
        emit(clusterEvent(cluster.id, "NewKubernetesVersionAvailable", data));
      }
    },
  );
  let url = "";
  const cloud: Cloud = {
    state,
    operations,
    emit,
    faults: createFaults(options.random ?? Math.random),
    durations: { ...defaultDurations, ...options.durations },
    kubeconfig: options.kubeconfig ?? (() => undefined),
    catalogue: catalogues.of,
    url: () => url,
    pageSize: options.pageSize ?? 100,
    whenBusy: options.whenBusy ?? "refuse",
    pollSeconds: options.pollSeconds,
    missingGroups: options.missingGroups ?? "refuse",
  };
  const setUrl = (wanted: string) => {
    url = wanted;
  };
  const closeCloud = () => {
    operations.close();
    state.close();
  };
  return { cloud, catalogues, setUrl, closeCloud };
}

/** Whoever listens cannot stop what happens in the cloud. */
function tell({ emit, log }: ArmOptions, event: EventGridEvent): void {
  try {
    emit?.(event);
  } catch (error) {
    log?.(`Cannot tell of ${event.eventType} ${event.subject}: ${String(error)}`);
  }
}

/** Leaves a group that is there as it is. */
function createResourceGroup(
  cloud: Cloud,
  { subscriptionId, name, location }: Parameters<Arm["createResourceGroup"]>[0],
): void {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
  if (cloud.state.read(id) === undefined) saveResourceGroup(cloud, id, { location });
}

function clustersIn(
  clusters: readonly Resource[],
  location: string | undefined,
): readonly Resource[] {
  if (location === undefined) return clusters;
  return clusters.filter((cluster) => sameText(cluster.location ?? "", location));
}

function seedCluster(cloud: Cloud, seed: SeedCluster): string {
  const group = `/subscriptions/${seed.subscriptionId}/resourceGroups/${seed.resourceGroup}`;
  if (cloud.state.read(group) === undefined) saveResourceGroup(cloud, group, seed);
  const id = `${group}/providers/${clusterType}/${seed.name}`;
  if (cloud.state.read(id) !== undefined) return id;
  const { location, tags, properties } = seed;
  const input = clusterInput.parse({ location, ...(tags && { tags }), properties });
  return saveNewCluster(cloud, { id, input, provisioningState: "Succeeded" }).id;
}

function count(counters: Map<string, Map<number, number>>, name: string, status: number): void {
  const key = counters.size < countersMax || counters.has(name) ? name : "others";
  const statuses = counters.get(key) ?? new Map<number, number>();
  counters.set(key, statuses.set(status, (statuses.get(status) ?? 0) + 1));
}

function statsOf(counters: ReadonlyMap<string, ReadonlyMap<number, number>>) {
  return Object.fromEntries(
    [...counters].map(([name, statuses]) => [name, Object.fromEntries(statuses)]),
  );
}
