import type { Json } from "../../lib/kube-object.ts";
import { parseQuantity } from "../cel/quantity.ts";

export const nanosPerUnit = 1_000_000_000n;
const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** A quantity as a resource has it: its size, and its one way to be written. */
export interface CanonicalQuantity {
  readonly nanos: bigint;
  /** "1Gi" for "1024Mi", "500m" for "0.5", "2" for the number 2. */
  readonly text: string;
}

/** Undefined for what is no quantity. */
export function canonicalQuantity(value: Json | undefined): CanonicalQuantity | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const given = String(value);
  const quantity = parseQuantity(given);
  if (quantity === undefined) return undefined;
  const { nanos } = quantity;
  return { nanos, text: writtenAs(given, nanos) };
}

/** The least whole number that is not below it. */
export function wholeUnits(nanos: bigint): bigint {
  const down = nanos / nanosPerUnit;
  return nanos > 0n && nanos % nanosPerUnit !== 0n ? down + 1n : down;
}

function writtenAs(given: string, nanos: bigint): string {
  const isSmall = nanos > -1024n * nanosPerUnit && nanos < 1024n * nanosPerUnit;
  // Less than a kibibyte would be rounded, so it is written as other numbers are.
  if (given.endsWith("i") && !isSmall) {
    const [digits, steps] = reduced(wholeUnits(nanos), 1024n, binarySuffixes.length - 1);
    return `${digits}${binarySuffixes[steps] ?? ""}`;
  }
  const isExponential = /[eE][+-]?\d/.test(given);
  const [digits, steps] = reduced(nanos, 1000n, isExponential ? 99 : decimalSuffixes.length - 1);
  if (!isExponential) return `${digits}${decimalSuffixes[steps] ?? ""}`;
  const exponent = 3 * steps - 9;
  return exponent === 0 ? `${digits}` : `${digits}e${exponent}`;
}

/** Without the factors that a suffix can stand for; zero has none. */
function reduced(size: bigint, factor: bigint, stepsMax: number): [digits: bigint, steps: number] {
  if (size === 0n) return [0n, factor === 1024n ? 0 : 3];
  let digits = size;
  let steps = 0;
  while (steps < stepsMax && digits % factor === 0n) {
    digits /= factor;
    steps += 1;
  }
  return [digits, steps];
}
