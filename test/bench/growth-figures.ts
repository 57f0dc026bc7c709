import { type Figure, figure } from "./figure.ts";

export interface Growth {
  readonly name: string;
  readonly unit: string;
  /** The first size is what the others are compared with. */
  readonly samplesBySize: ReadonlyMap<number, readonly number[]>;
  /** How many times the first size's median the others' may be. */
  readonly timesMax: number;
}

/** A figure for each size of a fleet, and how each grew from the first. */
export function growthFigures({ name, unit, samplesBySize, timesMax }: Growth): readonly Figure[] {
  const bySize = [...samplesBySize].map(([size, samples]) => ({
    size,
    each: figure(`${name}, ${size} members`, unit, samples),
  }));
  const [first, ...others] = bySize;
  if (first === undefined) return [];
  const growth = others.map(({ size, each }) => {
    const isEqual = each.median === first.each.median;
    const times = isEqual ? 1 : each.median / first.each.median;
    const compared = `${name}, ${size} members to ${first.size}`;
    return figure(compared, "times", [times], { atMost: timesMax });
  });
  return [...bySize.map(({ each }) => each), ...growth];
}
