/**
 * What a cluster says about an upgrade. Only what ARM shows counts: an upgrade that somebody else
 * made is as good as ours.
 */
import type { ClusterSeen, ClusterUpgrade } from "../fleet/model.ts";
import { isAtOrAhead } from "./versions.ts";

export type Judgement =
  /** The control plane, and each pool that the upgrade is about, runs the target or newer. */
  | { readonly kind: "reached" }
  /** An operation runs. `isOurs`: the cluster shows the target. */
  | { readonly kind: "moving"; readonly isOurs: boolean; readonly reason: string }
  | { readonly kind: "stopped" }
  /** The last operation failed. `isOurs`: the cluster shows the target. */
  | { readonly kind: "failed"; readonly isOurs: boolean; readonly reason: string }
  | { readonly kind: "behind" };

/** The states in which no operation runs; ARM adds words for those that do. */
const restingStates = new Set(["Succeeded", "Failed", "Canceled"]);

export function judgeCluster(upgrade: ClusterUpgrade, cluster: ClusterSeen): Judgement {
  const isOurs = showsTarget(upgrade, cluster);
  const parts = [{ ...cluster, name: undefined }, ...cluster.pools];
  const moving = parts.find(({ provisioningState }) => !restingStates.has(provisioningState));
  if (moving !== undefined) {
    return {
      kind: "moving",
      isOurs,
      reason: `${nameOf(moving.name)} is ${moving.provisioningState}`,
    };
  }
  const failed = partsUpgraded(upgrade, cluster).find(
    ({ provisioningState }) => provisioningState !== "Succeeded",
  );
  if (failed === undefined && isAtTarget(upgrade, cluster)) return { kind: "reached" };
  if (cluster.powerState === "Stopped") return { kind: "stopped" };
  if (failed === undefined) return { kind: "behind" };
  const why = cluster.provisioningError ?? `${nameOf(failed.name)} is ${failed.provisioningState}`;
  return { kind: "failed", isOurs, reason: why };
}

interface Part {
  readonly name: string | undefined;
  readonly provisioningState: string;
}

/** An upgrade of the control plane says nothing about pools. */
function partsUpgraded(upgrade: ClusterUpgrade, cluster: ClusterSeen): readonly Part[] {
  const itself = { name: undefined, provisioningState: cluster.provisioningState };
  return upgrade.kind === "control-plane" ? [itself] : [itself, ...cluster.pools];
}

const nameOf = (pool: string | undefined) => (pool === undefined ? "Cluster" : `Pool "${pool}"`);

/** A node image has no target that ARM tells with the cluster: its upgrade is followed by state. */
function isAtTarget(upgrade: ClusterUpgrade, { kubernetesVersion, pools }: ClusterSeen): boolean {
  switch (upgrade.kind) {
    case "node-image":
      return false;
    case "control-plane":
      return isAtOrAhead(kubernetesVersion, upgrade.to);
    case "full":
      return (
        isAtOrAhead(kubernetesVersion, upgrade.to) &&
        pools.every((pool) => isAtOrAhead(pool.kubernetesVersion, upgrade.to))
      );
  }
}

function showsTarget(upgrade: ClusterUpgrade, { wantedVersion }: ClusterSeen): boolean {
  return upgrade.kind !== "node-image" && isAtOrAhead(wantedVersion, upgrade.to);
}
