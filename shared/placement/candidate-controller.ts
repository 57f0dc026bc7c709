import type { Effects } from "../effects/effects.ts";
import { clusterProfileKind } from "../fleet/model.ts";
import { type Key, keyOf } from "../lib/document.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import { bindingKey, countsKey, splitBindingName } from "../rollout/model.ts";
import { type CandidateToDecide, decideCandidate, type WakePlacement } from "./decide-candidate.ts";
import { placementKind } from "./model.ts";

/** Judges one member for one placement, when the member joined, changed or left. */
export const candidateController = controller<CandidateToDecide, WakePlacement>({
  observe,
  decide: decideCandidate,
  act: async (_action, { placement }, { wakes }) => await wakes.wake([{ key: placement.key }]),
} satisfies Controller<CandidateToDecide, WakePlacement>);

async function observe(
  { fleet, name }: Key,
  { store, clock }: Effects,
): Promise<Observed<CandidateToDecide> | undefined> {
  const { placement: placementName, member } = splitBindingName(name);
  const [placement, counts, profile, binding] = await Promise.all([
    store.read(keyOf(placementKind, fleet, placementName)),
    store.read(countsKey(fleet, placementName)),
    store.read(keyOf(clusterProfileKind, fleet, member)),
    store.read(bindingKey(fleet, placementName, member)),
  ]);
  if (placement === undefined) return undefined;
  return {
    seen: { placement, counts: counts?.body.counts ?? {}, profile, binding, now: clock.now() },
  };
}
