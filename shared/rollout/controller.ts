import type { Effects } from "../effects/effects.ts";
import type { Document, Key } from "../lib/document.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import { bindingWrites } from "./binding-change.ts";
import { type AskCluster, type BindingToDecide, decideBinding, isDue } from "./decide.ts";
import type { Binding, Manifest } from "./model.ts";
import { readSnapshot } from "./observe-snapshot.ts";
import { observedBinding } from "./observed-binding.ts";

/** Keeps the objects of one placement in one cluster. */
export const bindingController = controller<BindingToDecide, AskCluster>({
  observe,
  decide: decideBinding,
  act,
} satisfies Controller<BindingToDecide, AskCluster>);

async function observe(key: Key, effects: Effects): Promise<Observed<BindingToDecide> | undefined> {
  const { store, clock } = effects;
  const binding = await store.read(key as Key<Binding>);
  if (binding === undefined) return undefined;

  const now = clock.now();
  const snapshots = isDue(binding, now) ? await snapshotsOf(binding, effects) : new Map();
  return { document: binding, seen: { binding, snapshots, now } };
}

async function snapshotsOf(
  { key, body }: Document<Binding>,
  { store }: Effects,
): Promise<ReadonlyMap<string, readonly Manifest[]>> {
  const read = await Promise.all(
    body.rollout.mayHold.map(async (name) => {
      const manifests = await readSnapshot(key.fleet, name, store);
      return manifests === undefined ? [] : [[name, manifests] as const];
    }),
  );
  return new Map(read.flat());
}

/**
 * What the cluster answers is saved here, as long as the binding is what it was when the cluster
 * was asked. If it is not, the answer is to an old question, and the next look asks the new one.
 */
async function act(
  { manifests, remove }: AskCluster,
  { binding }: BindingToDecide,
  effects: Effects,
): Promise<void> {
  const { members, store, clock, wakes } = effects;
  const { clusterId, placement } = binding.body.rollout;
  const told = await members.apply(clusterId, { name: placement, manifests, remove });

  const change = observedBinding(binding, told, clock.now());
  const { fleet } = binding.key;
  const saved = await store.commit({ fleet, writes: bindingWrites(fleet, [change]) });
  if (saved.kind === "saved" && change.wakeAt !== undefined) {
    await wakes.wake([{ key: binding.key, at: change.wakeAt }]);
  }
}
