/**
 * How a property is named in an expression. Letters, digits and `_` are themselves; `.`, `-`, `/`
 * and `__` are written out ("a-b" is `a__dash__b`), and a word of the language stands between
 * underscores (`__in__`). Any other name cannot be reached: undefined.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/#escaping
 */
export function escapedName(name: string): string | undefined {
  if (words.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  return name.replaceAll(/__|[./-]/g, (text) => `__${escapes[text]}__`);
}

const escapes: Readonly<Record<string, string>> = {
  __: "underscores",
  ".": "dot",
  "-": "dash",
  "/": "slash",
};

const words: ReadonlySet<string> = new Set([
  ..."true false null in as break const continue else for function if import let loop".split(" "),
  ..."package namespace return var void while".split(" "),
]);
