import { Duration } from "@marcbachmann/cel-js/evaluator";
import { type Meter, spend } from "../regex/meter.ts";
import { celEquals, celIn } from "./cel-equals.ts";
import { type Call, CelError, type CelFunction, notMine } from "./cel-function.ts";
import { durationOfNanos, nanosOf } from "./duration.ts";
import { compareOrders, type Order, orderOf } from "./order-of.ts";

/** Kubernetes' list library and the sets library of cel-go. */
export const listFunctions: readonly CelFunction[] = [
  { signatures: ["list<T>.isSorted(): bool"], run: onList(isSorted) },
  { signatures: ["list<T>.sum(): T"], run: onList(sum) },
  { signatures: ["list<T>.min(): T"], run: onList((list, call) => least(list, call, "min")) },
  { signatures: ["list<T>.max(): T"], run: onList((list, call) => least(list, call, "max")) },
  {
    signatures: ["list<T>.indexOf(T): int"],
    run: onList((list, { args, meter }) =>
      BigInt(list.findIndex((each) => celEquals(each, args[1], meter))),
    ),
  },
  {
    signatures: ["list<T>.lastIndexOf(T): int"],
    run: onList((list, { args, meter }) =>
      BigInt(list.findLastIndex((each) => celEquals(each, args[1], meter))),
    ),
  },
  {
    signatures: ["SetsNamespace.contains(list<T>, list<T>): bool"],
    run: onSets((left, right, meter) => right.every((each) => celIn(each, left, meter))),
  },
  {
    signatures: ["SetsNamespace.equivalent(list<T>, list<T>): bool"],
    run: onSets(
      (left, right, meter) =>
        right.every((each) => celIn(each, left, meter)) &&
        left.every((each) => celIn(each, right, meter)),
    ),
  },
  {
    signatures: ["SetsNamespace.intersects(list<T>, list<T>): bool"],
    run: onSets((left, right, meter) => right.some((each) => celIn(each, left, meter))),
  },
];

/** What `sets` is in an expression: the library tells types by their constructors. */
export class SetsNamespace {}

export type List = readonly unknown[];

/** Nothing for what is no list. */
export function onList(run: (list: List, call: Call) => unknown): CelFunction["run"] {
  return (call) => {
    const [list] = call.args;
    return Array.isArray(list) ? run(list, call) : notMine;
  };
}

function onSets(run: (left: List, right: List, meter: Meter) => boolean): CelFunction["run"] {
  return ({ args: [namespace, left, right], meter }) =>
    namespace instanceof SetsNamespace ? run(left as List, right as List, meter) : notMine;
}

function isSorted(list: List, { meter }: Call): boolean {
  const orders = ordersOf(list, meter);
  return orders.every((each, index) => {
    const before = orders[index - 1];
    return before === undefined || compareOrders(before, each, meter) <= 0;
  });
}

function least(list: List, { meter }: Call, which: "min" | "max"): unknown {
  if (list.length === 0) throw new CelError(`${which} called on empty list`);
  const sign = which === "min" ? 1 : -1;
  const orders = ordersOf(list, meter);
  let best = 0;
  for (const [index, each] of orders.entries()) {
    if (sign * compareOrders(each, orders[best] ?? each, meter) < 0) best = index;
  }
  return list[best];
}

function ordersOf(list: List, meter: Meter): readonly Order[] {
  spend(meter, list.length);
  return list.map((each) => {
    const order = orderOf(each);
    if (order === undefined) throw new CelError("no such overload");
    return order;
  });
}

function sum(list: List, { meter, type }: Call): unknown {
  spend(meter, list.length);
  const [first] = list;
  if (first instanceof Duration || type.endsWith("Duration")) {
    return durationOfNanos(list.reduce<bigint>((all, each) => all + nanosOf(each as Duration), 0n));
  }
  if (typeof first === "number" || type === "double") {
    return list.reduce<number>((all, each) => all + Number(each), 0);
  }
  if (list.some((each) => typeof each !== "bigint")) throw new CelError("no such overload");
  const total = list.reduce<bigint>((all, each) => all + (each as bigint), 0n);
  if (total >= 2n ** 63n || total < -(2n ** 63n)) throw new CelError("integer overflow");
  return total;
}
