import type { Comparable } from "./cel-equals.ts";

const nanosPerUnit = 1_000_000_000n;

/** Powers of ten or two of a suffix. */
const suffixes: Readonly<Record<string, readonly [base: bigint, power: number]>> = {
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  "": [10n, 0],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [2n, 10],
  Mi: [2n, 20],
  Gi: [2n, 30],
  Ti: [2n, 40],
  Pi: [2n, 50],
  Ei: [2n, 60],
};

/**
 * A Kubernetes quantity: "500m", "1.5Gi", "1e3". A class, because expressions tell their types by
 * their constructors.
 */
export class Quantity implements Comparable {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }

  equals(other: unknown): boolean {
    return other instanceof Quantity && other.nanos === this.nanos;
  }

  toString(): string {
    const sign = this.nanos < 0n ? "-" : "";
    const nanos = this.nanos < 0n ? -this.nanos : this.nanos;
    if (nanos % nanosPerUnit === 0n) return `${sign}${nanos / nanosPerUnit}`;
    return nanos % 1_000_000n === 0n ? `${sign}${nanos / 1_000_000n}m` : `${sign}${nanos}n`;
  }
}

/** Undefined for what is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    text,
  );
  if (match === null || text.length > 100) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const [base, power] =
    exponent === undefined ? (suffixes[suffix] ?? [10n, 0]) : [10n, Number(exponent)];
  const digits = BigInt(`${whole}${fraction}`) * nanosPerUnit;
  const up = digits * base ** BigInt(Math.max(power, 0));
  const down = 10n ** BigInt(fraction.length) * base ** BigInt(Math.max(-power, 0));
  // What is finer than a nano is rounded up.
  const nanos = (up + down - 1n) / down;
  return new Quantity(sign === "-" ? -nanos : nanos);
}

/** Undefined for quantities with a part after the point or beyond 64 bits. */
export function wholeOf({ nanos }: Quantity): bigint | undefined {
  if (nanos % nanosPerUnit !== 0n) return undefined;
  const whole = nanos / nanosPerUnit;
  return whole < 2n ** 63n && whole >= -(2n ** 63n) ? whole : undefined;
}

export function quantityOf(whole: bigint): Quantity {
  return new Quantity(whole * nanosPerUnit);
}

export function approximate({ nanos }: Quantity): number {
  return Number(nanos) / 1e9;
}
