import type { ClusterId, HealthSeen } from "../fleet/model.ts";
import type { Manifest, ResourceIdentifier } from "../rollout/model.ts";

/** What a member cluster should hold of one placement. */
export interface Work {
  /** Names the owner of what is applied: the placement's name. */
  readonly name: string;
  /** In no order: the transport applies namespaces and definitions first. */
  readonly manifests: readonly Manifest[];
  /** What was applied before and is not wanted any more; an absent one is fine. */
  readonly remove: readonly ResourceIdentifier[];
}

export type Availability = "available" | "not-yet" | "not-trackable";

/** What became of one object of the work. */
export type ManifestSeen =
  | {
      readonly kind: "applied";
      readonly resource: ResourceIdentifier;
      readonly availability: Availability;
      readonly message: string;
    }
  | {
      readonly kind: "failed";
      readonly resource: ResourceIdentifier;
      /** A KubeFleet reason: "ManifestApplyFailed", "FailedToTakeOver", … */
      readonly reason: string;
      readonly message: string;
    };

export type WorkSeen =
  | {
      readonly kind: "seen";
      readonly manifests: readonly ManifestSeen[];
      /** Of `remove`: what is still there, for example because of a finalizer. */
      readonly remaining: readonly ResourceIdentifier[];
    }
  /** The API server does not answer, or does not let us in: it says nothing of the objects. */
  | { readonly kind: "unreachable"; readonly reason: string };

/**
 * The Kubernetes API of a member cluster, at the level of work: the desired set goes in, an
 * observation comes out. Safe to repeat.
 */
export interface Members {
  apply(cluster: ClusterId, work: Work): Promise<WorkSeen>;
  health(cluster: ClusterId): Promise<HealthSeen>;
}
