import type { Clock } from "../effects/clock.ts";
import type { Instant } from "../lib/instant.ts";

export const systemClock: Clock = {
  now: () => new Date().toISOString() as Instant,
};
