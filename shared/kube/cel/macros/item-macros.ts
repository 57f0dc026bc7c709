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
  spendItems,
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
          const type = checker.check(receiver, context);
          const { kind, name } = checker.check(key, context);
          const isOrdered = kind === "dyn" || orderedTypes.has(name);
          if (type.kind !== "map" && isOrdered) return type;
          const because = `found no matching overload for '${type.name}.sortBy(${name})'`;
          throw checker.createError("no_such_overload", because, key);
        },
        run: (items, keys, { metered }) =>
          sortedBy(items, keys, metered?.meter ?? { left: Number.POSITIVE_INFINITY }),
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

const orderedTypes: ReadonlySet<string> = new Set([
  ...["bool", "bytes", "double", "int", "string", "uint"],
  ...["google.protobuf.Duration", "google.protobuf.Timestamp"],
]);

interface Behaviour {
  readonly check: (
    checker: Checker,
    nodes: { readonly receiver: CelNode; readonly key: CelNode },
    inside: CelContext,
  ) => CelType;
  readonly run: (items: readonly unknown[], keys: readonly unknown[], macro: Macro) => unknown;
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
    evaluate: (evaluator, macro, context) => {
      const items = itemsOf(evaluator.run(receiver, context));
      spendItems(macro, items.length);
      const own = inside?.reuse(context);
      if (own === undefined) throw new CelError("no such overload");
      const keyOf = (item: unknown): unknown =>
        evaluator.run(key, own.setIterValue(item, evaluator));
      return behaviour.run(items, items.map(keyOf), macro);
    },
  };
}

function itemsOf(range: unknown): readonly unknown[] {
  if (Array.isArray(range)) return range;
  const entries = entriesOf(range);
  if (entries === undefined) throw new CelError("no such overload");
  return [...entries.keys()];
}
