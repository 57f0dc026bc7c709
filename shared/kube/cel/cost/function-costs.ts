import type { CelNode } from "../cel-node.ts";
import {
  type CostScope,
  type Estimate,
  isTextType,
  partOf,
  type Sized,
  unknownSize,
} from "./estimate.ts";
import {
  exactly,
  matching,
  plus,
  product,
  type SizeRange,
  times,
  traversal,
  unbounded,
  upTo,
} from "./size-range.ts";

/** An argument of a function, or what its method is called on. */
export interface Operand {
  readonly size: SizeRange;
  /** "string" */
  readonly type: string;
  /** A number that is written in the expression. */
  readonly literal?: number | undefined;
  /** Of a list: of its items. */
  readonly items?: { readonly isText: boolean; readonly size: SizeRange };
}

/** An argument that is left out. */
const nothing: Operand = { size: exactly(0), type: "" };

/** What a call costs beside its operands, and its result. The receiver of a method comes first. */
type FunctionCost = (first: Operand, second: Operand, third: Operand) => Estimate;

export function operandOf(node: CelNode, { size, path }: Sized, scope: CostScope): Operand {
  const { checkedType, op, args } = node;
  const type = checkedType?.name ?? "dyn";
  if (op === "value" && typeof args === "bigint") return { size, type, literal: Number(args) };
  if (checkedType?.kind !== "list") return { size, type };
  const { valueType } = checkedType;
  const known = path === undefined ? undefined : scope.sizeAt(partOf({ path }, "@items"));
  const items = { isText: isTextType(valueType), size: known ?? unknownSize(valueType) };
  return { size, type, items };
}

/** The cost of a function: "contains" of a method is ".contains", of a library "sets.contains". */
export function functionCost(name: string, operands: readonly Operand[]): Estimate {
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known === undefined) return { cost: 1 };
  const [first = nothing, second = nothing, third = nothing] = operands;
  return known(first, second, third);
}

/**
 * The functions whose costs or results depend on how large their operands are. All others cost 1,
 * and nothing is known of how large their results are.
 *
 * @see https://pkg.go.dev/k8s.io/apiserver/pkg/cel/library#CostEstimator
 * @see https://pkg.go.dev/github.com/google/cel-go/checker#Cost
 */
const functions: Readonly<Record<string, FunctionCost>> = {
  ".contains": (text, part) => ({ cost: product(traversal(text.size), traversal(part.size)) }),
  ".startsWith": (_text, part) => ({ cost: traversal(part.size) }),
  ".endsWith": (_text, part) => ({ cost: traversal(part.size) }),
  ".matches": (text, pattern) => ({ cost: matching(text.size, pattern.size) }),
  ".find": found,
  ".findAll": found,
  ".format": read,
  ".join": joined,
  ".lowerAscii": copied,
  ".upperAscii": copied,
  ".substring": copied,
  ".trim": copied,
  ".replace": (text, from, to) => ({
    cost: traversal(text.size, 2),
    size: replacedSize(text.size, from.size, to.size),
  }),
  ".split": (text, _separator, { literal = -1 }) => ({
    cost: traversal(text.size, 2),
    size: upTo(literal < 0 ? text.size.max : literal),
  }),
  ".validate": (_format, text) => ({ cost: product(traversal(text.size), formatCost) }),
  "strings.quote": (text) => ({
    ...read(text),
    size: { min: text.size.min + 2, max: text.size.max * 2 + 2 },
  }),

  matches: (text, pattern) => ({ cost: matching(text.size, pattern.size) }),
  bytes: bytesOf,
  string: textOf,
  url: copied,
  quantity: read,
  isQuantity: read,
  semver: read,
  isSemver: read,
  ip: read,
  isIP: read,
  cidr: read,
  isCIDR: read,
  "ip.isCanonical": (text) => ({ cost: traversal(text.size, 2) }),
  ".containsIP": (_block, ip) => ({ cost: traversal(addresses) + parsing(ip) }),
  ".containsCIDR": (_block, block) => ({
    cost: traversal(addresses) + traversal(upTo(16)) + 1 + parsing(block),
  }),

  ".isSorted": searched,
  ".sum": searched,
  ".min": searched,
  ".max": searched,
  ".indexOf": searched,
  ".lastIndexOf": searched,
  ".slice": sliced,
  ".flatten": (list, { literal = 1 }) => listMade(product(list.size.max, literal), list.size),
  ".reverse": ({ size, items }) => (items === undefined ? { cost: 1 } : listMade(size.max, size)),
  ".sort": ({ size, items }) => sorted(size, items?.isText === true),
  ".distinct": ({ size }) => sorted(size, false),
  "lists.range": ({ literal = 0 }) => listMade(literal, exactly(literal)),
  "sets.contains": (left, right) => ({ cost: 1 + times(left.size, right.size).max }),
  "sets.intersects": (left, right) => ({ cost: 1 + times(left.size, right.size).max }),
  "sets.equivalent": (left, right) => ({ cost: 1 + 2 * times(left.size, right.size).max }),
  ".orValue": (_optional, { type }) => ({
    cost: 1,
    size: /^(string|bytes|list|map)/.test(type) ? unbounded : undefined,
  }),
};

/** A character, where the pattern of a named format has the most that one can have: 128. */
const formatCost = 32;

/** Two addresses, of 4 or 16 bytes, are compared. */
const addresses = upTo(2 * 16);

function parsing({ type, size }: Operand): number {
  return type === "string" ? traversal(size) : 0;
}

function read({ size }: Operand): Estimate {
  return { cost: traversal(size) };
}

function copied({ size }: Operand): Estimate {
  return { cost: traversal(size), size };
}

function found(text: Operand, pattern: Operand): Estimate {
  return { cost: matching(text.size, pattern.size), size: upTo(text.size.max) };
}

/** Of bytes the text is known, of a number or a time it may be of any length. */
function textOf({ type, size }: Operand): Estimate {
  if (type !== "bytes" && type !== "dyn") return { cost: 1, size: unbounded };
  return { cost: traversal(size), size: { min: Math.floor(size.min / 4), max: size.max } };
}

/** A character is up to 4 bytes. */
function bytesOf({ type, size }: Operand): Estimate {
  if (type !== "string") return { cost: 1, size };
  return { cost: traversal(size), size: { min: size.min, max: size.max * 4 } };
}

function joined(list: Operand, separator: Operand): Estimate {
  const items = times(list.size, list.items?.size ?? exactly(0));
  const gaps = { min: Math.max(0, list.size.min - 1), max: Math.max(0, list.size.max - 1) };
  const size = plus(items, times(separator.size, gaps));
  return { cost: traversal(size), size };
}

/** The least and the most that is left of a text in which each of one part becomes another. */
function replacedSize(text: SizeRange, from: SizeRange, to: SizeRange): SizeRange {
  return { min: leastReplaced(text, from, to), max: mostReplaced(text, from, to) };
}

/** Where nothing is replaced with something, it comes between all characters. */
function mostReplaced(text: SizeRange, from: SizeRange, to: SizeRange): number {
  if (from.min === 0) return product(text.max + 1, to.max) + text.max;
  return to.max <= from.min ? text.max : product(Math.ceil(text.max / from.min), to.max);
}

function leastReplaced(text: SizeRange, from: SizeRange, to: SizeRange): number {
  if (from.max === 0) return product(text.min + 1, to.min) + text.min;
  return from.max <= to.min ? text.min : product(Math.ceil(text.min / from.max), to.min);
}

/** Goes through a list, and through the text in it, or through text. */
function searched({ size, items }: Operand): Estimate {
  if (items === undefined) return { cost: traversal(size) };
  return { cost: product(size.max, 1 + (items.isText ? traversal(items.size) : 0)) };
}

function sliced({ size }: Operand, start: Operand, end: Operand): Estimate {
  const count = Math.max(0, (end.literal ?? size.max) - (start.literal ?? 0));
  return listMade(count, exactly(count));
}

/** Each with each, twice. Kubernetes takes as much for the size of what is sorted. */
export function sorted(size: SizeRange, isText: boolean): Estimate {
  const pairs = times(size, size);
  return listMade(Math.ceil(product(pairs.max, isText ? 2.1 : 2)), pairs);
}

const listCost = 10;

function listMade(cost: number, size: SizeRange): Estimate {
  return { cost: cost + 1 + listCost, size };
}
