import type { RetryOptions } from "./functions-core.ts";

/** The runtime's own bounds where a policy names none. */
const minimumSecondsDefault = 1;
const maximumSecondsDefault = 60;

/**
 * How long to wait before the next retry, after this many; undefined when the policy allows no
 * more. A count of -1 allows retries for ever.
 */
export function retryDelayMilliseconds(
  policy: RetryOptions,
  retriesSoFar: number,
): number | undefined {
  const { maxRetryCount, retryStrategy } = policy;
  if (maxRetryCount >= 0 && retriesSoFar >= maxRetryCount) return undefined;
  if (retryStrategy === "fixedDelay") return (policy.delayInterval?.seconds ?? 0) * 1000;
  const minimumSeconds = policy.minimumInterval?.seconds ?? minimumSecondsDefault;
  const maximumSeconds = policy.maximumInterval?.seconds ?? maximumSecondsDefault;
  return Math.min(maximumSeconds, minimumSeconds * 2 ** retriesSoFar) * 1000;
}
