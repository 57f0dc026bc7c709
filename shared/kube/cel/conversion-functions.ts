import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { type CelFunction, notMine } from "./cel-function.ts";
import { nanosOf } from "./duration.ts";

const time = "google.protobuf.Timestamp";
const duration = "google.protobuf.Duration";

/**
 * Conversions of the standard library that the JavaScript library has not.
 *
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#list-of-standard-definitions
 */
export const conversionFunctions: readonly CelFunction[] = [
  {
    signatures: [`string(${time}): string`, `string(${duration}): string`],
    run: ({ args: [value] }) => {
      if (value instanceof Date) return timeText(value);
      return value instanceof Duration ? `${decimal(nanosOf(value))}s` : notMine;
    },
  },
  {
    signatures: ["int(uint): int", `int(${time}): int`, `int(${duration}): int`],
    run: ({ args: [value] }) => {
      if (value instanceof UnsignedInt) return value.valueOf();
      if (value instanceof Date) return BigInt(Math.floor(value.getTime() / 1000));
      return value instanceof Duration ? nanosOf(value) : notMine;
    },
  },
  { signatures: [`timestamp(${time}): ${time}`], run: same(Date) },
  { signatures: [`duration(${duration}): ${duration}`], run: same(Duration) },
];

function same(type: typeof Date | typeof Duration): CelFunction["run"] {
  return ({ args: [value] }) => (value instanceof type ? value : notMine);
}

/** As Go writes it, without zeroes at the end: "2026-11-21T12:00:00.5Z". */
function timeText(value: Date): string {
  return value.toISOString().replace(/\.?0+Z$/, "Z");
}

/** Seconds, with as many digits as they need: "90", "-0.5". */
function decimal(nanos: bigint): string {
  const [sign, size] = nanos < 0n ? ["-", -nanos] : ["", nanos];
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${sign}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
}
