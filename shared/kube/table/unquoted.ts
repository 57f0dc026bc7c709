import { JsonPathError } from "./json-path-step.ts";

const escapes = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.?))/gs;

const characters: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/**
 * The text in quotes, single or double ones, with Go's escapes: `'it\'s'` → "it's".
 *
 * Throws `JsonPathError` for an escape that Go does not know.
 */
export function unquoted(quoted: string): string {
  const quote = quoted.charAt(0);
  return quoted.slice(1, -1).replace(escapes, (taken, ...groups: (string | undefined)[]) => {
    const [hex2, hex4, hex8, octal, character = ""] = groups;
    const hex = hex2 ?? hex4 ?? hex8;
    if (hex !== undefined) return ofCode(Number.parseInt(hex, 16), taken);
    if (octal !== undefined) return ofCode(Number.parseInt(octal, 8), taken);
    if (character === quote) return quote;
    const found = Object.hasOwn(characters, character) ? characters[character] : undefined;
    if (found === undefined) throw new JsonPathError(`Cannot read escape "${taken}"`);
    return found;
  });
}

function ofCode(code: number, taken: string): string {
  if (code <= 0x10ffff) return String.fromCodePoint(code);
  throw new JsonPathError(`Cannot read escape "${taken}"`);
}
