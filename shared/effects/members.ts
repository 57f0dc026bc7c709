import type { ClusterId, HealthSeen, UsageSeen } from "../fleet/model.ts";
import type { JsonObject } from "../lib/kube-object.ts";
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

/** What is asked of a cluster's OpenAPI. Group versions are named "api/v1", "apis/apps/v1". */
export interface OpenApiAsked {
  readonly groupVersions: readonly string[];
  /** The hashes of what is known already, by group version. */
  readonly known: Readonly<Record<string, string>>;
}

/** The schemas of one group version, and the hash by which the cluster tells their changes. */
export interface GroupVersionSeen {
  readonly groupVersion: string;
  readonly hash: string;
  /** `components.schemas` of its OpenAPI v3 document. */
  readonly schemas: JsonObject;
}

export type OpenApiSeen =
  | {
      readonly kind: "seen";
      /** Of the group versions that were asked for and that the cluster has. */
      readonly hashes: Readonly<Record<string, string>>;
      /** Those whose hash is not the known one, as many as could be read in one go. */
      readonly changed: readonly GroupVersionSeen[];
    }
  /** The cluster has no OpenAPI v3. */
  | { readonly kind: "absent" }
  | { readonly kind: "unreachable"; readonly reason: string };

/**
 * The Kubernetes API of a member cluster, at the level of work: the desired set goes in, an
 * observation comes out. Safe to repeat.
 */
export interface Members {
  apply(cluster: ClusterId, work: Work): Promise<WorkSeen>;
  health(cluster: ClusterId): Promise<HealthSeen>;
  /**
   * What the nodes of a cluster have and what is left of it. It reads each node and pod, so that it
   * costs more the larger the cluster is: ask for it rarely.
   */
  usage(cluster: ClusterId): Promise<UsageSeen>;
  /**
   * The schemas of a cluster's kinds that changed since they were last seen. A document that cannot
   * be read is left out: the caller asks again, later.
   */
  openApi(cluster: ClusterId, asked: OpenApiAsked): Promise<OpenApiSeen>;
}
