import { isObject, type Json, type JsonObject } from "../wire.ts";

/** What an expression yields: a JSON value, or undefined where the path leads nowhere. */
export type Value = Json | undefined;
export type Scalar = null | boolean | number | string;

/** The order of types in ORDER BY, from the documents of the ORDER BY clause. */
export const typeRanks = {
  undefined: 0,
  null: 1,
  boolean: 2,
  number: 3,
  string: 4,
  array: 5,
  object: 6,
} as const;

export function typeRank(value: Value): number {
  if (value === null) return typeRanks.null;
  if (Array.isArray(value)) return typeRanks.array;
  return typeRanks[typeof value as keyof typeof typeRanks];
}

export function isScalar(value: Value): value is Scalar {
  const rank = typeRank(value);
  return rank >= typeRanks.null && rank <= typeRanks.string;
}

/**
 * The order of an index: by type, then by value. Strings compare by UTF-16 units, which is the
 * service's order for all but characters outside the basic plane. Arrays and objects are not
 * ordered among themselves.
 */
export function compareValues(a: Value, b: Value): number {
  const rank = typeRank(a);
  const ranks = rank - typeRank(b);
  if (ranks !== 0 || rank < typeRanks.boolean || rank > typeRanks.string) return ranks;
  return compareAlike(a as string, b as string);
}

function compareAlike(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The value at a path below an item, or undefined. Arrays are not entered by a path. */
export function valueAt(body: JsonObject, path: readonly string[]): Value {
  let value: Value = body;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
