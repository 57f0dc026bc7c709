import type { CelNode } from "../cel-node.ts";
import {
  type CostScope,
  type Entries,
  type Estimate,
  kindOf,
  partOf,
  type Sized,
  scalarSize,
  typeInside,
  type Value,
} from "./estimate.ts";
import { sorted } from "./function-costs.ts";
import { either, exactly, product, type SizeRange } from "./size-range.ts";

/** A macro as it was parsed: `receiver.name(...args)`. */
export interface CalledMacro {
  readonly name: string;
  readonly receiver: CelNode;
  readonly args: readonly CelNode[];
}

/**
 * What cel-go's loops cost: to begin, for each item beside the macro's own expressions, and to end.
 * `all` looks at its result before each item (2) and joins it with the expression (1); `map` makes
 * a list of each item (10) and adds it to the result (2).
 */
interface Loop {
  readonly begin: number;
  readonly each: number;
  readonly end: number;
  readonly result: "scalar" | "list" | "map";
}

const exactlyOne: Loop = { begin: 0, each: 2, end: 2, result: "scalar" };
const listed: Loop = { begin: 10, each: 12, end: 1, result: "list" };

const loops: Readonly<Record<string, Loop>> = {
  all: { begin: 0, each: 3, end: 1, result: "scalar" },
  exists: { begin: 0, each: 4, end: 1, result: "scalar" },
  exists_one: exactlyOne,
  existsOne: exactlyOne,
  filter: { ...listed, each: 13 },
  map: listed,
  transformList: listed,
  transformMap: { begin: 30, each: 3, end: 1, result: "map" },
  transformMapEntry: { begin: 30, each: 2, end: 1, result: "map" },
};

/** An empty list that cel-go goes over where no list is. */
const noLoop = 10;

/** The cost of a macro; of one that is not known, what it is called on. */
export function macroCost(call: CalledMacro, scope: CostScope): Estimate {
  const { name, receiver } = call;
  const loop = Object.hasOwn(loops, name) ? loops[name] : undefined;
  if (loop !== undefined) return loopCost(call, loop, scope);
  switch (name) {
    case "bind":
      return bindCost(call, scope);
    case "optMap":
      return optionalCost(call, scope, 1);
    case "optFlatMap":
      return optionalCost(call, scope, 0);
    case "sortBy":
      return sortByCost(call, scope);
    default:
      return { cost: scope.estimate(receiver).cost + 1, size: exactly(1) };
  }
}

function loopCost({ name, receiver, args }: CalledMacro, loop: Loop, scope: CostScope): Sized {
  const range = scope.estimate(receiver);
  const names = args.slice(0, hasPairs(name, args) ? 2 : 1).map((each) => String(each.args));
  const [first = "", second] = names;
  const parts = partsOf(receiver, range);
  const inside = scope.inside(
    second === undefined ? { [first]: parts.item } : { [first]: parts.key, [second]: parts.value },
  );
  const bodies = args.slice(names.length).map(inside.estimate);
  const each = bodies.reduce((sum, { cost }) => sum + cost, loop.each);
  const cost = range.cost + loop.begin + product(range.size.max, each) + loop.end;
  if (loop.result === "scalar") return { cost, size: scalarSize };
  const added = name === "filter" ? itemSize(parts.item, scope) : bodies.at(-1)?.size;
  const isKnown = loop.result === "list" && added !== undefined;
  return { cost, size: range.size, entries: isKnown ? listEntries(added) : undefined };
}

/** Of what a filter takes; a list of what nothing is known of has no known entries. */
function itemSize({ path, size }: Value, { sizeAt }: CostScope): SizeRange | undefined {
  return (path === undefined ? undefined : sizeAt(path)) ?? size;
}

function listEntries(value: SizeRange): Entries {
  return { isList: true, key: scalarSize, value: either(exactly(0), value) };
}

/** Predicates of two variables have a third argument; `map` of one has it for a filter. */
function hasPairs(name: string, args: readonly CelNode[]): boolean {
  return name.startsWith("transform") || (args.length === 3 && name !== "map");
}

interface Parts {
  /** The index of a list, the key of a map. */
  readonly key: Value;
  readonly value: Value;
  /** What one variable stands for: the item of a list, the key of a map. */
  readonly item: Value;
}

function partsOf(receiver: CelNode, range: Value): Parts {
  const { entries } = range;
  const isList = entries?.isList ?? kindOf(receiver) === "list";
  const key = { path: partOf(range, isList ? "@indices" : "@keys"), size: entries?.key };
  const value = { path: partOf(range, isList ? "@items" : "@values"), size: entries?.value };
  return { key, value, item: isList ? value : key };
}

function bindCost({ args: [variable, init, body] }: CalledMacro, scope: CostScope): Estimate {
  if (variable === undefined || init === undefined || body === undefined) return { cost: 1 };
  const { cost, ...value } = scope.estimate(init);
  const result = scope.inside({ [String(variable.args)]: value }).estimate(body);
  return { cost: noLoop + cost + result.cost, size: result.size, entries: result.entries };
}

/** Looks whether there is a value, and takes it as the variable; the optional is made anew. */
function optionalCost(
  { receiver, args }: CalledMacro,
  scope: CostScope,
  wrapping: number,
): Estimate {
  const [variable, body] = args;
  if (variable === undefined || body === undefined) return { cost: 1 };
  const { cost } = scope.estimate(receiver);
  const result = scope.inside({ [String(variable.args)]: {} }).estimate(body);
  return { cost: cost + 1 + noLoop + cost + 1 + result.cost + wrapping };
}

/** Binds the list to a variable, makes a list of the keys, and sorts by it into a new list. */
function sortByCost(call: CalledMacro, scope: CostScope): Estimate {
  const keys = loopCost(call, listed, scope);
  const isText = call.args.some((key) => typeInside(key)?.name === "string");
  const { cost, size } = sorted(keys.size, isText);
  return { cost: noLoop + keys.cost + 2 + cost, size };
}
