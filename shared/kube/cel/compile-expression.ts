import { linearRegex, PatternError } from "../regex/linear-regex.ts";
import { BudgetSpentError, type Meter, type Metered } from "../regex/meter.ts";
import { compileMessage, runtimeMessage } from "./cel-messages.ts";
import { type CelEnvironment, type CelNode, nodesOf } from "./cel-node.ts";
import { expressionCost } from "./cost/expression-cost.ts";
import type { SchemaSize } from "./cost/size-of-schema.ts";
import { meterNodes, prepareForCheck } from "./prepare-nodes.ts";

/** An expression that can run. */
export interface Expression {
  readonly usesOldSelf: boolean;
  /** What a run may cost at worst, for a `self` of these sizes. */
  readonly cost: (self: SchemaSize) => number;
  readonly run: (scope: Scope, meter: Meter) => Outcome;
}

/** Values of the shape of the place where the rule is. */
export interface Scope {
  readonly self: unknown;
  readonly oldSelf?: unknown;
}

export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  /** In the words of cel-go: "no such key: name". */
  | { readonly kind: "failed"; readonly because: string }
  | { readonly kind: "budget-spent" };

export type Compiled =
  | { readonly kind: "compiled"; readonly expression: Expression }
  | { readonly kind: "refused"; readonly because: string };

const charactersMax = 64 * 1024;

/** Compiles an expression whose result has a type: "bool" for rules, "string" for messages. */
export function compileExpression(
  environment: CelEnvironment,
  text: string,
  type: "bool" | "string",
): Compiled {
  if (text.length > charactersMax) {
    return { kind: "refused", because: `expression is longer than ${charactersMax} characters` };
  }
  try {
    const parsed = environment.parse(text);
    const root = parsed.ast as unknown as CelNode;
    prepareForCheck(root);
    const checked = parsed.check();
    if (!checked.valid) throw checked.error ?? new TypeError("unknown type");
    if (checked.type !== type && checked.type !== "dyn") {
      return { kind: "refused", because: `cel expression must evaluate to a ${type}` };
    }
    // A pattern that is none is refused with the rule.
    for (const pattern of patternsIn(root)) linearRegex(pattern);
    const metered: Metered = { meter: { left: 0 } };
    meterNodes(root, metered);
    const usesOldSelf = [...nodesOf(root)].some(
      ({ op, args }) => op === "id" && args === "oldSelf",
    );
    const run = (scope: Scope, meter: Meter): Outcome => {
      metered.meter = meter;
      return runExpression(() => parsed({ ...scope }), meter);
    };
    const cost = (self: SchemaSize): number => expressionCost(root, self);
    return { kind: "compiled", expression: { usesOldSelf, cost, run } };
  } catch (error) {
    return { kind: "refused", because: `compilation failed: ${compileMessage(error, text)}` };
  }
}

/** The patterns that are written in an expression: `object.name.matches('^[a-z]+$')`. */
export function patternsIn(root: CelNode): readonly string[] {
  return [...nodesOf(root)].flatMap(({ op, args }) => {
    if (op !== "rcall" && op !== "call") return [];
    const [name, ...rest] = args as readonly [string, ...unknown[]];
    const parameters = rest.at(-1) as readonly CelNode[];
    if (!["matches", "find", "findAll"].includes(name)) return [];
    const pattern = parameters[op === "call" ? 1 : 0];
    return pattern?.op === "value" && typeof pattern.args === "string" ? [pattern.args] : [];
  });
}

function runExpression(run: () => unknown, meter: Meter): Outcome {
  try {
    const value = run();
    // `||` and `exists` go on after an error, also after this one.
    return meter.left < 0 ? { kind: "budget-spent" } : { kind: "value", value };
  } catch (error) {
    if (meter.left < 0 || error instanceof BudgetSpentError) return { kind: "budget-spent" };
    if (error instanceof PatternError) return { kind: "failed", because: error.message };
    return { kind: "failed", because: runtimeMessage(error) };
  }
}
