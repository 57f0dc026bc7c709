import type {
  BalancerIds,
  BalancerSeen,
  GlobalBalancer,
  PublicIpWanted,
} from "../traffic/model.ts";

/** What ARM said to a write. Only "accepted" means that it is on its way. */
export type BalancerAnswer =
  | { readonly kind: "accepted" }
  /** The resource is not what was seen (412), or it is gone (404 of a removal): look again. */
  | { readonly kind: "changed-meanwhile" }
  /** Another operation holds the resource (409, or 429 with a lock's code): ask again later. */
  | { readonly kind: "busy"; readonly reason: string }
  /** ARM will not do this as it is asked: a policy, a missing permission, a limit. */
  | { readonly kind: "refused"; readonly reason: string };

/** The resource group that holds a member's nodes and its own load balancer. */
export interface NodeGroup {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/**
 * Global-tier load balancers and their public addresses, through Azure Resource Manager. No call
 * waits for Azure to carry a write out: what became of it is seen by the next look. Each call may
 * throw `FleetError` "Unavailable" or "TooManyRequests" with `retryAfterSeconds`.
 */
export interface Balancers {
  /** What there is of the two; a part that is not there is left out. */
  see(ids: BalancerIds): Promise<BalancerSeen>;
  /** Safe to repeat. */
  ensurePublicIp(id: string, wanted: PublicIpWanted): Promise<BalancerAnswer>;
  /** Replaces the whole load balancer, only if it has the ETag; without one, makes it. */
  ensureLoadBalancer(id: string, wanted: GlobalBalancer, etag?: string): Promise<BalancerAnswer>;
  /** Deletes a load balancer or a public address by its id, only if it has the ETag. */
  remove(id: string, etag: string): Promise<BalancerAnswer>;
  /**
   * The ARM id of the regional frontend with a public address, among those of a member's own load
   * balancers; undefined when none has it (yet).
   */
  frontendOf(group: NodeGroup, address: string): Promise<string | undefined>;
}
