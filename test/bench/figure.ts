/** One measured figure. A limit is what the project promises; `holds` says whether it is kept. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p90: number;
  readonly limit?: { readonly atMost?: number; readonly atLeast?: number };
  readonly holds?: boolean;
}

/** One part of the benchmark: what it measures, and what it leaves out. */
export interface BenchPart {
  readonly name: string;
  readonly leavesOut: string;
  readonly measure: (tell: (line: string) => void) => Promise<readonly Figure[]>;
}

/** The figure of a series of samples, judged by its median. */
export function figure(
  name: string,
  unit: string,
  samples: readonly number[],
  limit?: Figure["limit"],
): Figure {
  const median = quantile(samples, 0.5);
  const holds =
    limit === undefined ||
    (median <= (limit.atMost ?? Number.POSITIVE_INFINITY) &&
      median >= (limit.atLeast ?? Number.NEGATIVE_INFINITY));
  return {
    name,
    unit,
    median: rounded(median),
    p90: rounded(quantile(samples, 0.9)),
    ...(limit !== undefined && { limit, holds }),
  };
}

function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  const at = last * share;
  const [below = Number.NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** Three significant digits are more than a busy machine can tell. */
const rounded = (value: number): number => Number(value.toPrecision(3));
