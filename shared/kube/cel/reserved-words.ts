/** Words that mean something in an expression: none of them is the name of anything. */
export const keywords: ReadonlySet<string> = new Set(["true", "false", "null", "in"]);

/** The keywords, and those that mean nothing yet. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...keywords,
  ..."as break const continue else for function if import let loop".split(" "),
  ..."package namespace return var void while".split(" "),
]);
