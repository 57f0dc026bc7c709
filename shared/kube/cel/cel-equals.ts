import { Optional } from "@marcbachmann/cel-js";
import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { type Meter, spend } from "../regex/meter.ts";
import { nanosOf } from "./duration.ts";

/** A value of a Kubernetes library that says itself what it equals. */
export interface Comparable {
  readonly equals: (other: unknown) => boolean;
}

/** Equal as CEL says: numbers by their value, whatever their types; all others by their content. */
export function celEquals(left: unknown, right: unknown, meter: Meter): boolean {
  spend(meter, 1);
  if (left === right) return true;
  if (isNumber(left) && isNumber(right)) return !(left < right) && !(left > right);
  if (typeof left !== "object" || typeof right !== "object") return false;
  if (left === null || right === null) return false;
  if (isComparable(left)) return left.equals(right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((each, index) => celEquals(each, right[index], meter))
    );
  }
  return simpleEquals(left, right, meter) ?? entriesEqual(entriesOf(left), entriesOf(right), meter);
}

/** Undefined for what is no value of the language's own types. */
function simpleEquals(left: object, right: object, meter: Meter): boolean | undefined {
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  if (left instanceof Duration && right instanceof Duration) {
    return nanosOf(left) === nanosOf(right);
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    spend(meter, left.length / 10);
    return Buffer.compare(left, right) === 0;
  }
  if (left instanceof Optional && right instanceof Optional) {
    return celEquals(left.orValue(undefined), right.orValue(undefined), meter);
  }
  return undefined;
}

/** Whether the value is an item of the list or a key of the map. */
export function celIn(value: unknown, container: unknown, meter: Meter): boolean | undefined {
  if (Array.isArray(container)) return container.some((each) => celEquals(value, each, meter));
  return typeof container === "object" ? entriesOf(container)?.has(value as string) : undefined;
}

/** Comparing works across the three kinds; NaN, which equals nothing, is left out. */
function isNumber(value: unknown): value is bigint | number {
  if (typeof value === "number") return !Number.isNaN(value);
  return typeof value === "bigint" || value instanceof UnsignedInt;
}

function isComparable(value: object): value is Comparable {
  return "equals" in value && typeof value.equals === "function";
}

/** The entries of an object, a map, or a map that the expression made. */
export function entriesOf(value: unknown): ReadonlyMap<unknown, unknown> | undefined {
  if (value instanceof Map) return value as ReadonlyMap<unknown, unknown>;
  if (typeof value !== "object" || value === null) return undefined;
  return value.constructor === Object ? new Map(Object.entries(value)) : undefined;
}

function entriesEqual(
  left: ReadonlyMap<unknown, unknown> | undefined,
  right: ReadonlyMap<unknown, unknown> | undefined,
  meter: Meter,
): boolean {
  if (left === undefined || right === undefined || left.size !== right.size) return false;
  for (const [name, value] of left) {
    if (!right.has(name) || !celEquals(value, right.get(name), meter)) return false;
  }
  return true;
}
