import type { Json } from "../../lib/kube-object.ts";
import { at, isArray, isObject } from "../json.ts";
import { type Filter, JsonPathError, type PathStep, type Slice } from "./json-path-step.ts";

/** So many values may be met on the way: `..` upon `..` and unions of unions grow fast. */
const visitsMax = 30_000;

interface Budget {
  visits: number;
}

type Values = readonly Json[];

/**
 * All that the steps find in a value, in the value's order. A missing field is nothing; an index
 * beyond the end, or brackets upon what is no list, is a fault, as to Kubernetes.
 *
 * Throws `JsonPathError` when the path does not fit the value, or would visit too much of it.
 */
export function evaluateJsonPath(value: Json, steps: readonly PathStep[]): Values {
  return walk([value], steps, { visits: visitsMax });
}

function walk(from: Values, steps: readonly PathStep[], budget: Budget): Values {
  let found = from;
  for (const step of steps) {
    spend(budget, 1 + found.length);
    found = follow(found, step, budget);
  }
  return found;
}

function spend(budget: Budget, visits: number): void {
  budget.visits -= visits;
  if (budget.visits < 0) throw new JsonPathError(`a path visits ${visitsMax} values at most`);
}

function follow(from: Values, step: PathStep, budget: Budget): Values {
  switch (step.kind) {
    case "field":
      return from.flatMap((value) => present(at(value, step.name)));
    case "wildcard":
      return from.flatMap(childrenOf);
    case "descent":
      return from.flatMap((value) => [...containersIn(value, budget)]);
    case "slice":
      return from.flatMap((value) => (value === null ? [] : sliced(value, step)));
    case "union":
      return step.paths.flatMap((path) => walk(from, path, budget));
    case "filter":
      return from.flatMap((value) => filtered(value, step, budget));
    case "literal":
      return typeof step.value === "string" ? [step.value] : from.map(() => step.value);
    case "word":
      throw new JsonPathError("a word of a template is no path");
  }
}

function present(value: Json | undefined): Values {
  return value === undefined ? [] : [value];
}

function childrenOf(value: Json): Values {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value).flatMap(present) : [];
}

/** The value and all in it that something is in again, the outer ones first. */
function* containersIn(value: Json, budget: Budget): Iterable<Json> {
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const children = childrenOf(next);
    spend(budget, 1 + children.length);
    if (children.length > 0) yield next;
    waiting.push(...children.toReversed());
  }
}

function sliced(value: Json, { from = 0, to, step = 1, isOne }: Slice): Values {
  if (!isArray(value)) throw new JsonPathError("brackets are for lists");
  const { length } = value;
  const start = from < 0 ? from + length : from;
  const end = endOf(to, length, isOne);
  if (start === end) return [];
  if (start < 0 || start >= length || end < 0 || end > length || start > end || step <= 0) {
    throw new JsonPathError(`a list of ${length} has no such items`);
  }
  return value.slice(start, end).filter((_, index) => index % step === 0);
}

/** The end of `[-1]` is 0 and means the end of the list. */
function endOf(to: number | undefined, length: number, isOne: boolean): number {
  if (to === undefined) return length;
  return to < 0 || (to === 0 && isOne) ? to + length : to;
}

function filtered(value: Json, filter: Filter, budget: Budget): Values {
  if (!isArray(value)) throw new JsonPathError("only lists can be filtered");
  return value.filter((item) => {
    spend(budget, 1);
    return filter.operator === "exists"
      ? exists(item, filter, budget)
      : compares(item, filter, budget);
  });
}

/** What does not fit the item counts as found, as to Kubernetes. */
function exists(item: Json, { left }: Filter, budget: Budget): boolean {
  try {
    return walk([item], left, budget).length > 0;
  } catch (error) {
    if (error instanceof JsonPathError) return true;
    throw error;
  }
}

function compares(item: Json, { left, operator, right }: Filter, budget: Budget): boolean {
  const one = only(walk([item], left, budget));
  if (one === undefined) return false;
  const other = only(walk([item], right, budget));
  if (other === undefined) return false;
  const type = typeOf(one);
  if (type !== typeOf(other)) throw new JsonPathError("values of two types cannot be compared");
  if (type === "boolean" && operator !== "==" && operator !== "!=") {
    throw new JsonPathError("true and false have no order");
  }
  return holds(operator, one, other);
}

function only([first, ...more]: Values): Json | undefined {
  if (more.length > 0) throw new JsonPathError("only one value can be compared at a time");
  return first;
}

/** Whole numbers and others are two types, which Go does not compare. */
function typeOf(value: Json): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "string" || typeof value === "boolean") return typeof value;
  throw new JsonPathError("only texts, numbers, true and false can be compared");
}

function holds(operator: string, one: Json, other: Json): boolean {
  const [left, right] = [one as string, other as string];
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      throw new JsonPathError(`there is no operator "${operator}"`);
  }
}
