import type { CelNode } from "../cel-node.ts";
import {
  type CostScope,
  type Estimate,
  eitherEntries,
  isTextType,
  kindOf,
  partOf,
  type Sized,
  scalarSize,
  sizeOfType,
  typeInside,
  unknownSize,
  type Value,
} from "./estimate.ts";
import { functionCost, operandOf } from "./function-costs.ts";
import { macroCost } from "./macro-costs.ts";
import type { SchemaSize } from "./size-of-schema.ts";
import { either, exactly, plus, type SizeRange, traversal, upTo } from "./size-range.ts";

/**
 * What a checked expression may cost at worst, for a `self` of the given sizes, as cel-go and
 * Kubernetes 1.34 estimate it. Where theirs is not known for sure, this is less.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints
 */
export function expressionCost(root: CelNode, self: SchemaSize): number {
  return scopeOf(self, new Map()).estimate(root).cost;
}

function scopeOf(self: SchemaSize, variables: ReadonlyMap<string, Value>): CostScope {
  const scope: CostScope = {
    variable: (name) => variables.get(name),
    estimate: (node) => sized(node, estimateOf(node, scope), scope),
    inside: (more) => scopeOf(self, new Map([...variables, ...Object.entries(more)])),
    sizeAt: (path) => sizeAt(self, path),
  };
  return scope;
}

/** Without the first of the path, which is a variable: all begin at the root of the schema. */
function sizeAt(self: SchemaSize, path: readonly string[]): SizeRange | undefined {
  let at: SchemaSize | undefined = self;
  for (const name of path.slice(1)) {
    if (name === "@items" || name === "@values") at = at?.items;
    else if (name === "@keys") at = at?.keys;
    else at = at?.fields?.get(name);
  }
  return at === undefined ? undefined : upTo(at.elementsMax);
}

/** What the schema says of a size comes before what the type says. */
function sized(node: CelNode, estimate: Estimate, { sizeAt: at }: CostScope): Sized {
  const type = typeInside(node);
  const fromSchema = estimate.path === undefined ? undefined : at(estimate.path);
  const size = estimate.size ?? fromSchema ?? sizeOfType(type) ?? unknownSize(type);
  return { ...estimate, size };
}

type EstimateOf = (node: CelNode, scope: CostScope) => Estimate;

const byOp: Readonly<Record<string, EstimateOf>> = {
  value: literal,
  id: name,
  ".": field,
  ".?": field,
  "[]": indexed,
  "[?]": indexed,
  call: called,
  rcall: methodCalled,
  list: listLiteral,
  map: mapLiteral,
  "?:": conditional,
  "||": (node, scope) => ({ cost: costOf(operands(node, scope)) }),
  "&&": (node, scope) => ({ cost: costOf(operands(node, scope)) }),
  "-_": negated,
  "==": equal,
  "!=": compared,
  "<": ordered,
  "<=": ordered,
  ">": ordered,
  ">=": ordered,
  "+": added,
  in: contained,
};

function estimateOf(node: CelNode, scope: CostScope): Estimate {
  const known = Object.hasOwn(byOp, node.op) ? byOp[node.op] : undefined;
  return known === undefined ? other(node, scope) : known(node, scope);
}

/** An operator on numbers, and what is not known. */
function other(node: CelNode, scope: CostScope): Estimate {
  return { cost: 1 + costOf(operands(node, scope)) };
}

function nodesIn({ args }: CelNode): readonly CelNode[] {
  return (Array.isArray(args) ? args : [args]) as readonly CelNode[];
}

function operands(node: CelNode, scope: CostScope): readonly Sized[] {
  return nodesIn(node).map(scope.estimate);
}

function costOf(estimates: readonly Estimate[]): number {
  return estimates.reduce((sum, { cost }) => sum + cost, 0);
}

function literal({ args }: CelNode): Estimate {
  if (typeof args === "string") return { cost: 0, size: exactly([...args].length) };
  return { cost: 0, size: args instanceof Uint8Array ? exactly(args.length) : scalarSize };
}

function name(node: CelNode, { variable, sizeAt: at }: CostScope): Estimate {
  const known = variable(String(node.args));
  if (known === undefined) return { cost: 1, path: [String(node.args)] };
  const fromSchema = known.path === undefined ? undefined : at(known.path);
  return { ...known, cost: 1, size: fromSchema ?? sizeOfType(typeInside(node)) ?? known.size };
}

function field({ op, args }: CelNode, scope: CostScope): Estimate {
  const [operand, fieldName] = args as readonly [CelNode, string];
  const estimate = scope.estimate(operand);
  if (op === ".?") return { cost: estimate.cost + 1 };
  const isCounted = ["map", "message"].includes(kindOf(operand));
  return { cost: estimate.cost + (isCounted ? 1 : 0), path: partOf(estimate, fieldName) };
}

const parts: Readonly<Record<string, string>> = { list: "@items", map: "@values" };

function indexed({ op, args }: CelNode, scope: CostScope): Estimate {
  const [operand, index] = args as readonly [CelNode, CelNode];
  const estimate = scope.estimate(operand);
  const cost = estimate.cost + scope.estimate(index).cost + 1;
  if (op === "[?]") return { cost };
  const size = estimate.entries?.value;
  const part = parts[kindOf(operand)];
  return part === undefined ? { cost, size } : { cost, size, path: partOf(estimate, part) };
}

function listLiteral(node: CelNode, scope: CostScope): Estimate {
  const items = operands(node, scope);
  const sizes = items.map(({ size }) => size);
  const value = sizes.reduce(either, sizes[0] ?? exactly(0));
  return {
    cost: 10 + costOf(items),
    size: exactly(items.length),
    entries: { isList: true, key: scalarSize, value },
  };
}

function mapLiteral({ args }: CelNode, scope: CostScope): Estimate {
  const pairs = (args as readonly (readonly CelNode[])[]).map((pair) => pair.map(scope.estimate));
  const sizes = (index: number): SizeRange => {
    const all = pairs.flatMap((pair) => pair[index]?.size ?? []);
    return all.reduce(either, all[0] ?? exactly(0));
  };
  return {
    cost: 30 + costOf(pairs.flat()),
    size: exactly(pairs.length),
    entries: { isList: false, key: sizes(0), value: sizes(1) },
  };
}

function conditional({ args }: CelNode, scope: CostScope): Estimate {
  const [condition, yes, no] = (args as readonly [CelNode, CelNode, CelNode]).map(
    scope.estimate,
  ) as [Sized, Sized, Sized];
  return {
    cost: condition.cost + Math.max(yes.cost, no.cost),
    size: either(yes.size, no.size),
    entries: eitherEntries(yes, no),
  };
}

function negated(node: CelNode, scope: CostScope): Estimate {
  const [operand] = nodesIn(node);
  return operand?.op === "value" ? scope.estimate(operand) : other(node, scope);
}

/** Values of these types are equal or not at once. */
const instant: ReadonlySet<string | undefined> = new Set([
  "kubernetes.NamedFormat",
  "kubernetes.Quantity",
  "kubernetes.Semver",
  "net.CIDR",
  "net.IP",
]);

function equal(node: CelNode, scope: CostScope): Estimate {
  const both = operands(node, scope);
  const [left, right] = nodesIn(node).map(({ checkedType }) => checkedType?.name);
  if (left !== right) return comparison(both);
  if (instant.has(left)) return { cost: costOf(both) + 1 };
  // Kubernetes looks at one of them only.
  return comparison(both, left === "kubernetes.URL" ? both.slice(1) : both);
}

function compared(node: CelNode, scope: CostScope): Estimate {
  return comparison(operands(node, scope));
}

function ordered(node: CelNode, scope: CostScope): Estimate {
  const isText = nodesIn(node).some(({ checkedType }) => isTextType(checkedType));
  return isText ? compared(node, scope) : other(node, scope);
}

/** As far as the smaller of those that are looked at goes. */
function comparison(both: readonly Sized[], looked = both): Estimate {
  const most = Math.min(...looked.map(({ size }) => size.max));
  return { cost: costOf(both) + traversal(upTo(most)) };
}

function added(node: CelNode, scope: CostScope): Estimate {
  const [left, right] = operands(node, scope) as readonly [Sized, Sized];
  const cost = left.cost + right.cost;
  const size = plus(left.size, right.size);
  const types = nodesIn(node).map(({ checkedType }) => checkedType);
  if (types.some(isTextType)) return { cost: cost + traversal(size), size };
  if (types.some((type) => type?.kind === "list")) {
    return { cost: cost + 1, size, entries: eitherEntries(left, right) };
  }
  return { cost: cost + 1 };
}

function contained(node: CelNode, scope: CostScope): Estimate {
  const [item, range] = operands(node, scope) as readonly [Sized, Sized];
  const isList = nodesIn(node)[1]?.checkedType?.kind === "list";
  return { cost: item.cost + range.cost + (isList ? range.size.max : 1) };
}

function called({ args }: CelNode, scope: CostScope): Estimate {
  const [functionName, parameters] = args as readonly [string, readonly CelNode[]];
  const [first] = parameters;
  if (first !== undefined && functionName === "has") {
    const [operand] = nodesIn(first);
    return operand === undefined ? { cost: 0 } : { cost: scope.estimate(operand).cost };
  }
  if (first !== undefined && functionName === "dyn") {
    const { cost, size, entries } = scope.estimate(first);
    return { cost: 1 + cost, size, entries };
  }
  return functionCalled(functionName, parameters, scope);
}

/** Macros of the library that are functions to cel-go. */
const notMacros: ReadonlySet<string> = new Set(["or", "orValue"]);

function methodCalled({ args, meta }: CelNode, scope: CostScope): Estimate {
  const [method, receiver, parameters] = args as readonly [string, CelNode, readonly CelNode[]];
  const isMacro = meta.macro !== undefined || meta.alternate !== undefined;
  if (isMacro && !notMacros.has(method)) {
    return macroCost({ name: method, receiver, args: parameters }, scope);
  }
  const isLibrary = receiver.op === "id" && receiver.checkedType?.name.endsWith("Namespace");
  return isLibrary === true
    ? functionCalled(`${String(receiver.args)}.${method}`, parameters, scope)
    : functionCalled(`.${method}`, [receiver, ...parameters], scope);
}

function functionCalled(
  functionName: string,
  parameters: readonly CelNode[],
  scope: CostScope,
): Estimate {
  const estimates = parameters.map((node) => ({ node, estimate: scope.estimate(node) }));
  const found = estimates.map(({ node, estimate }) => operandOf(node, estimate, scope));
  const call = functionCost(functionName, found);
  return { ...call, cost: call.cost + costOf(estimates.map(({ estimate }) => estimate)) };
}
