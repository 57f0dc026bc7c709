import type { Effects } from "../effects/effects.ts";
import { listAll } from "../effects/list-all.ts";
import type { Store } from "../effects/store.ts";
import { clusterProfileKind } from "../fleet/model.ts";
import { type Document, type Key, keyOf } from "../lib/document.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import type { Plan } from "../reconcile/plan.ts";
import { bindingsPerCommitMax } from "../rollout/binding-change.ts";
import {
  type Counts,
  countsKey,
  snapshotCountsKey,
  snapshotKind,
  snapshotPartName,
  snapshotRef,
} from "../rollout/model.ts";
import { readStale } from "../rollout/observe-stale.ts";
import {
  decidePlacement,
  type PlacementToDecide,
  type SchedulingSeen,
  type SelectionSeen,
} from "./decide.ts";
import { type DeletionToDecide, decideDeletion } from "./decide-deletion.ts";
import { type PruneSeen, surplusSnapshot } from "./kept-snapshots.ts";
import { type Placement, placementFinalizer } from "./model.ts";
import { bindingsOf, observeDeletion } from "./observe-deletion.ts";
import { findSelected } from "./observe-selection.ts";
import { isSchedulingDue } from "./scheduling-due.ts";
import { select } from "./select.ts";
import { snapshotOf } from "./snapshot.ts";

type Seen =
  | { readonly kind: "stays"; readonly placement: PlacementToDecide }
  | { readonly kind: "goes"; readonly placement: DeletionToDecide };

/** Keeps a placement's snapshot and bindings as its spec, the hub and the clusters ask for. */
export const placementController = controller<Seen, never>({
  observe,
  decide: (seen): Plan =>
    seen.kind === "goes" ? decideDeletion(seen.placement) : decidePlacement(seen.placement),
  act: async (action) => action,
} satisfies Controller<Seen, never>);

async function observe(key: Key, effects: Effects): Promise<Observed<Seen> | undefined> {
  const { store, clock } = effects;
  const placement = await store.read(key as Key<Placement>);
  if (placement === undefined) return undefined;
  const now = clock.now();
  const { deletionTimestamp, finalizers = [] } = placement.body.metadata;
  if (deletionTimestamp === undefined) {
    const seen = { ...(await observePlacement(placement, store)), now };
    return { document: placement, seen: { kind: "stays", placement: seen } };
  }
  if (!finalizers.includes(placementFinalizer)) return undefined;
  const seen = { ...(await observeDeletion(placement, store)), now };
  return { document: placement, seen: { kind: "goes", placement: seen } };
}

async function observePlacement(
  placement: Document<Placement>,
  store: Store,
): Promise<Omit<PlacementToDecide, "now">> {
  const { key, body } = placement;
  const counts = await store.read(countsKey(key.fleet, key.name));
  const selection = await seeSelection(placement, store);
  const sums = counts?.body.counts ?? {};
  const isDue = isSchedulingDue(body, sums);
  const [scheduling, stale, prune] = await Promise.all([
    isDue ? seeClusters(placement, store) : undefined,
    seeStale(placement, { sums, selection }, store),
    seeSurplus(placement, store),
  ]);
  return {
    placement,
    selection,
    counts,
    stale,
    ...(scheduling !== undefined && { scheduling }),
    ...(prune !== undefined && { prune }),
  };
}

async function seeSelection(
  { key, body }: Document<Placement>,
  store: Store,
): Promise<SelectionSeen> {
  const { fleet, name } = key;
  const selection = select(await findSelected(fleet, body.spec, store));
  if (selection.kind === "invalid") return selection;
  const content = snapshotOf(name, selection.manifests);
  const counts = (await store.read(snapshotCountsKey(fleet, content.name)))?.body.counts;
  const partsSaved = new Set<number>();
  if (counts === undefined) {
    for (let part = 1; part < content.parts.length; part++) {
      const partKey = keyOf(snapshotKind, fleet, snapshotPartName(content.name, part));
      if ((await store.read(partKey)) !== undefined) partsSaved.add(part);
    }
  }
  return { ...selection, snapshot: { content, counts, partsSaved } };
}

/** The revision first: a cluster that changes while they are read is then known to have changed. */
async function seeClusters({ key }: Document<Placement>, store: Store): Promise<SchedulingSeen> {
  const { fleet } = key;
  const { revision } = await store.head(fleet);
  const clusters = await listAll(store, { fleet, kind: clusterProfileKind });
  return { clusters, bindings: await bindingsOf(key, store), revision };
}

/** Only when some cluster wants another snapshot than what is selected now. */
async function seeStale(
  { key, body }: Document<Placement>,
  seen: { readonly sums: Counts["counts"]; readonly selection: SelectionSeen },
  store: Store,
): Promise<PlacementToDecide["stale"]> {
  if (seen.selection.kind === "invalid") return [];
  const { content, counts } = seen.selection.snapshot;
  const isBehind = (counts?.started ?? 0) < (seen.sums.bindings ?? 0);
  if (!isBehind) return [];
  const newest = content.name;
  const limit = bindingsPerCommitMax;
  return await readStale({ fleet: key.fleet, placement: body, newest, limit }, store);
}

async function seeSurplus(
  { key, body }: Document<Placement>,
  store: Store,
): Promise<PruneSeen | undefined> {
  const name = surplusSnapshot(body);
  if (name === undefined) return undefined;
  const counts = await store.read(snapshotCountsKey(key.fleet, name));
  if (counts === undefined || (counts.body.counts.held ?? 0) > 0) return undefined;
  const ref = snapshotRef(name);
  const page = await store.list({ fleet: key.fleet, kind: snapshotKind, ref, limit: 2 });
  return { name, counts, documents: page.documents };
}
