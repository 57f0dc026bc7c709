import { keywords, reservedWords } from "./reserved-words.ts";

/**
 * All names that a property has in expressions: its escaped name, and itself where that is a word
 * that is only reserved, and means nothing after a dot (`self.namespace`). None for a property that
 * cannot be reached.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/#escaping
 */
export function namesOfProperty(property: string): readonly string[] {
  const escaped = escapedName(property);
  if (escaped === undefined) return [];
  return reservedWords.has(property) && !keywords.has(property) ? [escaped, property] : [escaped];
}

/**
 * Letters, digits and `_` are themselves; `.`, `-`, `/` and `__` are written out ("a-b" is
 * `a__dash__b`), and a word of the language stands between underscores (`__in__`).
 */
function escapedName(name: string): string | undefined {
  if (reservedWords.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  return name.replaceAll(/__|[./-]/g, (text) => `__${escapes[text]}__`);
}

const escapes: Readonly<Record<string, string>> = {
  __: "underscores",
  ".": "dot",
  "-": "dash",
  "/": "slash",
};
