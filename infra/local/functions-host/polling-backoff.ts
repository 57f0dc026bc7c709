/** How long a queue listener waits after it found nothing. */
export interface PollingBackoff {
  /**
   * The next wait, in milliseconds: the minimum when there was work since the last one, and about
   * twice as long each time there was none, up to the maximum.
   */
  next(hadWork: boolean): number;
}

/** The runtime's minimum between two looks at a queue. */
export const pollMillisecondsMin = 100;

/**
 * The randomised exponential back-off of the storage extension: increments vary by a fifth, so that
 * many listeners do not look at the same time.
 *
 * @param chance a number from 0 to 1, new with each call
 */
export function createPollingBackoff(
  millisecondsMax: number,
  chance: () => number,
): PollingBackoff {
  let exponent = 1;
  return {
    next: (hadWork) => {
      if (hadWork) {
        exponent = 1;
        return Math.min(pollMillisecondsMin, millisecondsMax);
      }
      const increment = (2 ** exponent - 1) * pollMillisecondsMin * (0.8 + 0.4 * chance());
      const delay = pollMillisecondsMin + increment;
      if (delay >= millisecondsMax) return millisecondsMax;
      exponent++;
      return delay;
    },
  };
}
