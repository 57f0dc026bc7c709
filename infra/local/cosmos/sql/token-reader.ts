import { syntaxError, type Token, tokensOf } from "./lexer.ts";

/** A query's tokens, read from the left. Words are matched without regard to case. */
export interface TokenReader {
  /** The next token, without taking it. */
  next(): Token;
  take(): Token;
  /** Takes the next token if it is this word or sign. */
  takeIf(text: string): boolean;
  /** @throws Refusal (400) when something else comes next. */
  expect(text: string): void;
}

export function tokenReader(text: string): TokenReader {
  const tokens = tokensOf(text);
  let at = 0;

  function next(): Token {
    return tokens[at] ?? { kind: "end", text: "" };
  }

  function takeIf(wanted: string): boolean {
    const { kind, text: found } = next();
    const matches = (kind === "word" || kind === "sign") && found.toUpperCase() === wanted;
    if (matches) at += 1;
    return matches;
  }

  return {
    next,
    takeIf,
    take() {
      const token = next();
      at += 1;
      return token;
    },
    expect(wanted) {
      if (!takeIf(wanted)) throw syntaxError(next().text);
    },
  };
}
