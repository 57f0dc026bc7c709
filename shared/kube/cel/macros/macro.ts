import { type Metered, spend } from "../../regex/meter.ts";
import { CelError } from "../cel-function.ts";
import type { CelContext, CelNode, CelType, Checker, Evaluator } from "../cel-node.ts";

/** A call of a macro as it was parsed: `receiver.name(...args)`. */
export interface MacroCall {
  readonly ast: CelNode;
  readonly receiver: CelNode;
  readonly args: readonly CelNode[];
}

/**
 * What a macro stands for. The library calls both with the macro itself, and looks for no nodes in
 * it: ours are its members, so that `nodesOf` finds them.
 */
export interface Macro {
  readonly typeCheck: (checker: Checker, macro: Macro, context: CelContext) => CelType;
  readonly evaluate: (evaluator: Evaluator, macro: Macro, context: CelContext) => unknown;
  readonly async: false;
  readonly nodes: readonly CelNode[];
  /** What its runs spend from; of the whole expression, which sets it before it runs. */
  metered?: Metered;
}

/** Spends for items that are gone over. */
export function spendItems({ metered }: Macro, count: number): void {
  if (metered !== undefined) spend(metered.meter, count / 10);
}

export interface MacroDefinition {
  /** "list.all(ast, ast, ast): bool"; the receiver and the result are told by `typeCheck`. */
  readonly signature: string;
  readonly expand: (call: MacroCall) => Macro;
}

/** The name that an argument is. */
export function variableOf(checker: Checker, node: CelNode): string {
  if (node.op === "id") return String(node.args);
  throw checker.createError("invalid_macro_argument", "argument must be a simple name", node);
}

/** Checks a predicate: bool, or what is known only when it runs. */
export function checkBool(checker: Checker, node: CelNode, context: CelContext): void {
  const { name } = checker.check(node, context);
  if (name === "bool" || name === "dyn") return;
  const because = `expected type 'bool' but found '${name}'`;
  throw checker.createError("predicate_type", because, node);
}

/** The value of a predicate. */
export function isTrue(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new CelError("no such overload");
}

/** The types of what a macro goes over. */
export interface Range {
  /** An index of a list, a key of a map. */
  readonly key: CelType;
  readonly value: CelType;
  /** What one variable alone stands for: an item of a list, a key of a map. */
  readonly item: CelType;
}

export function rangeOf(checker: Checker, node: CelNode, context: CelContext): Range {
  const type = checker.check(node, context);
  const any = checker.getType("dyn");
  const { keyType = any, valueType = any } = type;
  switch (type.kind) {
    case "list":
      return { key: checker.getType("int"), value: valueType, item: valueType };
    case "map":
      return { key: keyType, value: valueType, item: keyType };
    case "dyn":
      return { key: any, value: any, item: any };
    default: {
      const because =
        `expression of type '${type.name}' cannot be range of a comprehension ` +
        "(must be list, map, or dynamic)";
      throw checker.createError("invalid_comprehension_range", because, node);
    }
  }
}
