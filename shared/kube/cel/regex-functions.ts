import { linearRegex } from "../regex/linear-regex.ts";
import type { Meter } from "../regex/meter.ts";
import { type Call, type CelFunction, notMine } from "./cel-function.ts";

/** Go's regular expressions, which cannot explode, instead of JavaScript's. */
export const regexFunctions: readonly CelFunction[] = [
  { signatures: ["string.matches(string): bool"], run: matches },
  { signatures: ["matches(string, string): bool"], run: matches },
  {
    signatures: ["string.find(string): string"],
    run: ({ args: [text, pattern], meter }) =>
      findAll(String(text), String(pattern), { countMax: 1, meter })[0] ?? "",
  },
  {
    signatures: [
      "string.findAll(string): list<string>",
      "string.findAll(string, int): list<string>",
    ],
    run: ({ args: [text, pattern, count = -1n], meter }) => {
      const countMax = Number(count) < 0 ? Number.POSITIVE_INFINITY : Number(count);
      return findAll(String(text), String(pattern), { countMax, meter });
    },
  },
];

function matches({ args: [text, pattern], meter }: Call): unknown {
  if (typeof text !== "string" || typeof pattern !== "string") return notMine;
  return linearRegex(pattern).test(text, meter);
}

interface Limits {
  readonly countMax: number;
  readonly meter: Meter;
}

function findAll(text: string, pattern: string, { countMax, meter }: Limits): readonly string[] {
  const regex = linearRegex(pattern);
  const found: string[] = [];
  let from = 0;
  while (found.length < countMax && from <= text.length) {
    const span = regex.find(text, from, meter);
    if (span === undefined) break;
    found.push(text.slice(span.start, span.end));
    // A match of nothing must not be found for ever.
    from = span.end > span.start ? span.end : span.end + 1;
  }
  return found;
}
