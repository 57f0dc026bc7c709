import { expect, test } from "vitest";
import {
  createPollingBackoff,
  pollMillisecondsMin,
} from "../../../../infra/local/functions-host/polling-backoff.ts";
import { fc } from "../../../chance.ts";

test("the wait doubles about each time nothing came, and starts over after work", () => {
  const backoff = createPollingBackoff(2000, () => 0.5);
  const waits = Array.from({ length: 6 }, () => backoff.next(false));
  expect(waits).toEqual([200, 400, 800, 1600, 2000, 2000]);
  expect([backoff.next(true), backoff.next(false)]).toEqual([100, 200]);
});

test("the wait stays between its bounds", () => {
  const max = fc.integer({ min: pollMillisecondsMin, max: 60_000 });
  const looks = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })));
  fc.assert(
    fc.property(max, looks, (millisecondsMax, all) => {
      let chance = 0;
      const backoff = createPollingBackoff(millisecondsMax, () => chance);
      for (const [hadWork, dice] of all) {
        chance = dice;
        const wait = backoff.next(hadWork);
        expect(wait).toBeGreaterThanOrEqual(pollMillisecondsMin);
        expect(wait).toBeLessThanOrEqual(millisecondsMax);
      }
    }),
  );
});
