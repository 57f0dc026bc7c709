import { Duration } from "@marcbachmann/cel-js/evaluator";

const unitNanos: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ns: 1n,
};

const nanosMax = 2n ** 63n - 1n;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Nanoseconds of a duration as Go writes it: "1h30m", "-1.5s", "0"; undefined for others. */
export function durationNanos(text: string): bigint | undefined {
  const sign = text.startsWith("-") ? -1n : 1n;
  const rest = text.replace(/^[-+]/, "");
  if (rest === "0") return 0n;
  if (rest === "" || rest.length > 100) return undefined;
  let nanos = 0n;
  for (let at = 0; at < rest.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(rest);
    if (match === null) return undefined;
    const [whole = "", fraction = ""] = (match[1] ?? "").split(".");
    const unit = unitNanos[match[2] ?? ""] ?? 0n;
    nanos += BigInt(whole === "" ? 0 : whole) * unit;
    if (fraction !== "") nanos += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length);
  }
  return nanos <= nanosMax ? sign * nanos : undefined;
}

export function durationOfNanos(nanos: bigint): Duration {
  return new Duration(nanos / 1_000_000_000n, Number(nanos % 1_000_000_000n));
}

export function nanosOf({ seconds, nanos }: Duration): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos);
}
