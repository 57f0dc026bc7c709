import type { Json } from "../lib/kube-object.ts";
import type { Counts } from "../rollout/model.ts";
import { contentHash } from "./content-hash.ts";
import { type Placement, type PlacementSpec, placementTypeOf } from "./model.ts";

/**
 * Equal for policies that judge clusters alike. The number of clusters is not part of it: asking
 * for more or fewer never moves what is placed already.
 */
export function policyHash({ policy }: PlacementSpec): string {
  const { numberOfClusters: _, placementType = "PickAll", ...rest } = policy ?? {};
  return contentHash({ ...rest, placementType } as unknown as Json);
}

/** Whether no choice was carried out for the policy as it is now. */
export function isPolicyNew({ spec, scheduling }: Placement): boolean {
  return scheduling?.policyHash !== policyHash(spec);
}

/**
 * Whether all clusters must be read: the policy changed, or it did not get what it asks for. Who
 * is placed everywhere needs no such look, because each cluster that changes is judged alone.
 */
export function isSchedulingDue(placement: Placement, counts: Counts["counts"]): boolean {
  const wanted = clustersWanted(placement.spec);
  const isOff = wanted !== undefined && wanted !== (counts.bindings ?? 0);
  return isOff || isPolicyNew(placement);
}

/** Whether the policy asks for a number of clusters, and has fewer. */
export function isShortOfClusters(spec: PlacementSpec, counts: Counts["counts"]): boolean {
  const wanted = clustersWanted(spec);
  return wanted !== undefined && (counts.bindings ?? 0) < wanted;
}

/** Undefined for a policy that takes all that fit. */
function clustersWanted(spec: PlacementSpec): number | undefined {
  switch (placementTypeOf(spec)) {
    case "PickAll":
      return undefined;
    case "PickN":
      return spec.policy?.numberOfClusters ?? 0;
    case "PickFixed":
      return new Set(spec.policy?.clusterNames).size;
  }
}
