/** What really happened to clusters, as the simulated ARM saw it: who began and ended when. */
import type { Cloud } from "../../infra/local/cloud/start-cloud.ts";

export interface UpgradeSeen {
  readonly cluster: string;
  /** In milliseconds of `performance.now()`. */
  readonly beganAt: number;
  /** Undefined while it runs. */
  endedAt?: number;
  /** "Succeeded" or "Failed". */
  outcome?: string;
}

export interface UpgradesSeen {
  /** Each write of a cluster that ARM accepted since the last `forget`, in order. */
  readonly all: () => readonly UpgradeSeen[];
  /** How many were accepted for each cluster. */
  readonly counts: () => Readonly<Record<string, number>>;
  readonly forget: () => void;
}

const clusterType = "Microsoft.ContainerService/managedClusters";

/** Follows the clusters from here on: those that are being created then are not told apart. */
export function watchUpgrades({ arm }: Cloud): UpgradesSeen {
  const running = new Map<string, UpgradeSeen>();
  let all: UpgradeSeen[] = [];
  arm.watch((change) => {
    if (change.kind !== "saved" || change.resource.type !== clusterType) return;
    const { name, properties } = change.resource;
    const state = String(properties["provisioningState"]);
    const current = running.get(name);
    if (current === undefined && (state === "Upgrading" || state === "Updating")) {
      const began: UpgradeSeen = { cluster: name, beganAt: performance.now() };
      running.set(name, began);
      all.push(began);
    }
    if (current !== undefined && (state === "Succeeded" || state === "Failed")) {
      current.endedAt = performance.now();
      current.outcome = state;
      running.delete(name);
    }
  });
  return {
    all: () => all,
    counts: () => {
      const counts: Record<string, number> = {};
      for (const { cluster } of all) counts[cluster] = (counts[cluster] ?? 0) + 1;
      return Object.fromEntries(Object.entries(counts).toSorted());
    },
    forget: () => {
      all = [];
    },
  };
}

/** From the first begin to the last end of these clusters. */
export function spanOf(
  upgrades: readonly UpgradeSeen[],
  clusters: readonly string[],
): { readonly beganAt: number; readonly endedAt: number } {
  const own = upgrades.filter(({ cluster }) => clusters.includes(cluster));
  return {
    beganAt: Math.min(...own.map(({ beganAt }) => beganAt)),
    endedAt: Math.max(...own.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY)),
  };
}
