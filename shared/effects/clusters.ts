import type { ClusterId, ClusterSeen, ClusterUpgrade } from "../fleet/model.ts";

/** What ARM said to a start. Only "accepted" means that the cluster is on its way. */
export type UpgradeStarted =
  | { readonly kind: "accepted" }
  /** The cluster is not what was seen (412): look again. */
  | { readonly kind: "changed-meanwhile" }
  /** Another operation runs on the cluster (409): ask again later. */
  | { readonly kind: "busy"; readonly reason: string }
  /** AKS will never do this: the version is not allowed, a policy forbids it. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * AKS clusters, through Azure Resource Manager. Each call may throw `FleetError` "Unavailable" or
 * "TooManyRequests" with `retryAfterSeconds`.
 */
export interface Clusters {
  /** The cluster as it is now; undefined when there is none. */
  see(cluster: ClusterId): Promise<ClusterSeen | undefined>;
  /** The clusters of a subscription that carry the tag `hubless-fleet`. Not for hot paths. */
  tagged(subscriptionId: string): Promise<readonly ClusterId[]>;
  /**
   * Returns once ARM answered; the upgrade itself takes minutes to hours. Safe to repeat: the
   * request carries the ETag of `seen`, and an equal request changes nothing.
   */
  startUpgrade(seen: ClusterSeen, upgrade: ClusterUpgrade): Promise<UpgradeStarted>;
}
