import { type Instant, plusSeconds } from "../lib/instant.ts";

/** Azure answers an event within seconds, or not at all: looks come fast first, then seldom. */
const firstLooksAfterSeconds = [2, 4, 8, 15, 30, 60, 120, 180, 240] as const;
const thenEverySeconds = 300;

/**
 * When to look again at what is owed since a moment: the first of since + 2, 4, 8, … 240 seconds,
 * then each five minutes, that has not passed. It moves in steps, so looks between two of them save
 * nothing.
 */
export function nextLook(since: Instant, now: Instant): Instant {
  const seconds = (Date.parse(now) - Date.parse(since)) / 1000;
  const step = firstLooksAfterSeconds.find((each) => each > seconds);
  return plusSeconds(
    since,
    step ?? (Math.floor(seconds / thenEverySeconds) + 1) * thenEverySeconds,
  );
}
