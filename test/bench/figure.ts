/** One line of the benchmark's table. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p90: number;
  /** What the median is held against, as it reads: "at most 30". */
  readonly limit?: string;
  readonly holds?: boolean;
}

/** The value that the given part of the values, from 0 to 1, does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** A figure of many measurements. */
export function figureOf(name: string, unit: string, values: readonly number[]): Figure {
  return {
    name,
    unit,
    median: rounded(quantile(values, 0.5)),
    p90: rounded(quantile(values, 0.9)),
  };
}

export function atMost(limit: number, figure: Figure): Figure {
  return { ...figure, limit: `at most ${limit}`, holds: figure.median <= limit };
}

export function atLeast(limit: number, figure: Figure): Figure {
  return { ...figure, limit: `at least ${limit}`, holds: figure.median >= limit };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
