import { type Token, tokensOf } from "./cel-tokens.ts";

/**
 * An expression as the library can read it: what it does not know is blanked out, and told here.
 * All that is left stands where it stood.
 */
export interface ReadableText {
  readonly text: string;
  /** Places of the brackets of lists and maps with optional entries: 0 in `[?a, b]`. */
  readonly optionals: ReadonlySet<number>;
}

interface Bracket {
  readonly at: number;
  readonly isLiteral: boolean;
}

interface Reading {
  readonly original: string;
  /** The original's characters, of which some are replaced. */
  readonly characters: string[];
  readonly optionals: Set<number>;
  readonly brackets: Bracket[];
  /** The last token; undefined at the beginning. */
  last: Token | undefined;
}

/** Undefined for an expression with something that the library cannot be made to read. */
export function readableText(original: string): ReadableText | undefined {
  const reading: Reading = {
    original,
    characters: original.replaceAll("\f", " ").split(""),
    optionals: new Set(),
    brackets: [],
    last: undefined,
  };
  for (const token of tokensOf(original)) {
    if (token.kind === "odd" || isFraction(reading, token) || isMessage(reading, token)) {
      return undefined;
    }
    if (token.kind === "sign") readSign(reading, token);
    reading.last = token;
  }
  const { characters, optionals } = reading;
  return { text: characters.join(""), optionals };
}

/** ".5" */
function isFraction({ original, last }: Reading, { kind, start }: Token): boolean {
  if (kind !== "number" || last?.kind !== "sign" || last.end !== start) return false;
  return original.charAt(last.start) === ".";
}

/** The brace of an object of a type: "Object.spec{replicas: 1}". */
function isMessage(reading: Reading, token: Token): boolean {
  const isNamed = reading.last?.kind === "name" && isAfterValue(reading);
  return isNamed && wordOf(reading, token) === "{";
}

function wordOf({ original }: Reading, token: Token | undefined): string {
  return token === undefined ? "" : original.slice(token.start, token.end);
}

const closing: ReadonlySet<string> = new Set([")", "]", "}"]);

/** Whether a value ends with the last token, so that what follows is about it. */
function isAfterValue(reading: Reading): boolean {
  const { last } = reading;
  if (last === undefined) return false;
  if (last.kind === "sign") return closing.has(wordOf(reading, last));
  return wordOf(reading, last) !== "in";
}

function readSign(reading: Reading, token: Token): void {
  const { brackets, last } = reading;
  const isAfter = isAfterValue(reading);
  switch (wordOf(reading, token)) {
    case "{":
      brackets.push({ at: token.start, isLiteral: true });
      break;
    case "[":
      brackets.push({ at: token.start, isLiteral: !isAfter });
      break;
    case "(":
      brackets.push({ at: token.start, isLiteral: false });
      break;
    case "]":
    case ")":
    case "}":
      brackets.pop();
      break;
    case "?":
      if (["{", "[", ","].includes(wordOf(reading, last))) openOptional(reading, token);
      break;
    case ".":
      // Before a name at the beginning of a value it says "from the root", as all names are.
      if (!isAfter && wordOf(reading, last) !== ".") blankOut(reading, token);
      break;
    default:
  }
}

/** `[?a]` and `{?"a": b}`; in `list[?0]` it says how the list is read. */
function openOptional(reading: Reading, token: Token): void {
  const bracket = reading.brackets.at(-1);
  if (bracket?.isLiteral !== true) return;
  reading.optionals.add(bracket.at);
  blankOut(reading, token);
}

function blankOut({ characters }: Reading, { start, end }: Token): void {
  characters.fill(" ", start, end);
}
