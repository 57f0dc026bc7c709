import { TypeError as CelTypeError, EvaluationError, ParseError } from "@marcbachmann/cel-js";
import { type CelNode, isCelNode } from "./cel-node.ts";

/**
 * What is wrong with an expression, in the words of cel-go as far as the library tells the same;
 * `said` comes before its words.
 *
 * @example
 * ```
 * ERROR: <input>:1:6: undeclared reference to 'x' (in container '')
 *  | self.x
 *  | .....^
 * ```
 */
export function compileMessage(error: unknown, text: string, said?: string): string {
  if (!(error instanceof CelTypeError || error instanceof ParseError)) {
    return error instanceof Error ? error.message : String(error);
  }
  const sentence =
    said ?? (error instanceof ParseError ? syntaxSentence(error) : typeSentence(error));
  const start = positionOf(error, text);
  const before = text.slice(0, start).split("\n");
  const column = (before.at(-1) ?? "").length;
  const line = text.split("\n")[before.length - 1] ?? "";
  const place = `ERROR: <input>:${before.length}:${column + 1}: ${sentence}`;
  return `${place}\n | ${line}\n | ${".".repeat(column)}^`;
}

/** Of an operator, a selection or a call it is where its sign stands, not its left operand. */
function positionOf({ node, range }: CelTypeError | ParseError, text: string): number {
  const start = range?.start ?? 0;
  if (!isCelNode(node)) return start;
  if (node.op === ".") return Math.max(text.lastIndexOf(".", start), 0);
  const sign = Object.hasOwn(signs, node.op) ? signs[node.op] : undefined;
  if (sign === undefined) return start;
  const { receiver, operands } = operandsOf(node);
  const left = node.op === "call" ? undefined : (receiver ?? operands[0]);
  const found = text.indexOf(sign, left?.end ?? start);
  return found < 0 ? start : found;
}

const binaryOperators = "== != < <= > >= + - * / % && ||".split(" ");

/** What an operator is in the text, and the bracket of a call. */
const signs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(binaryOperators.map((each) => [each, each])),
  in: "in",
  "?:": "?",
  "[]": "[",
  call: "(",
  rcall: "(",
};

interface Operands {
  /** What a method is called on. */
  readonly receiver: CelNode | undefined;
  readonly operands: readonly CelNode[];
}

function operandsOf({ op, args }: CelNode): Operands {
  const parts: readonly unknown[] = Array.isArray(args) ? args : [args];
  const parameters = op === "call" || op === "rcall" ? parts.at(-1) : parts;
  const operands = (parameters as readonly unknown[]).filter(isCelNode);
  return { receiver: op === "rcall" ? (parts[1] as CelNode) : undefined, operands };
}

function summaryOf(error: { readonly summary?: string; readonly message: string }): string {
  return error.summary ?? error.message.split("\n")[0] ?? "";
}

function syntaxSentence(error: ParseError): string {
  const summary = summaryOf(error);
  return wrongMacroArgument.test(summary) ? notAName : `Syntax error: ${summary}`;
}

const wrongMacroArgument = /invalid predicate iteration variable$/;
const notAName = "argument must be a simple name";

/** The sentences of the library and of our macros, and what cel-go says instead. */
const typeSentences: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^Unknown variable: (.+)$/, (name) => `undeclared reference to '${name}' (in container '')`],
  [/^No such key: (.+)$/, (name) => `undefined field '${name}'`],
  [/^has\(\) invalid argument$/, () => "invalid argument to has() macro"],
  [
    /^found no matching overload for '(.+)\.(\w+)\((.*)\)'$/,
    (receiver = "", name = "", types = "") =>
      noOverloadSentence(name, `${celType(receiver)}.(${celType(types)})`),
  ],
];

function typeSentence(error: CelTypeError): string {
  const summary = summaryOf(error);
  const ofNode = overloadSentence(error);
  if (ofNode !== undefined) return ofNode;
  for (const [pattern, sentence] of typeSentences) {
    const match = pattern.exec(summary);
    if (match !== null) return sentence(...match.slice(1));
  }
  return summary;
}

const operatorNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(binaryOperators.map((each) => [each, `_${each}_`])),
  in: "@in",
  "?:": "_?_:_",
  "[]": "_[_]",
  "!_": "!_",
  "-_": "-_",
};

const operatorCodes: ReadonlySet<string> = new Set([
  ...["no_such_overload", "invalid_logical_operand", "incompatible_ternary_branches"],
  ...["cannot_index_type", "invalid_index_type"],
]);

/** Operators are functions to cel-go; undefined for what is wrong about something else. */
function overloadSentence(error: CelTypeError): string | undefined {
  const { code, node } = error;
  if (!isCelNode(node)) return undefined;
  const isCall = node.op === "call" || node.op === "rcall";
  // What a macro finds wrong is about a node, too, and not about its operands.
  const isMacros = !isCall && /^found no/.test(summaryOf(error));
  if (isMacros || !(isCall ? code === "no_matching_overload" : operatorCodes.has(code))) {
    return undefined;
  }
  const { receiver, operands } = operandsOf(node);
  const [on = "", ...types] = [receiver, ...operands].map((each) =>
    celType(each?.checkedType?.name ?? ""),
  );
  const list = types.join(", ");
  if (node.op === ".") return `type '${list}' does not support field selection`;
  const name = nameOf(node);
  if (name === undefined) return undefined;
  return noOverloadSentence(name, receiver === undefined ? `(${list})` : `${on}.(${list})`);
}

function noOverloadSentence(name: string, types: string): string {
  return `found no matching overload for '${name}' applied to '${types}'`;
}

/** The name of a function is the first of what a call has. */
function nameOf({ op, args }: CelNode): string | undefined {
  if (op === "call" || op === "rcall") return String((args as readonly unknown[])[0]);
  return Object.hasOwn(operatorNames, op) ? operatorNames[op] : undefined;
}

/** A type as cel-go writes it: "list(string)". */
export function celType(type: string): string {
  return type
    .replaceAll(/\boptional</g, "optional_type<")
    .replaceAll("google.protobuf.Timestamp", "timestamp")
    .replaceAll("google.protobuf.Duration", "duration")
    .replaceAll("<", "(")
    .replaceAll(">", ")");
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
