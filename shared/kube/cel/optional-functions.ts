import { Optional } from "@marcbachmann/cel-js";
import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { entriesOf } from "./cel-equals.ts";
import type { CelFunction } from "./cel-function.ts";
import { nanosOf } from "./duration.ts";
import { type List, onList } from "./list-functions.ts";

/**
 * Functions of optional values that the library has not. `optMap` and `optFlatMap` are macros.
 *
 * @see https://pkg.go.dev/github.com/google/cel-go/cel#OptionalTypes
 */
export const optionalFunctions: readonly CelFunction[] = [
  {
    signatures: ["OptionalNamespace.ofNonZeroValue(A): optional<A>"],
    run: ({ args: [, value] }) => (isZero(value) ? Optional.none() : Optional.of(value)),
  },
  {
    signatures: ["OptionalNamespace.unwrap(list<optional<A>>): list<A>"],
    run: ({ args: [, list] }) => unwrapped(list as List),
  },
  { signatures: ["list<optional<A>>.unwrapOpt(): list<A>"], run: onList(unwrapped) },
];

/** The values of those that have one. */
function unwrapped(list: List): List {
  return list
    .filter((each) => each instanceof Optional)
    .filter((each) => each.hasValue())
    .map((each) => each.value());
}

/** Go's. */
const zeroTime = Date.parse("0001-01-01T00:00:00Z");

function isZero(value: unknown): boolean {
  if (value === null || value === false || value === "") return true;
  if (typeof value === "number" || typeof value === "bigint") return Number(value) === 0;
  if (value instanceof UnsignedInt) return value.valueOf() === 0n;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Duration) return nanosOf(value) === 0n;
  if (value instanceof Date) return value.getTime() === zeroTime;
  return entriesOf(value)?.size === 0;
}
