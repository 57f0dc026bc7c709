/**
 * A fleet whose clock, wakes and clusters a test moves by hand: the real controllers, engine and
 * store, around clusters that upgrade in steps, lose starts, are busy and fail.
 */
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import type { Clusters, UpgradeStarted } from "../../shared/effects/clusters.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Wake } from "../../shared/effects/wakes.ts";
import {
  type ClusterId,
  type ClusterSeen,
  type ClusterUpgrade,
  clusterIdOf,
  clusterRef,
} from "../../shared/fleet/model.ts";
import { newMember } from "../../shared/fleet/new-member.ts";
import { type Document, type Kind, keyText, type Write } from "../../shared/lib/document.ts";
import { hasPassed, type Instant, plusSeconds } from "../../shared/lib/instant.ts";
import { type Controller, controller } from "../../shared/reconcile/controller.ts";
import { reconcile } from "../../shared/reconcile/reconcile.ts";
import {
  groupController,
  memberProgressController,
  runController,
} from "../../shared/updates/controller.ts";
import { dependentsOfUpdate } from "../../shared/updates/dependents.ts";
import { emptyStatus } from "../../shared/updates/fill.ts";
import { judgeCluster } from "../../shared/updates/judge-cluster.ts";
import { refsOfRun, runKey } from "../../shared/updates/keys.ts";
import {
  type GroupProgress,
  groupKind,
  type MemberProgress,
  memberProgressKind,
  runKind,
  type Strategy,
  type UpdateRun,
  type UpgradeSpec,
} from "../../shared/updates/model.ts";
import { clusterArmId, clusterSeen, fleetId, noon, systemData } from "../builders.ts";

export const target = "1.34.1";
export const full: UpgradeSpec = { type: "Full", kubernetesVersion: target };

export interface Cluster {
  readonly name: string;
  seen: ClusterSeen;
  /** How its next upgrades end; "lost": ARM's answer and the start itself get lost. */
  readonly fate: ("succeeds" | "fails" | "lost" | "answer-lost" | "busy" | "refused" | "412")[];
  /** Times that an upgrade was accepted. */
  accepted: number;
  etags: number;
}

export interface World {
  readonly effects: Effects;
  readonly controllers: ReadonlyMap<Kind, Controller>;
  readonly clusters: Map<ClusterId, Cluster>;
  readonly wakes: Wake[];
  /** What must never happen, as it happened. */
  readonly violations: string[];
  /** Starts that ARM was asked for, by cluster. */
  readonly starts: string[];
  now: Instant;
  /** Requests to ARM and documents read and written, for tests of cost. */
  readonly cost: { see: number; start: number; read: number; listed: number; written: number };
  crashNextAct: boolean;
}

export interface MemberShape {
  readonly name: string;
  readonly group?: string;
  readonly fate?: Cluster["fate"];
  readonly seen?: Partial<ClusterSeen>;
}

export function updateWorld(): World {
  const world = {
    clusters: new Map<ClusterId, Cluster>(),
    wakes: [] as Wake[],
    violations: [] as string[],
    starts: [] as string[],
    now: noon,
    cost: { see: 0, start: 0, read: 0, listed: 0, written: 0 },
    crashNextAct: false,
  };
  let uids = 0;
  const store = memoryStore({ clock: { now: () => world.now }, ids: () => `uid-${uids++}` });
  store.onCommit(({ documents }) => {
    world.cost.written += documents.length;
    for (const document of documents) {
      const wakes = dependentsOfUpdate(document).map((key) => ({ key }));
      world.wakes.push(...wakes);
    }
  });
  const effects = {
    store: {
      ...store,
      read: (key: Parameters<typeof store.read>[0]) => {
        world.cost.read++;
        return store.read(key);
      },
      list: async (query: Parameters<typeof store.list>[0]) => {
        const page = await store.list(query);
        world.cost.listed += page.documents.length;
        return page;
      },
    },
    clock: { now: () => world.now },
    wakes: { wake: async (wakes: readonly Wake[]) => void world.wakes.push(...wakes) },
    clusters: clustersOf(world),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as Effects;
  const controllers = new Map<Kind, Controller>([
    [runKind, crashing(controller(runController), world)],
    [groupKind, crashing(controller(groupController), world)],
    [memberProgressKind, crashing(controller(memberProgressController), world)],
  ]);
  return Object.assign(world, { effects, controllers });
}

export class Crash extends Error {}

/** Of ten starts that a member is asked for, fates take up to three: one is left for an answer. */
const crashesMax = 6;

/** The process dies after it saved and before it acts: not so often that a member is given up. */
function crashing(one: Controller, world: { crashNextAct: boolean }): Controller {
  const crashes = new Map<string, number>();
  return {
    ...one,
    act: async (action, seen, effects) => {
      const of = JSON.stringify(action);
      const before = crashes.get(of) ?? 0;
      if (world.crashNextAct && before < crashesMax) {
        world.crashNextAct = false;
        crashes.set(of, before + 1);
        throw new Crash("crash between save and act");
      }
      await one.act(action, seen, effects);
    },
  };
}

type Clouds = Pick<World, "clusters" | "violations" | "starts" | "cost">;

function clustersOf({ clusters, violations, starts, cost }: Clouds): Clusters {
  return {
    tagged: async () => [],
    see: async (id) => {
      cost.see++;
      return clusters.get(id)?.seen;
    },
    startUpgrade: async (seen, upgrade): Promise<UpgradeStarted> => {
      cost.start++;
      const cluster = clusters.get(clusterIdOf(seen.armId));
      if (cluster === undefined) return { kind: "refused", reason: "not found" };
      starts.push(cluster.name);
      const judged = judgeCluster(upgrade, cluster.seen);
      if (judged.kind === "reached") violations.push(`${cluster.name} started at its target`);
      if (judged.kind === "moving") violations.push(`${cluster.name} started while it moves`);
      if (seen.etag !== cluster.seen.etag) return { kind: "changed-meanwhile" };
      return startOf(cluster, upgrade);
    },
  };
}

function startOf(cluster: Cluster, upgrade: ClusterUpgrade): UpgradeStarted {
  const fate = cluster.fate[0] ?? "succeeds";
  switch (fate) {
    case "lost":
      cluster.fate.shift();
      throw new Crash("start lost");
    case "busy":
      cluster.fate.shift();
      return { kind: "busy", reason: "another operation is in progress" };
    case "412":
      cluster.fate.shift();
      change(cluster, {});
      return { kind: "changed-meanwhile" };
    case "refused":
      return { kind: "refused", reason: "version is not allowed" };
    case "answer-lost":
    case "succeeds":
    case "fails":
      cluster.accepted++;
      change(cluster, {
        provisioningState: "Upgrading",
        ...(upgrade.kind !== "node-image" && { wantedVersion: upgrade.to }),
      });
      if (fate !== "answer-lost") return { kind: "accepted" };
      cluster.fate.shift();
      throw new Crash("answer lost");
  }
}

function change(cluster: Cluster, more: Partial<ClusterSeen>): void {
  cluster.etags++;
  cluster.seen = { ...cluster.seen, ...more, etag: `"${cluster.etags}"` };
}

/** AKS ends what it accepted, as the cluster's fate has it. */
export function finishUpgrade(cluster: Cluster): void {
  const { wantedVersion, pools } = cluster.seen;
  const fate = cluster.fate[0] ?? "succeeds";
  if (fate === "fails") {
    cluster.fate.shift();
    change(cluster, { provisioningState: "Failed", provisioningError: "PodDrainFailure" });
    return;
  }
  change(cluster, {
    provisioningState: "Succeeded",
    kubernetesVersion: wantedVersion,
    pools: pools.map((pool) => ({ ...pool, kubernetesVersion: wantedVersion })),
  });
}

export const isUpgrading = ({ seen }: Cluster): boolean => seen.provisioningState === "Upgrading";

/** Members and their clusters, and a run over them that nobody started. */
export async function createRun(
  world: World,
  members: readonly MemberShape[],
  more: { readonly strategy?: Strategy; readonly upgrade?: UpgradeSpec; readonly name?: string },
): Promise<void> {
  const writes: Write[] = [];
  for (const { name, group, fate = [], seen = {} } of members) {
    const clusterResourceId = clusterArmId(name);
    const id = clusterIdOf(clusterResourceId);
    const first = clusterSeen(name, { ...seen, etag: '"0"' });
    world.clusters.set(id, { name, seen: first, fate: [...fate], accepted: 0, etags: 0 });
    const member = newMember({
      fleet: fleetId,
      name,
      clusterResourceId,
      ...(group !== undefined && { group }),
      joinedBy: "api",
      systemData,
    });
    writes.push({ kind: "create", ...member });
  }
  for (let at = 0; at < writes.length; at += 90) {
    await world.effects.store.commit({ fleet: fleetId, writes: writes.slice(at, at + 90) });
  }
  const { strategy, upgrade = full, name = "run-1" } = more;
  const body: UpdateRun = {
    ...(strategy !== undefined && { strategy }),
    upgrade,
    wanted: "NotStarted",
    starts: 0,
    contents: { kind: "filling" },
    counts: { failed: 0 },
    status: emptyStatus({ ...(strategy !== undefined && { strategy }) }),
    systemData,
  };
  const write: Write = { kind: "create", key: runKey(fleetId, name), body, refs: refsOfRun(body) };
  await world.effects.store.commit({ fleet: fleetId, writes: [write] });
}

/** What the ARM face does when a person asks. */
export async function ask(world: World, wanted: "Started" | "Stopped"): Promise<void> {
  const run = await readRun(world);
  const starts = run.body.starts + (wanted === "Started" ? 1 : 0);
  const body = { ...run.body, wanted, starts };
  const write: Write = { kind: "replace", document: run, body, refs: refsOfRun(body) };
  await world.effects.store.commit({ fleet: fleetId, writes: [write] });
}

export async function readRun({ effects }: World, name = "run-1"): Promise<Document<UpdateRun>> {
  const run = await effects.store.read(runKey(fleetId, name));
  if (run === undefined) throw new Error("Run is gone");
  return run;
}

export async function progressOf({ effects }: World): Promise<readonly MemberProgress[]> {
  const found = await effects.store.find(memberProgressKind);
  return found.map(({ body }) => body);
}

export async function groupsOf({ effects }: World): Promise<readonly GroupProgress[]> {
  const found = await effects.store.find(groupKind);
  return found.map(({ body }) => body);
}

/**
 * One wake is delivered; a crash loses it, as a message that is given up does. True when the look
 * came to its end and asked ARM for nothing.
 */
export async function deliver(world: World, wake: Wake): Promise<boolean> {
  const starts = world.cost.start;
  try {
    await reconcile(wake, world.controllers, world.effects);
    return world.cost.start === starts;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return false;
  }
}

/** Takes the wake at the pick among those that are due. */
export function takeDue(world: World, pick: number): Wake | undefined {
  const due = world.wakes.filter(({ at }) => at === undefined || hasPassed(at, world.now));
  const wake = due[pick % Math.max(1, due.length)];
  if (wake !== undefined) world.wakes.splice(world.wakes.indexOf(wake), 1);
  return wake;
}

/** An event about the cluster: whoever has its ref looks again. */
export async function tellOf(world: World, cluster: Cluster): Promise<void> {
  const keys = await world.effects.store.referring(clusterRef(clusterIdOf(cluster.seen.armId)));
  world.wakes.push(...keys.map((key) => ({ key })));
}

/** Delivers all that is due, each key once. */
export async function settle(world: World): Promise<void> {
  for (let step = 0; step < 10_000; step++) {
    const wake = takeDue(world, 0);
    if (wake === undefined) return;
    const same = (other: Wake) => keyText(other.key) === keyText(wake.key) && other.at === wake.at;
    for (const twin of world.wakes.filter(same)) world.wakes.splice(world.wakes.indexOf(twin), 1);
    await deliver(world, wake);
  }
  throw new Error("Wakes without end");
}

/** The five-minute look, some time later. */
export async function pass(world: World, seconds: number): Promise<void> {
  world.now = plusSeconds(world.now, seconds);
  const overdue = await world.effects.store.overdue(world.now, 1_000);
  world.wakes.push(...overdue.map((key) => ({ key })));
}
