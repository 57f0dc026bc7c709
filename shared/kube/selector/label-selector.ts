import { wrongLabelValue, wrongQualifiedName } from "../object/name-rules.ts";
import { badRequest } from "../status-error.ts";

/** One clause of a label selector. All clauses of a selector must hold. */
export interface Requirement {
  readonly key: string;
  readonly operator: "exists" | "absent" | "in" | "not-in" | "above" | "below";
  /** Empty for "exists" and "absent", one number for "above" and "below". */
  readonly values: readonly string[];
}

/** A longer selector is refused; URLs of clients are shorter than this anyway. */
const selectorCharactersMax = 16_384;

/**
 * Reads what `kubectl get -l` takes: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
 *
 * Throws 400 for what a kube-apiserver refuses.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(text: string): readonly Requirement[] {
  if (text.length > selectorCharactersMax) {
    throw badRequest(`label selector must be no more than ${selectorCharactersMax} characters`);
  }
  const tokens = tokensOf(text);
  const requirements: Requirement[] = [];
  if (tokens.peek() === undefined) return requirements;
  for (;;) {
    requirements.push(parseRequirement(tokens));
    const separator = tokens.next();
    if (separator === undefined) return requirements;
    if (separator !== ",")
      throw unparsable(`found '${separator}', expected: ',' or 'end of string'`);
    // Kubernetes takes no comma at the end.
    if (tokens.peek() === undefined) throw unparsable("found '', expected: identifier after ','");
  }
}

/** Whether labels meet each clause, as in `kubectl get -l`. */
export function matchesLabels(
  requirements: readonly Requirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return requirements.every((requirement) => meets(requirement, labels));
}

function meets(requirement: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "in":
      return value !== undefined && values.includes(value);
    case "not-in":
      return value === undefined || !values.includes(value);
    case "above":
      return isInteger(value) && Number(value) > Number(values[0]);
    case "below":
      return isInteger(value) && Number(value) < Number(values[0]);
  }
}

function isInteger(value: string | undefined): value is string {
  return value !== undefined && /^[+-]?\d+$/.test(value);
}

interface Tokens {
  peek: () => string | undefined;
  next: () => string | undefined;
}

/** Words and the symbols `! = == != > < ( ) ,`, without the white space between them. */
function tokensOf(text: string): Tokens {
  const found = text.match(/[^\s!=<>(),]+|==|!=|[!=<>(),]/g) ?? [];
  let position = 0;
  return {
    peek: () => found[position],
    next: () => found[position++],
  };
}

function parseRequirement(tokens: Tokens): Requirement {
  if (tokens.peek() === "!") {
    tokens.next();
    return { key: parseKey(tokens), operator: "absent", values: [] };
  }
  const key = parseKey(tokens);
  const symbol = tokens.peek();
  if (symbol === undefined || symbol === ",") return { key, operator: "exists", values: [] };
  tokens.next();
  switch (symbol) {
    case "=":
    case "==":
      return { key, operator: "in", values: [parseValue(tokens)] };
    case "!=":
      return { key, operator: "not-in", values: [parseValue(tokens)] };
    case "in":
      return { key, operator: "in", values: parseValues(tokens) };
    case "notin":
      return { key, operator: "not-in", values: parseValues(tokens) };
    case ">":
      return { key, operator: "above", values: [parseNumber(tokens)] };
    case "<":
      return { key, operator: "below", values: [parseNumber(tokens)] };
    default:
      throw unparsable(`found '${symbol}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function parseKey(tokens: Tokens): string {
  const key = tokens.next() ?? "";
  if (key === "" || isSymbol(key)) throw unparsable(`found '${key}', expected: identifier`);
  const wrong = wrongQualifiedName(key);
  if (wrong !== undefined) throw unparsable(`<nil>: Invalid value: "${key}": ${wrong}`);
  return key;
}

/** An empty value is written as nothing: `a=,b`. */
function parseValue(tokens: Tokens): string {
  const value = tokens.peek();
  if (value === undefined || value === "," || value === ")") return "";
  tokens.next();
  if (isSymbol(value)) throw unparsable(`found '${value}', expected: identifier`);
  const wrong = wrongLabelValue(value);
  if (wrong !== undefined) throw unparsable(`<nil>: Invalid value: "${value}": ${wrong}`);
  return value;
}

function parseValues(tokens: Tokens): readonly string[] {
  const open = tokens.next();
  if (open !== "(") throw unparsable(`found '${open ?? ""}', expected: '('`);
  if (tokens.peek() === ")") {
    throw unparsable("for 'in', 'notin' operators, values set can't be empty");
  }
  const values: string[] = [];
  for (;;) {
    values.push(parseValue(tokens));
    const after = tokens.next();
    if (after === ")") return values;
    if (after !== ",") throw unparsable(`found '${after ?? ""}', expected: ',' or ')'`);
  }
}

function parseNumber(tokens: Tokens): string {
  const value = parseValue(tokens);
  if (!isInteger(value)) {
    throw unparsable("for 'Gt', 'Lt' operators, the value must be an integer");
  }
  return value;
}

function isSymbol(token: string): boolean {
  return /^[!=<>(),]/.test(token);
}

function unparsable(because: string): Error {
  return badRequest(`unable to parse requirement: ${because}`);
}
