/** How fast the log moves, as far as this process can tell; all in milliseconds. */
export interface Pace {
  /** A batch, there and back. */
  readonly batch: number;
  /** A point read, there and back. */
  readonly read: number;
  /** From one writer's commit to the next writer's, while several take turns. */
  readonly cycle: number;
}

export const unknownPace: Pace = { batch: 10, read: 5, cycle: 16 };

/** The newest measurement counts for a fifth. */
const weight = 0.2;

/** One slow answer says little. */
const measuredMax = 250;

export function paceAfter(pace: Pace, what: keyof Pace, measured: number): Pace {
  const before = pace[what];
  return { ...pace, [what]: before + weight * (Math.min(measured, measuredMax) - before) };
}

/** After so long without a commit, the writer whose turn it is has nothing to commit. */
export function patience({ batch, read }: Pace): number {
  return 2 * (batch + read);
}
