import { expect, test } from "vitest";
import { retryDelayMilliseconds } from "../../../../infra/local/functions-host/retry-policy.ts";

const fixed = { retryStrategy: "fixedDelay", delayInterval: { seconds: 2 } } as const;
const exponential = {
  retryStrategy: "exponentialBackoff",
  minimumInterval: { seconds: 1 },
  maximumInterval: { seconds: 60 },
} as const;

test("a fixed delay is the same until the retries are used up", () => {
  const delays = [0, 1, 2].map((so) => retryDelayMilliseconds({ ...fixed, maxRetryCount: 2 }, so));
  expect(delays).toEqual([2000, 2000, undefined]);
});

test("an exponential delay doubles up to its maximum and, with -1, goes on for ever", () => {
  const policy = { ...exponential, maxRetryCount: -1 };
  const delays = [0, 1, 5, 6, 5000].map((so) => retryDelayMilliseconds(policy, so));
  expect(delays).toEqual([1000, 2000, 32_000, 60_000, 60_000]);
});
