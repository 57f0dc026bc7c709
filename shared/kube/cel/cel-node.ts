import type { Environment } from "@marcbachmann/cel-js";

/**
 * A node of a parsed expression, as far as it is looked at and changed before it runs. The library
 * keeps these members, which it leaves out of its types, in `lib/parser.js`.
 */
export interface CelNode {
  readonly op: string;
  readonly args: unknown;
  readonly meta: NodeMeta;
  readonly setMeta: (name: keyof NodeMeta, value: unknown) => CelNode;
  readonly checkedType?: CelType;
  readonly pos?: number;
  readonly start?: number;
  readonly end?: number;
  evaluate: Evaluate;
  /** Calls: what runs with the evaluated arguments. */
  handle?: (args: unknown[], first: unknown, second: unknown) => unknown;
}

export type Evaluate = (evaluator: Evaluator, node: CelNode, context: CelContext) => unknown;

/** What names stand for in a place of the expression: types when it is checked, values later. */
export interface CelContext {
  /** A context below, with one more variable. */
  readonly forkWithVariable: (name: string, type: CelType) => CelContext;
  /**
   * This context, changed to be below the given one. One that macros keep serves all their runs:
   * these are synchronous, an expression is never inside of itself, and values are set before each.
   */
  readonly reuse: (parent: CelContext) => CelContext;
  /** Throws when the value is not of the variable's type. */
  readonly setIterValue: (value: unknown, evaluator: Evaluator) => CelContext;
}

export interface NodeMeta {
  readonly check?: (checker: Checker, node: CelNode, context: CelContext) => CelType;
  readonly evaluate?: Evaluate;
  /** What a macro is instead: a comprehension. */
  readonly alternate?: CelNode;
  /** A macro that is no comprehension; some of its members are nodes. */
  readonly macro?: Readonly<Record<string, unknown>>;
  readonly async?: boolean;
}

export interface Evaluator {
  readonly run: (node: CelNode, context: CelContext) => unknown;
}

export interface Checker {
  readonly check: (node: CelNode, context: CelContext) => CelType;
  readonly getType: (name: string) => CelType;
  readonly createError: (code: string, message: string, node: CelNode) => Error;
  readonly objectTypes: ReadonlyMap<
    string,
    { readonly fields?: Readonly<Record<string, unknown>> }
  >;
}

export interface CelType {
  readonly kind: string;
  readonly name: string;
  /** Of a map. */
  readonly keyType?: CelType;
  /** Of a list, a map or an optional. */
  readonly valueType?: CelType;
}

/** Whether a part of a type is known only when the expression runs. */
export function isOpen({ kind, keyType, valueType }: CelType): boolean {
  const parts = [keyType, valueType].filter((part) => part !== undefined);
  return kind === "dyn" || kind === "param" || parts.some(isOpen);
}

export function isCelNode(value: unknown): value is CelNode {
  return typeof value === "object" && value !== null && "op" in value && "setMeta" in value;
}

/** A node and all below it, each once: also those that macros stand for. */
export function nodesOf(root: CelNode): ReadonlySet<CelNode> {
  const nodes = new Set<CelNode>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    else if (isCelNode(value)) {
      if (nodes.has(value)) return;
      nodes.add(value);
      visit(value.args);
      visit(value.meta.alternate);
      if (value.meta.macro !== undefined) visit(Object.values(value.meta.macro));
    } else if (isParts(value)) visit(Object.values(value));
  };
  visit(root);
  return nodes;
}

/** The parts of a comprehension: `{ iterable, init, step, ... }`. */
function isParts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "iterable");
}

export type CelEnvironment = Environment;
