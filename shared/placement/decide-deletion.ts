/**
 * Decides how a placement that is deleted goes: first its objects from all clusters, then what the
 * fleet remembers of it, the placement itself last.
 */
import type { Document, Write } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import type { Plan } from "../reconcile/plan.ts";
import { bindingsPerCommitMax, bindingWrites, unschedule } from "../rollout/binding-change.ts";
import type { Binding, Counts, Snapshot } from "../rollout/model.ts";
import { type Placement, placementFinalizer } from "./model.ts";

export interface DeletionToDecide {
  readonly placement: Document<Placement>;
  /** All bindings. */
  readonly bindings: readonly Document<Binding>[];
  /** Some of its snapshots' documents; read when there is no binding. */
  readonly snapshots: readonly Document<Snapshot>[];
  /** Some of its counts; read when there is no binding. */
  readonly counts: readonly Document<Counts>[];
  readonly now: Instant;
}

export function decideDeletion(seen: DeletionToDecide): Plan {
  const { placement, bindings, snapshots, counts, now } = seen;
  const bound = bindings.filter(({ body }) => body.spec.state === "Bound");
  if (bound.length > 0) {
    const changes = bound
      .slice(0, bindingsPerCommitMax)
      .map((before) => ({ key: before.key, before, after: unschedule(before), wakeAt: now }));
    return {
      writes: bindingWrites(placement.key.fleet, changes),
      actions: [],
      again: changes.length < bound.length,
      because: `Leaves ${bound.length} clusters`,
    };
  }
  if (bindings.length > 0) {
    return { writes: [], actions: [], because: `Waits for ${bindings.length} clusters to let go` };
  }
  const remains = [...snapshots, ...counts];
  if (remains.length > 0) {
    return {
      writes: remains.map((document) => ({ kind: "delete", document })),
      actions: [],
      again: true,
      because: "Forgets snapshots and counts",
    };
  }
  return { writes: [letGo(placement)], actions: [], because: "Nothing of the placement is left" };
}

/** Others may have finalizers of their own: then the last of them removes the object. */
function letGo(placement: Document<Placement>): Write {
  const { body } = placement;
  const { finalizers = [], ...metadata } = body.metadata;
  const others = finalizers.filter((each) => each !== placementFinalizer);
  if (others.length === 0) return { kind: "delete", document: placement };
  return {
    kind: "replace",
    document: placement,
    body: { ...body, metadata: { ...metadata, finalizers: others } },
  };
}
