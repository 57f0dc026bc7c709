/** A fleet in memory with a small Azure: what the controllers of traffic need to run for real. */
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import type { BalancerAnswer, Balancers } from "../../shared/effects/balancers.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Store } from "../../shared/effects/store.ts";
import { type Fleet, fleetKind, type Member, memberKind } from "../../shared/fleet/model.ts";
import { type Document, type Key, type Kind, keyOf } from "../../shared/lib/document.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import { type Instant, plusSeconds } from "../../shared/lib/instant.ts";
import type { Controller, Controllers } from "../../shared/reconcile/controller.ts";
import { reconcile } from "../../shared/reconcile/reconcile.ts";
import { multiClusterServiceController } from "../../shared/traffic/controller.ts";
import { serviceImportController } from "../../shared/traffic/import-controller.ts";
import {
  exportSnapshotKind,
  type LoadBalancerSeen,
  type MultiClusterService,
  multiClusterServiceKind,
  type PublicIpSeen,
  serviceImportKind,
} from "../../shared/traffic/model.ts";
import { exportSnapshotController } from "../../shared/traffic/snapshot-controller.ts";
import { clusterSeen, fleetDocument, fleetId, memberDocument, noon } from "../builders.ts";
import { frontendId, ids, mcsKey } from "./exports.ts";

/** What Azure does with a write, besides carrying it out. */
export type Fault =
  | "none"
  /** Refused unread. */
  | "changed-meanwhile"
  | "busy"
  | "refused"
  | "throttled"
  /** Carried out, and the answer is lost. */
  | "lost"
  /** Carried out, and then it fails. */
  | "fails";

export interface World {
  readonly effects: Effects;
  readonly store: Store;
  /** Faults of the next writes, in order; then there are none. */
  readonly faults: Fault[];
  readonly azure: { loadBalancer?: LoadBalancerSeen; publicIp?: PublicIpSeen };
  /** How many writes Azure carried out. */
  readonly writes: () => number;
  /** All documents look until nothing changes; the clock runs with each round. */
  settle(): Promise<void>;
  /** One round of looks. */
  round(): Promise<void>;
  mcs(): Promise<Document<MultiClusterService> | undefined>;
  readonly warnings: string[];
}

const controllers: Controllers = new Map<Kind, Controller>([
  [exportSnapshotKind, exportSnapshotController],
  [serviceImportKind, serviceImportController],
  [multiClusterServiceKind, multiClusterServiceController],
]);

const roundsMax = 60;

export async function worldOf(members: readonly string[]): Promise<World> {
  let now: Instant = noon;
  const clock = { now: () => now };
  const store = memoryStore({ clock });
  const warnings: string[] = [];
  const faults: Fault[] = [];
  const azure: World["azure"] = {};
  const { balancers, writes, passTime } = smallAzure(azure, faults);
  const effects = {
    store,
    clock,
    balancers,
    wakes: { wake: async () => {} },
    clusters: { see: async (id: string) => clusterSeen(id.split("/").at(-1) ?? "") },
    log: { info: () => {}, warn: (message: string) => void warnings.push(message) },
  } as unknown as Effects;

  await store.commit({
    fleet: fleetId,
    writes: [
      {
        kind: "create",
        key: keyOf<Fleet>(fleetKind, fleetId, "fleet-1"),
        body: fleetDocument().body,
      },
      ...members.map((name) => ({
        kind: "create" as const,
        key: keyOf<Member>(memberKind, fleetId, name),
        body: memberDocument(name).body,
        refs: memberDocument(name).refs,
      })),
    ],
  });

  async function round(): Promise<void> {
    const { documents } = await store.list({ fleet: fleetId, kind: exportSnapshotKind });
    const imported = keyOf(serviceImportKind, fleetId, "web", "demo");
    const keys: Key[] = [...documents.map(({ key }) => key), imported, mcsKey];
    for (const key of keys) {
      await reconcile({ key }, controllers, effects).catch((error: unknown) => {
        warnings.push(String(error));
      });
    }
    now = plusSeconds(now, 30);
    passTime();
  }

  return {
    effects,
    store,
    faults,
    azure,
    writes,
    warnings,
    round,
    mcs: async () => await store.read(mcsKey),
    async settle() {
      for (let rounds = 0; rounds < roundsMax; rounds++) {
        const before = JSON.stringify([(await store.head(fleetId)).revision, azure]);
        await round();
        const document = await store.read(mcsKey);
        const owes = document?.wakeAt !== undefined;
        if (!owes && before === JSON.stringify([(await store.head(fleetId)).revision, azure]))
          return;
      }
      throw new Error(`The world did not settle in ${roundsMax} rounds`);
    },
  };
}

/** Carries out what it accepts at the next tick of time, as Azure does. */
function smallAzure(azure: World["azure"], faults: Fault[]) {
  let writes = 0;
  let etag = 0;
  const failing = new Set<string>();

  function answer(id: string, seenEtag: string | undefined, carryOut: () => void): BalancerAnswer {
    const fault = faults.shift() ?? "none";
    const there = [azure.loadBalancer, azure.publicIp].find((each) => each?.id === id);
    const refusal = refusalOf(fault, there, seenEtag);
    if (refusal !== undefined) return refusal;
    carryOut();
    writes++;
    if (fault === "fails") failing.add(id);
    if (fault === "lost") throw new FleetError("Unavailable", "lost", { retryAfterSeconds: 1 });
    return { kind: "accepted" };
  }

  const next = () => `"${++etag}"`;
  const balancers: Balancers = {
    see: async () => ({ ...azure }),
    ensurePublicIp: async (id, wanted) =>
      answer(id, undefined, () => {
        azure.publicIp = { ...wanted, id, etag: next(), provisioningState: "Updating" };
      }),
    ensureLoadBalancer: async (id, wanted, seenEtag) =>
      answer(id, seenEtag, () => {
        azure.loadBalancer = {
          id,
          etag: next(),
          provisioningState: "Updating",
          balancer: wanted,
          hasForeignParts: false,
        };
      }),
    remove: async (id, seenEtag) =>
      answer(id, seenEtag, () => {
        if (id === ids.loadBalancerId && azure.loadBalancer !== undefined) {
          azure.loadBalancer = { ...azure.loadBalancer, provisioningState: "Deleting" };
        }
        if (id === ids.publicIpId && azure.publicIp !== undefined) {
          if (azure.loadBalancer !== undefined) throw new Error("The address is in use");
          azure.publicIp = { ...azure.publicIp, provisioningState: "Deleting" };
        }
      }),
    frontendOf: async ({ resourceGroup }) => frontendId(resourceGroup.split("_")[2] ?? ""),
  };

  function passTime(): void {
    const state = (id: string) => (failing.delete(id) ? "Failed" : "Succeeded");
    const { loadBalancer, publicIp } = azure;
    if (loadBalancer?.provisioningState === "Deleting") delete azure.loadBalancer;
    else if (loadBalancer?.provisioningState === "Updating") {
      azure.loadBalancer = {
        ...loadBalancer,
        provisioningState: state(loadBalancer.id),
        etag: next(),
      };
    }
    if (publicIp?.provisioningState === "Deleting") delete azure.publicIp;
    else if (publicIp?.provisioningState === "Updating") {
      azure.publicIp = {
        ...publicIp,
        provisioningState: state(publicIp.id),
        etag: next(),
        address: "198.51.100.1",
      };
    }
  }

  return { balancers, writes: () => writes, passTime };
}

/** Why Azure does not carry a write out; undefined when it does. */
function refusalOf(
  fault: Fault,
  there: LoadBalancerSeen | PublicIpSeen | undefined,
  seenEtag: string | undefined,
): BalancerAnswer | undefined {
  if (fault === "changed-meanwhile" || fault === "busy" || fault === "refused") {
    return { kind: fault, reason: "as told" };
  }
  if (fault === "throttled") {
    throw new FleetError("TooManyRequests", "busy", { retryAfterSeconds: 40 });
  }
  if (seenEtag !== undefined && there?.etag !== seenEtag) return { kind: "changed-meanwhile" };
  return there === undefined || ["Succeeded", "Failed"].includes(there.provisioningState)
    ? undefined
    : { kind: "busy", reason: "another operation" };
}
