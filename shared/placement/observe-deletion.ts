import { listAll } from "../effects/list-all.ts";
import type { Store } from "../effects/store.ts";
import type { Document, Key } from "../lib/document.ts";
import {
  type Binding,
  bindingKind,
  countsKind,
  placementRef,
  snapshotKind,
} from "../rollout/model.ts";
import type { DeletionToDecide } from "./decide-deletion.ts";
import type { Placement } from "./model.ts";

/** A commit takes so many deletes of counts beside one of a large snapshot. */
const countsPerCommitMax = 20;

export async function observeDeletion(
  placement: Document<Placement>,
  store: Store,
): Promise<Omit<DeletionToDecide, "now">> {
  const { fleet, name } = placement.key;
  const bindings = await bindingsOf(placement.key, store);
  if (bindings.length > 0) return { placement, bindings, snapshots: [], counts: [] };

  const ref = placementRef(name);
  const [snapshots, counts] = await Promise.all([
    store.list({ fleet, kind: snapshotKind, ref, limit: 1 }),
    store.list({ fleet, kind: countsKind, ref, limit: countsPerCommitMax }),
  ]);
  return { placement, bindings, snapshots: snapshots.documents, counts: counts.documents };
}

/** All bindings of a placement: for looks that concern each of its clusters. */
export async function bindingsOf(
  { fleet, name }: Key<Placement>,
  store: Store,
): Promise<readonly Document<Binding>[]> {
  return await listAll(store, { fleet, kind: bindingKind, ref: placementRef(name) });
}
