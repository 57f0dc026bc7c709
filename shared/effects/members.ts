import type { ClusterId, HealthSeen } from "../fleet/model.ts";
import type { Manifest, ResourceIdentifier, WorkSeen } from "../rollout/model.ts";

/** What a member cluster should hold of one placement. */
export interface Work {
  /** Names the owner of what is applied: the placement's name. */
  readonly name: string;
  /** In no order: the transport applies namespaces and definitions first. */
  readonly manifests: readonly Manifest[];
  /** What was applied before and is not wanted any more; an absent one is fine. */
  readonly remove: readonly ResourceIdentifier[];
}

/**
 * The Kubernetes API of a member cluster, at the level of work: the desired set goes in, an
 * observation comes out. Safe to repeat.
 */
export interface Members {
  apply(cluster: ClusterId, work: Work): Promise<WorkSeen>;
  health(cluster: ClusterId): Promise<HealthSeen>;
}
