import { Optional } from "@marcbachmann/cel-js";
import { type Metered, spend } from "../regex/meter.ts";
import { celEquals, celIn, entriesOf } from "./cel-equals.ts";
import { notMine } from "./cel-function.ts";
import {
  type CelContext,
  type CelNode,
  type CelType,
  type Checker,
  type Evaluate,
  isCelNode,
  isOpen,
  nodesOf,
} from "./cel-node.ts";
import { functionsOf } from "./libraries.ts";

/**
 * Changes a parsed expression before it is checked, where the library differs from cel-go: `has`
 * takes any operand and knows which fields there are, and objects can be compared.
 */
export function prepareForCheck(root: CelNode): void {
  for (const node of nodesOf(root)) {
    if (node.op === "call" && (node.args as readonly unknown[])[0] === "has") prepareHas(node);
    if (node.op === "==" || node.op === "!=") prepareComparison(node);
  }
}

function prepareHas(node: CelNode): void {
  const [, [field]] = node.args as readonly [string, readonly unknown[]];
  if (!isCelNode(field) || (field.op !== "." && field.op !== ".?")) return;
  const [operand, name] = field.args as readonly [CelNode, string];
  const check = (checker: Checker, _node: CelNode, context: CelContext): CelType => {
    const found = checker.check(operand, context);
    const type =
      found.kind === "optional" && found.valueType !== undefined ? found.valueType : found;
    if (
      type.kind === "message" &&
      checker.objectTypes.get(type.name)?.fields?.[name] === undefined
    ) {
      throw checker.createError("no_such_key", `No such key: ${name}`, field);
    }
    if (!["message", "map", "dyn"].includes(type.kind)) {
      const because = `type '${type.name}' does not support field selection`;
      throw checker.createError("field_selection", because, field);
    }
    return checker.getType("bool");
  };
  const evaluate: Evaluate = (evaluator, _node, context) => {
    const found = evaluator.run(operand, context);
    const value: unknown = found instanceof Optional ? found.orValue(undefined) : found;
    return entriesOf(value)?.has(name) ?? false;
  };
  node.setMeta("macro", undefined).setMeta("check", check).setMeta("evaluate", evaluate);
  node.setMeta("async", false);
}

/** Values of one type can be compared, whatever it is, and anything with null. */
function prepareComparison(node: CelNode): void {
  const operands = node.args as readonly CelNode[];
  const libraryCheck = node.meta.check;
  const hasNull = operands.some(({ op, args }) => op === "value" && args === null);
  const check = (checker: Checker, _node: CelNode, context: CelContext): CelType => {
    const [left, right] = operands.map((operand) => checker.check(operand, context));
    return hasNull || areComparable(left, right) || libraryCheck === undefined
      ? checker.getType("bool")
      : libraryCheck(checker, node, context);
  };
  node.setMeta("check", check).setMeta("async", false);
}

/** A type that is known only when the expression runs can be that of anything else. */
function areComparable(left: CelType | undefined, right: CelType | undefined): boolean {
  if (left === undefined || right === undefined || left.name === right.name) return true;
  if (left.kind === "dyn" || right.kind === "dyn") return true;
  return left.kind === right.kind && (isOpen(left) || isOpen(right));
}

/**
 * Changes a checked expression so that each node spends from the meter, and functions and
 * comparisons are ours. This is what bounds a rule: a node costs 1, what is made or read through
 * costs a tenth of its length.
 */
export function meterNodes(root: CelNode, metered: Metered): void {
  for (const node of nodesOf(root)) {
    if (node.meta.alternate !== undefined) continue;
    if (node.op === "call" || node.op === "rcall") replaceFunction(node, metered);
    // The library gives macros no way to say what they need.
    if (node.meta.macro !== undefined) Object.assign(node.meta.macro, { metered });
    const evaluate = ownEvaluate(node, metered) ?? node.evaluate;
    node.evaluate = (evaluator, ast, context) => {
      spend(metered.meter, 1);
      // The library's first call of a node replaces its `evaluate`; ours must stay in front.
      const ours = node.evaluate;
      const result = evaluate.call(node, evaluator, ast, context);
      node.evaluate = ours;
      return result;
    };
  }
}

function ownEvaluate(node: CelNode, metered: Metered): Evaluate | undefined {
  if (node.op === "map") return mapOf(node.args as readonly (readonly [CelNode, CelNode])[]);
  const [left, right] = Array.isArray(node.args) ? (node.args as readonly CelNode[]) : [];
  if (left === undefined || right === undefined) return undefined;
  switch (node.op) {
    case "==":
    case "!=":
      return (evaluator, _node, context) => {
        const values = [evaluator.run(left, context), evaluator.run(right, context)] as const;
        return celEquals(...values, metered.meter) === (node.op === "==");
      };
    case "in":
      return (evaluator, _node, context) => {
        const value = evaluator.run(left, context);
        return celIn(value, evaluator.run(right, context), metered.meter);
      };
    case "+":
      return (evaluator, ast, context) => {
        const sum = node.meta.evaluate?.(evaluator, ast, context);
        spend(metered.meter, sizeOf(sum) / 10);
        return sum;
      };
    default:
      return undefined;
  }
}

/** Its keys keep their types: to the library all are text. */
function mapOf(entries: readonly (readonly [key: CelNode, value: CelNode])[]): Evaluate {
  return (evaluator, _node, context) =>
    new Map(
      entries.map(([key, value]) => [evaluator.run(key, context), evaluator.run(value, context)]),
    );
}

function replaceFunction(node: CelNode, metered: Metered): void {
  const { handle } = node;
  const [name] = node.args as readonly [string];
  if (handle === undefined) return;
  const candidates = functionsOf(node.op, name);
  const type = node.checkedType?.name ?? "dyn";
  node.handle = (args, first, second) => {
    const { meter } = metered;
    spend(meter, args.reduce<number>((all, each) => all + sizeOf(each), 0) / 10);
    for (const candidate of candidates) {
      const result = candidate.run({ args, meter, type });
      if (result !== notMine) return result;
    }
    return handle(args, first, second);
  };
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return value instanceof Uint8Array ? value.length : 1;
}
