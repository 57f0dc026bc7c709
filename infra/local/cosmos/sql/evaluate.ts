import { badRequest, notSupported } from "../refusal.ts";
import type { JsonObject } from "../wire.ts";
import type { Comparison, Condition, Operand } from "./syntax.ts";
import { compareValues, isScalar, type Scalar, typeRank, type Value, valueAt } from "./values.ts";

/** The values of a query's parameters, by their names with the "@". */
export type Parameters = ReadonlyMap<string, Scalar>;

/** @throws Refusal (400) for a parameter that is missing or not a scalar. */
export function parametersOf(given: unknown): Parameters {
  const parameters = new Map<string, Scalar>();
  for (const each of (given ?? []) as readonly { name: string; value: Value }[]) {
    if (!isScalar(each.value)) throw notSupported(`an array or object as parameter "${each.name}"`);
    parameters.set(each.name, each.value);
  }
  return parameters;
}

/**
 * Compiles a condition for one set of parameters.
 *
 * As in the service, there are three outcomes: true, false and undefined. Values of different
 * types, and paths that lead nowhere, compare as undefined, and so does its negation; only true
 * lets an item through.
 */
export function compile(
  condition: Condition,
  parameters: Parameters,
): (body: JsonObject) => boolean | undefined {
  switch (condition.kind) {
    case "and":
    case "or":
      return compileList(condition, parameters);
    case "not": {
      const of = compile(condition.of, parameters);
      return (body) => negated(of(body));
    }
    case "compare": {
      const left = compileOperand(condition.left, parameters);
      const right = compileOperand(condition.right, parameters);
      return (body) => compared(condition.operator, left(body), right(body));
    }
    case "in": {
      const left = compileOperand(condition.left, parameters);
      const options = condition.options.map((each) => compileOperand(each, parameters));
      return (body) => anyOf(options, (option) => compared("=", left(body), option(body)));
    }
    case "call":
      return compileCall(condition, parameters);
    case "path":
    case "literal":
    case "parameter": {
      const operand = compileOperand(condition, parameters);
      return (body) => truth(operand(body));
    }
  }
}

/** The value of an operand that does not depend on the item, or undefined for a path. */
export function constantOf(operand: Operand, parameters: Parameters): Scalar | undefined {
  if (operand.kind === "literal") return operand.value;
  if (operand.kind === "path") return undefined;
  const value = parameters.get(operand.name);
  if (value === undefined) throw badRequest(`Query parameter '${operand.name}' is not given.`);
  return value;
}

function compileOperand(operand: Operand, parameters: Parameters): (body: JsonObject) => Value {
  if (operand.kind === "path") return (body) => valueAt(body, operand.path);
  const value = constantOf(operand, parameters);
  return () => value;
}

type ListCondition = Extract<Condition, { kind: "and" | "or" }>;

function compileList({ kind, of }: ListCondition, parameters: Parameters) {
  const conditions = of.map((each) => compile(each, parameters));
  if (kind === "or") return (body: JsonObject) => anyOf(conditions, (each) => each(body));
  // All of them hold when none of their negations does.
  return (body: JsonObject) => negated(anyOf(conditions, (each) => negated(each(body))));
}

/** True if one is true; otherwise undefined if one is undefined. */
function anyOf<T>(list: readonly T[], test: (each: T) => boolean | undefined): boolean | undefined {
  let outcome: boolean | undefined = false;
  for (const each of list) {
    const one = test(each);
    if (one === true) return true;
    if (one === undefined) outcome = undefined;
  }
  return outcome;
}

function negated(outcome: boolean | undefined): boolean | undefined {
  return outcome === undefined ? undefined : !outcome;
}

function truth(value: Value): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function compared(operator: Comparison, left: Value, right: Value): boolean | undefined {
  if (!isScalar(left) || typeRank(left) !== typeRank(right)) return undefined;
  const order = compareValues(left, right);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

type Call = Extract<Condition, { kind: "call" }>;

function compileCall({ name, of }: Call, parameters: Parameters) {
  const [first, second] = of.map((each) => compileOperand(each, parameters));
  const left = first ?? (() => undefined);
  const right = second ?? (() => undefined);
  switch (name) {
    case "IS_DEFINED":
      return (body: JsonObject) => left(body) !== undefined;
    case "IS_NULL":
      return (body: JsonObject) => left(body) === null;
    case "STARTSWITH":
      return (body: JsonObject) => startsWith(left(body), right(body));
    case "ARRAY_CONTAINS":
      return (body: JsonObject) => contains(left(body), right(body));
  }
}

function startsWith(value: Value, prefix: Value): boolean | undefined {
  if (typeof value !== "string" || typeof prefix !== "string") return undefined;
  return value.startsWith(prefix);
}

function contains(array: Value, value: Value): boolean | undefined {
  if (!Array.isArray(array) || value === undefined) return undefined;
  return array.some((each) => compared("=", each as Value, value) === true);
}
