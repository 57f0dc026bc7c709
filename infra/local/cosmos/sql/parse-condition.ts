import { badRequest, notSupported } from "../refusal.ts";
import { syntaxError } from "./lexer.ts";
import type { Comparison, Condition, FunctionName, Operand, Path } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

/** Parentheses and NOTs inside each other. */
const depthMax = 32;

const comparisons: ReadonlySet<string> = new Set<Comparison>(["=", "!=", "<", "<=", ">", ">="]);

/** Each supported function with how many arguments it takes. */
const functions: Readonly<Record<FunctionName, number>> = {
  STARTSWITH: 2,
  ARRAY_CONTAINS: 2,
  IS_DEFINED: 1,
  IS_NULL: 1,
};

/** Words that would otherwise be read as the name of something else. */
const unsupported = new Set(["BETWEEN", "LIKE", "EXISTS", "ARRAY", "UDF", "CASE", "UNDEFINED"]);

/** Names that the service takes only in brackets: `c["value"]`. */
const reserved = new Set(
  (
    "AND ARRAY AS ASC BETWEEN BY CASE DESC DISTINCT ESCAPE EXISTS FALSE FROM GROUP HAVING IN " +
    "JOIN LIKE LIMIT NOT NULL OFFSET OR ORDER SELECT TOP TRUE UDF UNDEFINED VALUE WHERE"
  ).split(" "),
);

export interface ConditionScope {
  readonly reader: TokenReader;
  /** The name that stands for the item, from FROM. */
  readonly alias: string;
}

/** Parses what follows WHERE: OR binds weakest, then AND, then NOT. */
export function parseCondition(scope: ConditionScope, depth = 0): Condition {
  if (depth > depthMax) throw badRequest(`Cannot parse query: it nests deeper than ${depthMax}`);
  return parseList("OR", "or", () => parseList("AND", "and", () => parseNot(scope, depth)));

  function parseList(word: string, kind: "and" | "or", parse: () => Condition): Condition {
    const of = [parse()];
    while (scope.reader.takeIf(word)) of.push(parse());
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind, of };
  }
}

/** `c.a.b`, `c["a"]["b"]`, or `c` alone. */
export function parsePath({ reader, alias }: ConditionScope): Path {
  const first = reader.take();
  if (first.kind !== "word" || first.text !== alias) {
    throw badRequest(`Identifier '${first.text}' could not be resolved.`);
  }
  const path: string[] = [];
  for (;;) {
    if (reader.takeIf(".")) {
      const name = reader.take();
      if (name.kind !== "word" || reserved.has(name.text.toUpperCase())) {
        throw syntaxError(name.text);
      }
      path.push(name.text);
    } else if (reader.takeIf("[")) {
      const name = reader.take();
      if (name.kind !== "string") throw notSupported("an array index in a path");
      path.push(name.text);
      reader.expect("]");
    } else return path;
  }
}

/** A path, a literal or a parameter. */
export function parseOperand(scope: ConditionScope): Operand {
  const { reader } = scope;
  const token = reader.next();
  const word = token.text.toUpperCase();
  if (token.kind === "word") {
    if (unsupported.has(word)) throw notSupported(`"${word}" in a query`);
    if (reader.takeIf("NULL")) return { kind: "literal", value: null };
    if (reader.takeIf("TRUE")) return { kind: "literal", value: true };
    if (reader.takeIf("FALSE")) return { kind: "literal", value: false };
    return { kind: "path", path: parsePath(scope) };
  }
  reader.take();
  if (token.kind === "parameter") return { kind: "parameter", name: token.text };
  if (token.kind === "string") return { kind: "literal", value: token.text };
  if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
  throw syntaxError(token.text);
}

function parseNot(scope: ConditionScope, depth: number): Condition {
  const { reader } = scope;
  let negations = 0;
  while (reader.takeIf("NOT")) negations += 1;
  const condition = parseTerm(scope, depth);
  // An even number of NOTs is none, also for what is undefined.
  return negations % 2 === 0 ? condition : { kind: "not", of: condition };
}

function parseTerm(scope: ConditionScope, depth: number): Condition {
  const { reader } = scope;
  if (reader.takeIf("(")) {
    const inner = parseCondition(scope, depth + 1);
    reader.expect(")");
    return inner;
  }
  const call = parseCall(scope);
  if (call !== undefined) return call;
  return parseComparison(scope, parseOperand(scope));
}

function parseComparison(scope: ConditionScope, left: Operand): Condition {
  const { reader } = scope;
  const { kind, text } = reader.next();
  if (kind === "sign" && comparisons.has(text)) {
    reader.take();
    return { kind: "compare", operator: text as Comparison, left, right: parseOperand(scope) };
  }
  const negated = reader.takeIf("NOT");
  if (reader.takeIf("IN")) {
    reader.expect("(");
    const options = parseOperands(scope);
    const condition: Condition = { kind: "in", left, options };
    return negated ? { kind: "not", of: condition } : condition;
  }
  const word = reader.next().text.toUpperCase();
  if (unsupported.has(word)) throw notSupported(`"${word}" in a query`);
  if (negated) throw syntaxError(text);
  return left;
}

function parseCall(scope: ConditionScope): Condition | undefined {
  const { reader } = scope;
  const token = reader.next();
  if (token.kind !== "word" || token.text === scope.alias) return undefined;
  const name = token.text.toUpperCase();
  if (!Object.hasOwn(functions, name)) {
    if (unsupported.has(name) || !/^(NULL|TRUE|FALSE)$/.test(name)) {
      throw notSupported(`"${token.text}" in a query`);
    }
    return undefined;
  }
  reader.take();
  reader.expect("(");
  const of = parseOperands(scope);
  const count = functions[name as FunctionName];
  if (of.length !== count) throw notSupported(`${name} with ${of.length} arguments`);
  return { kind: "call", name: name as FunctionName, of };
}

/** One or more operands, and the closing parenthesis. */
function parseOperands(scope: ConditionScope): Operand[] {
  const operands = [parseOperand(scope)];
  while (scope.reader.takeIf(",")) operands.push(parseOperand(scope));
  scope.reader.expect(")");
  return operands;
}
