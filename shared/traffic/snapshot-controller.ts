import type { Effects } from "../effects/effects.ts";
import { clusterIdOf, memberKind } from "../fleet/model.ts";
import { parseArmId } from "../lib/arm-id.ts";
import { type Key, keyOf } from "../lib/document.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import {
  decideSnapshot,
  knowsFrontend,
  publicAddress,
  type SnapshotToDecide,
} from "./decide-snapshot.ts";
import type { ExportSnapshot } from "./model.ts";

/** Finds the frontend behind an exported address, and forgets what has served. */
export const exportSnapshotController = controller<SnapshotToDecide, never>({
  observe,
  decide: decideSnapshot,
  act: async (action) => action,
} satisfies Controller<SnapshotToDecide, never>);

async function observe(
  key: Key,
  effects: Effects,
): Promise<Observed<SnapshotToDecide> | undefined> {
  const { store, clock } = effects;
  const snapshot = await store.read(key as Key<ExportSnapshot>);
  if (snapshot === undefined) return undefined;
  const member = await store.read(keyOf(memberKind, key.fleet, snapshot.body.member));
  const frontendId =
    member && (await frontendOf(snapshot.body, member.body.arm.clusterResourceId, effects));
  return {
    document: snapshot,
    seen: { snapshot, memberExists: member !== undefined, frontendId, now: clock.now() },
  };
}

/** Asks Azure only about an address that is new: a frontend stays with its Service. */
async function frontendOf(
  snapshot: ExportSnapshot,
  clusterResourceId: string,
  { clusters, balancers }: Effects,
): Promise<string | undefined> {
  const wanted = publicAddress(snapshot);
  if (wanted === undefined) return undefined;
  if (knowsFrontend(snapshot, wanted)) {
    return snapshot.frontend?.kind === "found" ? snapshot.frontend.id : undefined;
  }
  const cluster = await clusters.see(clusterIdOf(clusterResourceId));
  const subscriptionId = parseArmId(clusterResourceId)?.subscriptionId;
  if (cluster === undefined || subscriptionId === undefined) return undefined;
  const group = { subscriptionId, resourceGroup: cluster.nodeResourceGroup };
  return await balancers.frontendOf(group, wanted.address);
}
