/** A word of an expression. Blanks and comments are none. */
export interface Token {
  readonly kind: "name" | "number" | "text" | "sign" | "odd";
  readonly start: number;
  /** After its last character. */
  readonly end: number;
}

const blank = /(?:[ \t\r\n\f]|\/\/[^\n]*)*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /[0-9][A-Za-z0-9_]*(?:\.[0-9][A-Za-z0-9_]*)?/y;
const quotes = /(?<prefix>[bB][rR]?|[rR][bB]?)?(?<quote>"""|'''|"|')/y;

/**
 * The tokens of an expression, in order. A text without closing quotes goes on to the end.
 * "Odd" ones are right in the language, but not read by the library: raw bytes, a raw text that
 * ends in a backslash, a name in backticks.
 */
export function* tokensOf(text: string): Generator<Token> {
  let start = skip(blank, text, 0);
  while (start < text.length) {
    const token = quotedAt(text, start) ?? wordAt(text, start);
    yield token;
    start = skip(blank, text, token.end);
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

function wordAt(text: string, start: number): Token {
  const first = text.charAt(start);
  if (/[A-Za-z_]/.test(first)) return { kind: "name", start, end: skip(name, text, start) };
  if (/[0-9]/.test(first)) return { kind: "number", start, end: skip(number, text, start) };
  return { kind: first === "`" ? "odd" : "sign", start, end: start + 1 };
}

function quotedAt(text: string, start: number): Token | undefined {
  quotes.lastIndex = start;
  const { prefix = "", quote = "" } = quotes.exec(text)?.groups ?? {};
  if (quote === "") return undefined;
  const isRaw = /r/i.test(prefix);
  const from = start + prefix.length + quote.length;
  const end = endOfQuoted(text, from, { quote, isRaw });
  const isOdd = isRaw && (prefix.length > 1 || text.charAt(end - quote.length - 1) === "\\");
  return { kind: isOdd ? "odd" : "text", start, end };
}

/** After the closing quotes, or after all when there are none. */
function endOfQuoted(
  text: string,
  from: number,
  { quote, isRaw }: { readonly quote: string; readonly isRaw: boolean },
): number {
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith(quote, at)) return at + quote.length;
    if (!isRaw && text.charAt(at) === "\\") at += 1;
  }
  return text.length;
}
