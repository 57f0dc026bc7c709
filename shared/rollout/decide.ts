/**
 * Decides what a binding owes its cluster: the objects of its snapshot, or their removal.
 *
 * B1. The cluster is asked when the saved moment has come, and only then: a look in between does
 *     nothing. Who gives a binding something to do sets that moment, in the same commit.
 * B2. What the cluster may hold besides what it should is removed with each asking, so a snapshot
 *     that was applied and never answered for leaves nothing behind.
 * B3. What the cluster answers is saved by who asked; deciding again then finds nothing owed.
 */
import type { Document } from "../lib/document.ts";
import { hasPassed, type Instant } from "../lib/instant.ts";
import type { Plan } from "../reconcile/plan.ts";
import { bindingWrites } from "./binding-change.ts";
import {
  type Binding,
  identifierOf,
  identifierText,
  type Manifest,
  type ResourceIdentifier,
} from "./model.ts";

export interface BindingToDecide {
  readonly binding: Document<Binding>;
  /** By name: what the binding wants and what its cluster may hold. Empty when nothing is owed. */
  readonly snapshots: ReadonlyMap<string, readonly Manifest[]>;
  readonly now: Instant;
}

/** Asks the cluster to hold these objects, and not those. */
export interface AskCluster {
  readonly kind: "ask-cluster";
  readonly manifests: readonly Manifest[];
  readonly remove: readonly ResourceIdentifier[];
}

/** Whether the moment to ask the cluster has come. */
export function isDue({ wakeAt }: Document<Binding>, now: Instant): boolean {
  return wakeAt !== undefined && hasPassed(wakeAt, now);
}

export function decideBinding(seen: BindingToDecide): Plan<AskCluster> {
  const { binding, now } = seen;
  const { spec, rollout } = binding.body;
  if (binding.wakeAt === undefined) return nothing("Nothing is owed to the cluster");
  if (!isDue(binding, now)) {
    return { ...nothing("Looks again later"), wakeAt: binding.wakeAt };
  }
  if (spec.state === "Unscheduled") {
    return ask(seen, [], `Removes the objects of "${rollout.placement}"`);
  }
  if (rollout.settlesAt !== undefined) return settle(binding);

  const wanted = seen.snapshots.get(spec.resourceSnapshotName);
  if (wanted === undefined) {
    return nothing(`Snapshot "${spec.resourceSnapshotName}" is gone: keeps what is there`);
  }
  return ask(seen, wanted, `Applies snapshot "${spec.resourceSnapshotName}"`);
}

const nothing = (because: string): Plan<AskCluster> => ({ writes: [], actions: [], because });

function ask(
  { binding, snapshots }: BindingToDecide,
  manifests: readonly Manifest[],
  because: string,
): Plan<AskCluster> {
  const wanted = new Set(manifests.map((each) => identifierText(identifierOf(each))));
  const held = binding.body.rollout.mayHold.flatMap((name) => snapshots.get(name) ?? []);
  const surplus = new Map(
    held
      .map(identifierOf)
      .map((each): [string, ResourceIdentifier] => [identifierText(each), each])
      .filter(([text]) => !wanted.has(text)),
  );
  return {
    writes: [],
    actions: [{ kind: "ask-cluster", manifests, remove: [...surplus.values()] }],
    ...(binding.wakeAt !== undefined && { wakeAt: binding.wakeAt }),
    again: true,
    because,
  };
}

/** Objects of kinds that cannot tell did no harm for long enough: others may follow. */
function settle(binding: Document<Binding>): Plan<AskCluster> {
  const { settlesAt: _, ...rollout } = binding.body.rollout;
  const after: Binding = { ...binding.body, rollout };
  return {
    writes: bindingWrites(binding.key.fleet, [{ key: binding.key, before: binding, after }]),
    actions: [],
    because: "What cannot tell its availability counts as available now",
  };
}
