import type { IndexKey } from "../path-index.ts";
import { constantOf, type Parameters } from "./evaluate.ts";
import type { Comparison, Condition, Operand, Path } from "./syntax.ts";
import { compareValues, type Scalar, typeRank, typeRanks, type Value } from "./values.ts";

/**
 * A place between values of an index: before or after all entries of one value, or of one type
 * when the value is left out.
 */
export interface Cut {
  readonly rank: number;
  readonly value?: Scalar;
  readonly after: boolean;
}

/** The entries from one cut to another. */
export interface Span {
  readonly from: Cut;
  readonly to: Cut;
}

/** A way to find the items that one part of a condition may let through, without a scan. */
export interface Access {
  readonly index: IndexKey;
  readonly path: Path;
  readonly spans: readonly Span[];
}

export const everything: Span = {
  from: { rank: typeRanks.undefined, after: false },
  to: { rank: typeRanks.object, after: true },
};

/** The parts of a condition that must all hold. */
export function conjunctsOf(condition: Condition | undefined): readonly Condition[] {
  if (condition === undefined) return [];
  if (condition.kind === "and") return condition.of.flatMap((each) => conjunctsOf(each));
  return [condition];
}

/**
 * The accesses that a condition offers, at most one per path: `c.revision > 5` and
 * `c.revision <= 9` make one span. What ORs, negations and inequalities let through is found by
 * walking.
 */
export function accessesOf(conjuncts: readonly Condition[], parameters: Parameters): Access[] {
  const accesses = new Map<string, Access>();
  for (const conjunct of conjuncts) {
    const access = accessOf(conjunct, parameters);
    if (access === undefined) continue;
    const name = JSON.stringify([access.index.kind, access.path]);
    const other = accesses.get(name);
    // Two spans over the elements of an array may be met by two elements.
    if (other === undefined) accesses.set(name, access);
    else if (access.index.kind === "values") accesses.set(name, intersected(other, access));
  }
  return [...accesses.values()];
}

/** Whether an entry with this value lies before the cut. */
export function isBeforeCut(value: Value, cut: Cut): boolean {
  const ranks = typeRank(value) - cut.rank;
  if (ranks !== 0) return ranks < 0;
  if (cut.value === undefined) return cut.after;
  const order = compareValues(value, cut.value);
  return order === 0 ? cut.after : order < 0;
}

/** One value only. */
export function isPoint({ from, to }: Span): boolean {
  return from.value !== undefined && to.value === from.value && !from.after && to.after;
}

function accessOf(condition: Condition, parameters: Parameters): Access | undefined {
  switch (condition.kind) {
    case "compare":
      return comparisonAccess(condition, parameters);
    case "in": {
      const points = new Set(condition.options.map((each) => constantOf(each, parameters)));
      if (points.has(undefined)) return undefined;
      return valueAccess(
        condition.left,
        [...points].map((each) => point(each as Scalar)),
      );
    }
    case "call":
      return callAccess(condition, parameters);
    case "and":
    case "or":
    case "not":
    case "path":
    case "literal":
    case "parameter":
      return undefined;
  }
}

type Compare = Extract<Condition, { kind: "compare" }>;

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  "=": "=",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function comparisonAccess(condition: Compare, parameters: Parameters): Access | undefined {
  const { left, right, operator } = condition;
  if (left.kind !== "path") {
    if (right.kind !== "path") return undefined;
    return comparisonAccess(
      { kind: "compare", left: right, right: left, operator: mirrored[operator] },
      parameters,
    );
  }
  const value = constantOf(right, parameters);
  const span = value === undefined ? undefined : spanOf(operator, value);
  return span === undefined ? undefined : valueAccess(left, [span]);
}

function spanOf(operator: Comparison, value: Scalar): Span | undefined {
  const rank = typeRank(value);
  const first: Cut = { rank, after: false };
  const last: Cut = { rank, after: true };
  switch (operator) {
    case "=":
      return point(value);
    case "<":
      return { from: first, to: { rank, value, after: false } };
    case "<=":
      return { from: first, to: { rank, value, after: true } };
    case ">":
      return { from: { rank, value, after: true }, to: last };
    case ">=":
      return { from: { rank, value, after: false }, to: last };
    case "!=":
      return undefined;
  }
}

type Call = Extract<Condition, { kind: "call" }>;

function callAccess({ name, of }: Call, parameters: Parameters): Access | undefined {
  const [subject, argument] = of;
  if (subject?.kind !== "path") return undefined;
  if (name === "IS_NULL") return valueAccess(subject, [point(null)]);
  if (name === "IS_DEFINED") {
    return valueAccess(subject, [{ ...everything, from: { rank: typeRanks.null, after: false } }]);
  }
  const value = argument === undefined ? undefined : constantOf(argument, parameters);
  if (value === undefined) return undefined;
  if (name === "ARRAY_CONTAINS") {
    const { path } = subject;
    return { index: { kind: "elements", path }, path, spans: [point(value)] };
  }
  return typeof value === "string" ? valueAccess(subject, [prefixed(value)]) : undefined;
}

function prefixed(prefix: string): Span {
  const rank = typeRanks.string;
  const last = prefix.charCodeAt(prefix.length - 1);
  // The first string after all that start with the prefix; none after the last character.
  const bounded = prefix.length > 0 && last < 0xffff;
  const next = `${prefix.slice(0, -1)}${String.fromCharCode(last + 1)}`;
  return {
    from: { rank, value: prefix, after: false },
    to: bounded ? { rank, value: next, after: false } : { rank, after: true },
  };
}

function point(value: Scalar): Span {
  const rank = typeRank(value);
  return { from: { rank, value, after: false }, to: { rank, value, after: true } };
}

function valueAccess(operand: Operand, spans: readonly Span[]): Access | undefined {
  if (operand.kind !== "path" || operand.path.length === 0) return undefined;
  const { path } = operand;
  return { index: { kind: "values", paths: [{ path, descending: false }] }, path, spans };
}

function intersected(a: Access, b: Access): Access {
  const spans = a.spans.flatMap((one) =>
    b.spans.map((other) => ({
      from: compareCuts(one.from, other.from) < 0 ? other.from : one.from,
      to: compareCuts(one.to, other.to) < 0 ? one.to : other.to,
    })),
  );
  return { ...a, spans: spans.filter(({ from, to }) => compareCuts(from, to) < 0) };
}

/** The order of cuts along an index. */
function compareCuts(a: Cut, b: Cut): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  const order = compareBounds(a, b);
  return order === 0 ? Number(a.after) - Number(b.after) : order;
}

/** A cut without a value lies before or after all values of its type. */
function compareBounds(a: Cut, b: Cut): number {
  if (a.value !== undefined && b.value !== undefined) return compareValues(a.value, b.value);
  return extent(a) - extent(b);
}

function extent(cut: Cut): number {
  if (cut.value !== undefined) return 0;
  return cut.after ? 1 : -1;
}
