/**
 * How large a value may be: characters of text, bytes, items of a list, entries of a map. Costs are
 * numbers of the same unit in all of cel-go, which calls about 50 ns of work 1.
 *
 * Whatever is beyond 2^53 is only more than any limit, so numbers are exact where it counts.
 */
export interface SizeRange {
  readonly min: number;
  /** Infinity where nothing bounds it. */
  readonly max: number;
}

/** What costs are counted with where no size is known: the least that can be. */
export const smallest: SizeRange = { min: 0, max: 1 };

export const unbounded: SizeRange = { min: 0, max: Number.POSITIVE_INFINITY };

/** A character or byte that is read, of a size of 1. */
const traversalFactor = 0.1;

/** A character of a pattern, of an expression of about 4 characters. */
const patternFactor = 0.25;

export function exactly(size: number): SizeRange {
  return { min: size, max: size };
}

export function upTo(max: number): SizeRange {
  return { min: 0, max };
}

export function plus(left: SizeRange, right: SizeRange): SizeRange {
  return { min: left.min + right.min, max: left.max + right.max };
}

export function times(left: SizeRange, right: SizeRange): SizeRange {
  return { min: product(left.min, right.min), max: product(left.max, right.max) };
}

/** Either of both. */
export function either(left: SizeRange, right: SizeRange): SizeRange {
  return { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
}

/** A product in which nothing times without end is nothing. */
export function product(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : left * right;
}

/** What it costs to read all of a text, once or more often. */
export function traversal({ max }: SizeRange, often = 1): number {
  return Math.ceil(product(max, often * traversalFactor));
}

/** What it costs to match all of a text; one more character, as patterns match empty ones too. */
export function matching(text: SizeRange, pattern: SizeRange): number {
  const characters = traversal(plus(text, exactly(1)));
  return product(characters, Math.ceil(product(pattern.max, patternFactor)));
}
