import type { UpdateRun } from "@azure/arm-containerservicefleet";
import { eventuallyDespiteFaults } from "./eventually.ts";
import type { Laptop } from "./laptop.ts";
import { getRun, memberStates, stateOf } from "./update-runs.ts";

/** Longer than an upgrade, a lease of a queue message and their polls. */
const quietMilliseconds = 8_000;

/** The product looks around so often. */
const lookSeconds = 301;

/**
 * Waits until the run is completed. Whenever nothing changed for a while, five minutes pass for the
 * product and it looks at what no event told.
 */
export async function completedInTime(
  laptop: Laptop,
  name: string,
  limitSeconds: number,
): Promise<UpdateRun> {
  let before = "";
  let changedAt = performance.now();
  return await eventuallyDespiteFaults({
    expected: `update run ${name} completes`,
    look: async () => {
      if (performance.now() - changedAt > quietMilliseconds) {
        changedAt = performance.now();
        await laptop.clock.forward(lookSeconds);
        await laptop.lookAround();
      }
      const run = await getRun(laptop, name);
      const now = JSON.stringify(memberStates(run));
      if (now !== before) changedAt = performance.now();
      before = now;
      return run;
    },
    missing: (run) => (stateOf(run) === "Completed" ? undefined : `${stateOf(run)} ${before}`),
    limitSeconds,
  });
}
