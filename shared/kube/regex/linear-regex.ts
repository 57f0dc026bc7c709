import { RE2JS, RE2JSException } from "re2js";
import { type Meter, spend } from "./meter.ts";

/**
 * A regular expression of Go's syntax that is matched in time linear in the text, so no pattern
 * that a user wrote makes a match explode, as it would with JavaScript's own. What a match may take
 * at most is spent from a meter before it begins.
 */
export interface LinearRegex {
  /** Whether it matches anywhere in the text. */
  readonly test: (text: string, meter: Meter) => boolean;
  /** The first match at or after an index, the leftmost one and of these the preferred one. */
  readonly find: (text: string, from: number, meter: Meter) => Span | undefined;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text that is no regular expression, in the words of Go's `regexp`. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** A longer one is no rule that anybody wrote. */
const patternCharactersMax = 10_000;

const regexes = new Map<string, LinearRegex>();
const regexesMax = 1_000;

/** The regex of a pattern; remembered. Throws `PatternError` for what is none. */
export function linearRegex(pattern: string): LinearRegex {
  const known = regexes.get(pattern);
  if (known !== undefined) return known;
  const compiled = compile(pattern);
  const size = compiled.programSize();
  const cost = (text: string, from = 0): number => (text.length - from + 1) * stepsOf(size);
  const regex: LinearRegex = {
    test: (text, meter) => {
      spend(meter, cost(text));
      return compiled.matcher(text).find();
    },
    find: (text, from, meter) => {
      spend(meter, cost(text, from));
      const matcher = compiled.matcher(text);
      return matcher.find(from) ? { start: matcher.start(), end: matcher.end() } : undefined;
    },
  };
  if (regexes.size >= regexesMax) regexes.clear();
  regexes.set(pattern, regex);
  return regex;
}

/** At each character each instruction of the program may be looked at, which is seldom so. */
function stepsOf(programSize: number): number {
  return Math.max(1, programSize / 10);
}

function compile(pattern: string): RE2JS {
  if (pattern.length > patternCharactersMax) {
    throw new PatternError("error parsing regexp: expression too large");
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    // Go quotes the place of each error, an empty one too.
    throw new PatternError(error.message.includes("`") ? error.message : `${error.message}: \`\``);
  }
}
