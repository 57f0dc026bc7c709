import { Duration } from "@marcbachmann/cel-js/evaluator";
import { parseGoDuration } from "../../lib/go-duration.ts";

/** Nanoseconds of a duration as Go writes it: "1h30m", "-1.5s", "0"; undefined for others. */
export function durationNanos(text: string): bigint | undefined {
  const duration = parseGoDuration(text);
  return duration.kind === "duration" ? duration.nanos : undefined;
}

export function durationOfNanos(nanos: bigint): Duration {
  return new Duration(nanos / 1_000_000_000n, Number(nanos % 1_000_000_000n));
}

export function nanosOf({ seconds, nanos }: Duration): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos);
}
