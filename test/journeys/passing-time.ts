import type { UpdateRun } from "@azure/arm-containerservicefleet";
import { eventuallyDespiteFaults } from "./eventually.ts";
import type { Laptop } from "./laptop.ts";
import { getRun, memberStates, stateOf } from "./update-runs.ts";

/** Longer than an upgrade, a lease of a queue message and their polls. */
const quietMilliseconds = 8_000;

/** The product looks around so often. */
const lookSeconds = 301;

/**
 * Tell it what is seen, again and again: whenever that did not change for a while, five minutes
 * pass for the product and it looks at what no event told.
 */
export function passingWhenQuiet(laptop: Laptop): (seen: string) => Promise<void> {
  let before = "";
  let changedAt = performance.now();
  return async (seen) => {
    if (seen !== before) changedAt = performance.now();
    before = seen;
    if (performance.now() - changedAt <= quietMilliseconds) return;
    changedAt = performance.now();
    await laptop.clock.forward(lookSeconds);
    await laptop.lookAround();
  };
}

/** Waits until the run is completed; time passes when nothing happens. */
export async function completedInTime(
  laptop: Laptop,
  name: string,
  limitSeconds: number,
): Promise<UpdateRun> {
  const letTimePass = passingWhenQuiet(laptop);
  return await eventuallyDespiteFaults({
    expected: `update run ${name} completes`,
    look: async () => {
      const run = await getRun(laptop, name);
      await letTimePass(JSON.stringify(memberStates(run)));
      return run;
    },
    missing: (run) =>
      stateOf(run) === "Completed"
        ? undefined
        : `${stateOf(run)} ${JSON.stringify(memberStates(run))}`,
    limitSeconds,
  });
}
