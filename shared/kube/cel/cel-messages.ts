import { TypeError as CelTypeError, EvaluationError, ParseError } from "@marcbachmann/cel-js";

/**
 * What is wrong with an expression, in the words of cel-go as far as the library tells the same.
 *
 * @example
 * ```
 * ERROR: <input>:1:6: undeclared reference to 'x' (in container '')
 *  | self.x
 *  | .....^
 * ```
 */
export function compileMessage(error: unknown, text: string): string {
  if (!(error instanceof CelTypeError || error instanceof ParseError)) {
    return error instanceof Error ? error.message : String(error);
  }
  const sentence = error instanceof ParseError ? syntaxSentence(error) : typeSentence(error);
  const start = positionOf(error, text);
  const before = text.slice(0, start).split("\n");
  const column = (before.at(-1) ?? "").length;
  const line = text.split("\n")[before.length - 1] ?? "";
  const place = `ERROR: <input>:${before.length}:${column + 1}: ${sentence}`;
  return `${place}\n | ${line}\n | ${".".repeat(column)}^`;
}

/** Of an operator or a selection it is where its sign stands, not its left operand. */
function positionOf({ node, range }: CelTypeError | ParseError, text: string): number {
  const start = range?.start ?? 0;
  if (node === undefined || !("op" in node)) return start;
  if (node.op === ".") return Math.max(text.lastIndexOf(".", start), 0);
  if (!Object.hasOwn(operatorNames, node.op)) return start;
  const [left] = node.args as readonly { readonly end: number }[];
  const found = text.indexOf(node.op, left?.end ?? start);
  return found < 0 ? start : found;
}

function summaryOf(error: { readonly summary?: string; readonly message: string }): string {
  return error.summary ?? error.message.split("\n")[0] ?? "";
}

function syntaxSentence(error: ParseError): string {
  return `Syntax error: ${summaryOf(error)}`;
}

/** The library's sentences, and what cel-go says instead. */
const typeSentences: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^Unknown variable: (.+)$/, (name) => `undeclared reference to '${name}' (in container '')`],
  [/^No such key: (.+)$/, (name) => `undefined field '${name}'`],
  [
    /^no such overload: (.+) (==|!=|in|[-+*/%<>]=?) (.+)$/,
    (left, operator = "", right) =>
      `found no matching overload for '${operatorNames[operator] ?? operator}' applied to ` +
      `'(${left}, ${right})'`,
  ],
  [
    /^found no matching overload for '(\w+)\((.*)\)'$/,
    (name, types) => `found no matching overload for '${name}' applied to '(${types})'`,
  ],
  [
    /^found no matching overload for '(.+)\.(\w+)\((.*)\)'$/,
    (receiver, name, types) =>
      `found no matching overload for '${name}' applied to '${receiver}.(${types})'`,
  ],
];

const operatorNames: Readonly<Record<string, string>> = Object.fromEntries(
  ["==", "!=", "+", "-", "*", "/", "%", "<", "<=", ">", ">="].map((each) => [each, `_${each}_`]),
);

function typeSentence(error: CelTypeError): string {
  const summary = summaryOf(error);
  for (const [pattern, sentence] of typeSentences) {
    const match = pattern.exec(summary);
    if (match !== null) return sentence(...match.slice(1));
  }
  return summary;
}

const runtimeSentences: Readonly<Record<string, string>> = {
  division_by_zero: "division by zero",
  modulo_by_zero: "modulus by zero",
  numeric_overflow: "integer overflow",
  optional_value_missing: "optional.none() dereference",
};

/** "found no matching overload for 'kubernetes.Quantity.compareTo(string)'" */
const noOverload = /^found no matching overload for '(?:(.+)\.)?(\w+)\((.*)\)'$/;

/** What went wrong when a rule ran. */
export function runtimeMessage(error: unknown): string {
  if (!(error instanceof EvaluationError)) {
    return error instanceof Error ? error.message : String(error);
  }
  const summary = summaryOf(error);
  const fixed = runtimeSentences[error.code];
  if (fixed !== undefined) return fixed;
  const bounds = /index out of bounds, index (-?\d+)/.exec(summary);
  if (bounds !== null) return `index out of bounds: ${bounds[1]}`;
  const [, receiver, name, types] = noOverload.exec(summary) ?? [];
  if (name !== undefined) {
    const all = [receiver, types].filter((each) => each !== undefined && each !== "");
    return `no such overload: ${name}(${all.join(", ")})`;
  }
  return summary.replace(/^No such key/, "no such key");
}
