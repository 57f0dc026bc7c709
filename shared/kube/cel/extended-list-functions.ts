import { Optional } from "@marcbachmann/cel-js";
import { UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { type Meter, spend } from "../regex/meter.ts";
import { celEquals } from "./cel-equals.ts";
import { type Call, CelError, type CelFunction } from "./cel-function.ts";
import { type List, onList } from "./list-functions.ts";
import { compareOrders, type Order, orderOf } from "./order-of.ts";

/**
 * The extended lists library of cel-go, version 3. `sortBy` is a macro.
 *
 * @see https://pkg.go.dev/github.com/google/cel-go/ext#Lists
 */
export const extendedListFunctions: readonly CelFunction[] = [
  { signatures: ["list<T>.slice(int, int): list<T>"], run: onList(slice) },
  {
    signatures: ["list<T>.flatten(): list<dyn>", "list<T>.flatten(int): list<dyn>"],
    run: onList(flatten),
  },
  { signatures: ["list<T>.distinct(): list<T>"], run: onList(distinct) },
  { signatures: ["list<T>.reverse(): list<T>"], run: onList((list) => list.toReversed()) },
  {
    signatures: ["list<T>.sort(): list<T>"],
    run: onList((list, { meter }) => sortedBy(list, list, meter)),
  },
  {
    signatures: ["list<T>.first(): optional<T>"],
    run: onList((list) => Optional.of(list[0])),
  },
  {
    signatures: ["list<T>.last(): optional<T>"],
    run: onList((list) => Optional.of(list.at(-1))),
  },
  { signatures: ["ListsNamespace.range(int): list<int>"], run: range },
];

/** What `lists` is in an expression. */
export class ListsNamespace {}

function slice(list: List, { args }: Call): List {
  const [start, end] = [Number(args[1]), Number(args[2])];
  const call = `cannot slice(${start}, ${end})`;
  if (start < 0 || end < 0) throw new CelError(`${call}, negative indexes not supported`);
  if (start > end) {
    throw new CelError(`${call}, start index must be less than or equal to end index`);
  }
  if (end > list.length) throw new CelError(`${call}, list is length ${list.length}`);
  return list.slice(start, end);
}

function flatten(list: List, { args, meter }: Call): List {
  const depth = Number(args[1] ?? 1n);
  if (depth < 0) throw new CelError("level must be non-negative");
  const flat: unknown[] = [];
  const add = (items: List, left: number): void => {
    spend(meter, items.length);
    for (const item of items) {
      if (Array.isArray(item) && left > 0) add(item, left - 1);
      else flat.push(item);
    }
  };
  add(list, depth);
  return flat;
}

/** The first of each that equal each other. Numbers and texts are looked up, not searched for. */
function distinct(list: List, { meter }: Call): List {
  const seen = new Set<unknown>();
  const others: unknown[] = [];
  return list.filter((item) => {
    spend(meter, 1);
    const key = keyOf(item);
    if (key !== undefined) {
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    }
    if (others.some((each) => celEquals(each, item, meter))) return false;
    others.push(item);
    return true;
  });
}

/** Equal for equal numbers, of whichever type (1 and 1.0), and for equal texts. */
function keyOf(item: unknown): bigint | number | string | undefined {
  if (typeof item === "string" || typeof item === "bigint") return item;
  if (item instanceof UnsignedInt) return item.valueOf();
  // NaN equals nothing.
  if (typeof item !== "number" || Number.isNaN(item)) return undefined;
  return Number.isInteger(item) ? BigInt(item) : item;
}

/** A list in the order of its keys, of which there is one for each item. */
export function sortedBy(list: List, keys: List, meter: Meter): List {
  spend(meter, list.length);
  const sorted = list.map((item, index) => ({ item, order: comparable(keys[index]) }));
  const [first] = sorted;
  if (sorted.some(({ order }) => order.type !== first?.order.type)) {
    throw new CelError("list elements must have the same type");
  }
  return sorted
    .sort((left, right) => compareOrders(left.order, right.order, meter))
    .map(({ item }) => item);
}

function comparable(value: unknown): Order {
  const order = orderOf(value);
  if (order === undefined) throw new CelError("list elements must be comparable");
  return order;
}

function range({ args, meter }: Call): List {
  const length = Math.max(0, Number(args[1]));
  spend(meter, length);
  return Array.from({ length }, (_, index) => BigInt(index));
}
