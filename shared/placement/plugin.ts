import type { ClusterProfile } from "../fleet/model.ts";
import type { PlacementPolicy } from "./model.ts";

/** Why a cluster cannot be chosen: a clause that people read, "cluster has left the fleet". */
export type Unfit = string;

/**
 * One rule of the scheduler. Pure: it sees a policy and one cluster, and knows no other plugin.
 *
 * To add a rule: add a file to `plugins/`, a line to `profile.ts` and a table to
 * `test/placement/plugins/`.
 */
export interface Plugin {
  readonly name: string;
  /** Says why the cluster cannot be chosen, or undefined when it can. */
  readonly filter?: (policy: PlacementPolicy, cluster: ClusterProfile) => Unfit | undefined;
  /** How much better than other clusters that fit: KubeFleet's affinity score. */
  readonly score?: (policy: PlacementPolicy, cluster: ClusterProfile) => number;
}
