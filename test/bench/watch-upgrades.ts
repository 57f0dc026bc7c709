import { clusterType } from "../../infra/local/arm/resources/cluster-model.ts";
import type { Arm } from "../../infra/local/arm/start-arm.ts";

/** Upgrades as ARM sees them, one cluster after the other. */
export interface UpgradesWatched {
  /** Resolves once so many upgrades have been accepted since the watch began. */
  readonly started: (count: number) => Promise<void>;
  /** From the moment a cluster is upgraded to the moment the next one's start is accepted. */
  readonly reactionsMs: () => readonly number[];
  readonly stop: () => void;
}

const secondsToStartMax = 120;

/** `onStart` is told of each start, from 1, before the upgrade takes its time. */
export function watchUpgrades(
  arm: Pick<Arm, "watch">,
  onStart: (start: number) => void,
): UpgradesWatched {
  const upgrading = new Set<string>();
  const reactionsMs: number[] = [];
  let starts = 0;
  let settledAt: number | undefined;
  let told = () => {};
  const stop = arm.watch((change) => {
    if (change.kind !== "saved" || change.resource.type !== clusterType) return;
    const { id, properties } = change.resource;
    const { provisioningState } = properties as { readonly provisioningState: string };
    if (provisioningState === "Upgrading" && !upgrading.has(id)) {
      upgrading.add(id);
      starts += 1;
      if (settledAt !== undefined) reactionsMs.push(performance.now() - settledAt);
      onStart(starts);
      told();
    } else if (provisioningState === "Succeeded" && upgrading.delete(id)) {
      settledAt = performance.now();
    }
  });
  return {
    started: async (count) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      told = () => starts >= count && resolve();
      const timeout = setTimeout(
        () => reject(new Error(`Cannot measure: ${starts} of ${count} upgrades have started`)),
        secondsToStartMax * 1000,
      );
      told();
      try {
        await promise;
      } finally {
        clearTimeout(timeout);
      }
    },
    reactionsMs: () => reactionsMs,
    stop,
  };
}
