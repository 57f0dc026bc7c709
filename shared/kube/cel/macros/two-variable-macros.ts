import { BudgetSpentError } from "../../regex/meter.ts";
import { entriesOf } from "../cel-equals.ts";
import { CelError } from "../cel-function.ts";
import type { CelContext, CelNode, Checker, Evaluator } from "../cel-node.ts";
import {
  checkBool,
  isTrue,
  type Macro,
  type MacroCall,
  type MacroDefinition,
  type Range,
  rangeOf,
  spendItems,
  variableOf,
} from "./macro.ts";

type Pair = readonly [key: unknown, value: unknown];

/** The pairs of a run that the filter takes, and the last argument's value for one of them. */
interface Run {
  readonly pairs: Iterable<Pair>;
  readonly bodyOf: (pair: Pair) => unknown;
}

interface PairMacro {
  readonly name: string;
  /** Predicates are bool, and have no filter before them. */
  readonly body: "predicate" | "transform";
  /** The type of the result, by the names of the types of the keys and of the body. */
  readonly result: (key: string, body: string) => string;
  readonly run: (run: Run) => unknown;
}

const bool = (): string => "bool";

const pairMacros: readonly PairMacro[] = [
  { name: "all", body: "predicate", result: bool, run: (run) => quantified(run, false) },
  { name: "exists", body: "predicate", result: bool, run: (run) => quantified(run, true) },
  { name: "existsOne", body: "predicate", result: bool, run: existsOne },
  { name: "exists_one", body: "predicate", result: bool, run: existsOne },
  {
    name: "transformList",
    body: "transform",
    result: (_key, body) => `list<${body}>`,
    run: ({ pairs, bodyOf }) => Array.from(pairs, bodyOf),
  },
  {
    name: "transformMap",
    body: "transform",
    result: (key, body) => `map<${key}, ${body}>`,
    run: ({ pairs, bodyOf }) => new Map(Array.from(pairs, (pair) => [pair[0], bodyOf(pair)])),
  },
  { name: "transformMapEntry", body: "transform", result: (_key, body) => body, run: entries },
];

/**
 * Macros over the pairs of a list (index, item) or of a map (key, value):
 * `self.limits.all(name, limit, limit > 0)`, `self.items.transformMap(i, item, item.name)`.
 * Transforms may have a filter before their last argument.
 *
 * @see https://pkg.go.dev/github.com/google/cel-go/ext#TwoVarComprehensions
 */
export const twoVariableMacros: readonly MacroDefinition[] = pairMacros.flatMap((macro) => {
  const expand = (call: MacroCall): Macro => expanded(macro, call);
  const plain = { signature: `list.${macro.name}(ast, ast, ast): dyn`, expand };
  const filtered = { signature: `list.${macro.name}(ast, ast, ast, ast): dyn`, expand };
  return macro.body === "predicate" ? [plain] : [plain, filtered];
});

function expanded(macro: PairMacro, { receiver, args }: MacroCall): Macro {
  const [key, value] = args as readonly [CelNode, CelNode];
  const body = args.at(-1) as CelNode;
  const filter = args.length === 4 ? args[2] : undefined;
  let inside: PairContext | undefined;
  return {
    async: false,
    nodes: filter === undefined ? [receiver, body] : [receiver, filter, body],
    typeCheck: (checker, _macro, context) => {
      const range = rangeOf(checker, receiver, context);
      inside = pairContext(checker, { key, value, range, context });
      if (filter !== undefined) checkBool(checker, filter, inside.ofValue);
      if (macro.body === "predicate") checkBool(checker, body, inside.ofValue);
      const { name, kind } = checker.check(body, inside.ofValue);
      if (macro.name === "transformMapEntry" && kind !== "map" && kind !== "dyn") {
        const because = `found no matching overload for 'cel.@mapInsert' applied to '(${name})'`;
        throw checker.createError("no_such_overload", because, body);
      }
      return checker.getType(macro.result(range.key.name, name));
    },
    evaluate: (evaluator, running, context) => {
      if (inside === undefined) throw new CelError("no such overload");
      const pairs = pairsOf(evaluator.run(receiver, context));
      spendItems(running, pairs.length);
      const resultOf = evaluation(evaluator, inside, context);
      const taken =
        filter === undefined ? pairs : pairs.filter((pair) => isTrue(resultOf(filter, pair)));
      return macro.run({ pairs: taken, bodyOf: (pair) => resultOf(body, pair) });
    },
  };
}

/** The variable of the value is known below that of the key. */
interface PairContext {
  readonly ofKey: CelContext;
  readonly ofValue: CelContext;
}

function pairContext(
  checker: Checker,
  place: {
    readonly key: CelNode;
    readonly value: CelNode;
    readonly range: Range;
    readonly context: CelContext;
  },
): PairContext {
  const { key, value, range, context } = place;
  const [first, second] = [variableOf(checker, key), variableOf(checker, value)];
  if (first === second) {
    const because = `duplicate variable name: ${first}`;
    throw checker.createError("invalid_macro_argument", because, value);
  }
  const ofKey = context.forkWithVariable(first, range.key);
  return { ofKey, ofValue: ofKey.forkWithVariable(second, range.value) };
}

/** What an expression is for a pair. */
function evaluation(
  evaluator: Evaluator,
  inside: PairContext,
  context: CelContext,
): (node: CelNode, pair: Pair) => unknown {
  return (node, [key, value]) => {
    const ofKey = inside.ofKey.reuse(context).setIterValue(key, evaluator);
    return evaluator.run(node, inside.ofValue.reuse(ofKey).setIterValue(value, evaluator));
  };
}

function pairsOf(range: unknown): readonly Pair[] {
  if (Array.isArray(range)) return range.map((item, index): Pair => [BigInt(index), item]);
  const found = entriesOf(range);
  if (found === undefined) throw new CelError("no such overload");
  return [...found];
}

/** One pair decides; what fails counts only when none does. */
function quantified({ pairs, bodyOf }: Run, deciding: boolean): boolean {
  let failure: { readonly error: unknown } | undefined;
  for (const pair of pairs) {
    try {
      if (isTrue(bodyOf(pair)) === deciding) return deciding;
    } catch (error) {
      if (error instanceof BudgetSpentError) throw error;
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
  return !deciding;
}

function existsOne({ pairs, bodyOf }: Run): boolean {
  let count = 0;
  for (const pair of pairs) count += isTrue(bodyOf(pair)) ? 1 : 0;
  return count === 1;
}

/** One map of the maps that the body makes. */
function entries({ pairs, bodyOf }: Run): ReadonlyMap<unknown, unknown> {
  const all = new Map<unknown, unknown>();
  for (const pair of pairs) {
    const made = entriesOf(bodyOf(pair));
    if (made === undefined) throw new CelError("no such overload");
    for (const [key, value] of made) {
      if (all.has(key)) throw new CelError(`insert failed: key ${String(key)} already exists`);
      all.set(key, value);
    }
  }
  return all;
}
