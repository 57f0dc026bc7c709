const nanosPerUnit: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Go counts in 64 bits. */
const nanosMax = 2n ** 63n - 1n;
const charactersMax = 100;

/** The nanoseconds of a duration, or what is wrong with it in the words of Go. */
export type GoDuration =
  | { readonly kind: "duration"; readonly nanos: bigint }
  /** `missing unit in duration "5"` */
  | { readonly kind: "wrong"; readonly because: string };

/**
 * Reads a duration as Go writes it: "1h30m", "-1.5s", "0".
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): GoDuration {
  const quoted = JSON.stringify(text.slice(0, charactersMax));
  const invalid: GoDuration = { kind: "wrong", because: `invalid duration ${quoted}` };
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return { kind: "duration", nanos: 0n };
  if (!/^[\d.]/.test(unsigned) || text.length > charactersMax) return invalid;
  let nanos = 0n;
  for (const [, digits = "", unit = ""] of unsigned.matchAll(/([\d.]+)([^\d.]*)/g)) {
    if (!/^(?:\d+\.?\d*|\.\d+)$/.test(digits)) return invalid;
    if (unit === "") return { kind: "wrong", because: `missing unit in duration ${quoted}` };
    const factor = Object.hasOwn(nanosPerUnit, unit) ? nanosPerUnit[unit] : undefined;
    if (factor === undefined) {
      const because = `unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
      return { kind: "wrong", because };
    }
    nanos += nanosOf(digits, factor);
  }
  if (nanos > nanosMax) return invalid;
  return { kind: "duration", nanos: text.startsWith("-") ? -nanos : nanos };
}

/** "1.5" of a unit. */
function nanosOf(digits: string, factor: bigint): bigint {
  const [whole = "", fraction = ""] = digits.split(".");
  return (
    BigInt(whole === "" ? 0 : whole) * factor +
    (BigInt(fraction === "" ? 0 : fraction) * factor) / 10n ** BigInt(fraction.length)
  );
}
