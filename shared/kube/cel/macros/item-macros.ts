import { entriesOf } from "../cel-equals.ts";
import { CelError } from "../cel-function.ts";
import type { CelContext, CelNode, CelType, Checker } from "../cel-node.ts";
import { sortedBy } from "../extended-list-functions.ts";
import {
  checkBool,
  isTrue,
  type Macro,
  type MacroCall,
  type MacroDefinition,
  rangeOf,
  variableOf,
} from "./macro.ts";

/**
 * Macros over the items of a list that the library has not: `self.items.sortBy(i, i.weight)`, and
 * the newer name of `exists_one`, which takes the keys of a map too.
 *
 * @see https://pkg.go.dev/github.com/google/cel-go/ext#Lists
 */
export const itemMacros: readonly MacroDefinition[] = [
  {
    signature: "list.sortBy(ast, ast): list<dyn>",
    expand: (call) =>
      itemMacro(call, {
        check: (checker, { receiver, key }, context) => {
          checker.check(key, context);
          return checker.check(receiver, context);
        },
        run: (items, keys) => sortedBy(items, keys),
      }),
  },
  {
    signature: "list.existsOne(ast, ast): bool",
    expand: (call) =>
      itemMacro(call, {
        check: (checker, { key }, context) => {
          checkBool(checker, key, context);
          return checker.getType("bool");
        },
        run: (_items, keys) => keys.filter(isTrue).length === 1,
      }),
  },
];

interface Behaviour {
  readonly check: (
    checker: Checker,
    nodes: { readonly receiver: CelNode; readonly key: CelNode },
    inside: CelContext,
  ) => CelType;
  readonly run: (items: readonly unknown[], keys: readonly unknown[]) => unknown;
}

function itemMacro({ receiver, args: [variable, body] }: MacroCall, behaviour: Behaviour): Macro {
  const [name, key] = [variable as CelNode, body as CelNode];
  let inside: CelContext | undefined;
  return {
    async: false,
    nodes: [receiver, key],
    typeCheck: (checker, _macro, context) => {
      const { item } = rangeOf(checker, receiver, context);
      inside = context.forkWithVariable(variableOf(checker, name), item);
      return behaviour.check(checker, { receiver, key }, inside);
    },
    evaluate: (evaluator, _macro, context) => {
      const items = itemsOf(evaluator.run(receiver, context));
      const own = inside?.reuse(context);
      if (own === undefined) throw new CelError("no such overload");
      const keyOf = (item: unknown): unknown =>
        evaluator.run(key, own.setIterValue(item, evaluator));
      return behaviour.run(items, items.map(keyOf));
    },
  };
}

function itemsOf(range: unknown): readonly unknown[] {
  if (Array.isArray(range)) return range;
  const entries = entriesOf(range);
  if (entries === undefined) throw new CelError("no such overload");
  return [...entries.keys()];
}
