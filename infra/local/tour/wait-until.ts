import { setTimeout as delay } from "node:timers/promises";

/** A step of the tour did not happen in time: what was expected, what was seen, where to look. */
export class StepMissed extends Error {
  override readonly name = "StepMissed";
}

export interface Expectation<Seen> {
  /** "Six members have joined" */
  readonly expected: string;
  readonly look: () => Promise<Seen>;
  /** What is still missing, in words; undefined once it is so. */
  readonly missing: (seen: Seen) => string | undefined;
  /** A command that shows more. */
  readonly where: string;
  readonly limitSeconds: number;
}

/** So often the world is looked at while a step waits. */
const secondsBetweenLooks = 0.25;

/** Looks until what is expected is so; throws `StepMissed` after the limit. */
export async function waitUntil<Seen>(expectation: Expectation<Seen>): Promise<Seen> {
  const { expected, look, missing, where, limitSeconds } = expectation;
  const deadline = performance.now() + limitSeconds * 1000;
  for (;;) {
    const seen = await look();
    const lack = missing(seen);
    if (lack === undefined) return seen;
    if (performance.now() > deadline) {
      const limit = `within ${limitSeconds} s`;
      throw new StepMissed(`Expected ${limit}: ${expected}. Seen: ${lack}. Look at: ${where}`);
    }
    await delay(secondsBetweenLooks * 1000);
  }
}
