import { expect, test } from "vitest";
import { afterCommit, horizonNow, noHorizon } from "../../../shared/azure/fleet-log/horizon.ts";
import { type Instant, parseInstant, plusSeconds } from "../../../shared/lib/instant.ts";
import { fc } from "../../chance.ts";

const tombstoneSeconds = 1_000;
const start = parseInstant("2026-01-01T00:00:00Z");

test("the horizon passes a deletion before its tombstone is gone, not while it is young", () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(pauses, fc.nat(2_000), (seconds, silence) => {
      let horizon = noHorizon;
      let now: Instant = start;
      const committedAt: Instant[] = [];
      for (const pause of seconds) {
        now = plusSeconds(now, pause);
        committedAt.push(now);
        horizon = afterCommit(horizon, committedAt.length, { now, tombstoneSeconds });
      }
      now = plusSeconds(now, silence);
      const { horizon: at } = horizonNow(horizon, { now, tombstoneSeconds });
      for (const [index, when] of committedAt.entries()) {
        const ageSeconds = (Date.parse(now) - Date.parse(when)) / 1_000;
        const isPassed = at >= index + 1;
        if (ageSeconds >= (tombstoneSeconds * 5) / 8) expect(isPassed).toBe(true);
        if (ageSeconds < tombstoneSeconds / 2) expect(isPassed).toBe(false);
      }
    }),
  );
});

test("the head stays small however many commits there are", () => {
  let horizon = noHorizon;
  for (let each = 1; each <= 5_000; each++) {
    const now = plusSeconds(start, each);
    horizon = afterCommit(horizon, each, { now, tombstoneSeconds });
    expect(horizon.marks.length).toBeLessThanOrEqual(10);
  }
  expect(horizon.horizon).toBeGreaterThan(4_000);
});
