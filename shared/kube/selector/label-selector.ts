import { labelValueErrors, qualifiedNameErrors } from "../object/name-rules.ts";
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
  return parseRequirements(tokensOf(text));
}

function parseRequirements(tokens: Tokens): readonly Requirement[] {
  const requirements: Requirement[] = [];
  const first = tokens.peek();
  if (first === undefined) return requirements;
  if (!startsRequirement(first)) {
    throw badRequest(`found '${first}', expected: !, identifier, or 'end of string'`);
  }
  for (;;) {
    requirements.push(parseRequirement(tokens));
    const separator = tokens.next();
    if (separator === undefined) return requirements;
    if (separator !== ",") {
      throw badRequest(`found '${separator}', expected: ',' or 'end of string'`);
    }
    const after = tokens.peek() ?? "";
    if (!startsRequirement(after)) {
      throw badRequest(`found '${after}', expected: identifier after ','`);
    }
  }
}

function startsRequirement(token: string): boolean {
  return token === "!" || (token !== "" && !isSymbol(token));
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
      return checked({ key, operator: "in", values: [parseValue(tokens)] });
    case "!=":
      return checked({ key, operator: "not-in", values: [parseValue(tokens)] });
    case "in":
      return checked({ key, operator: "in", values: parseValues(tokens) });
    case "notin":
      return checked({ key, operator: "not-in", values: parseValues(tokens) });
    case ">":
      return checked({ key, operator: "above", values: [parseValue(tokens)] });
    case "<":
      return checked({ key, operator: "below", values: [parseValue(tokens)] });
    default:
      throw unparsable(`found '${symbol}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function parseKey(tokens: Tokens): string {
  const key = tokens.next() ?? "";
  if (key === "" || isSymbol(key)) throw unparsable(`found '${key}', expected: identifier`);
  const wrong = qualifiedNameErrors(key);
  if (wrong.length > 0) {
    throw unparsable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${wrong.join("; ")}`);
  }
  return key;
}

/** An empty value is written as nothing: `a=,b`. */
function parseValue(tokens: Tokens): string {
  const value = tokens.peek();
  if (value === undefined || value === ",") return "";
  tokens.next();
  if (isSymbol(value)) throw unparsable(`found '${value}', expected: identifier`);
  return value;
}

/** The values of a set, in order; two commas, or a comma at an end, stand for an empty one. */
function parseValues(tokens: Tokens): readonly string[] {
  const open = tokens.next() ?? "";
  if (open !== "(") throw unparsable(`found '${open}' expected: '('`);
  const values = new Set<string>();
  for (;;) {
    const token = tokens.peek();
    if (token === "," || token === ")") values.add("");
    else if (token === undefined || isSymbol(token)) {
      throw unparsable(`found '${token ?? ""}', expected: ',', ')' or identifier`);
    } else {
      tokens.next();
      values.add(token);
    }
    const after = tokens.next() ?? "";
    if (after === ")") return [...values].sort();
    if (after !== ",") throw unparsable(`found '${after}', expected: ',' or ')'`);
  }
}

/** Throws 400 for values that the operator or a label cannot have. */
function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement;
  const isNumeric = operator === "above" || operator === "below";
  const errors = values.flatMap((value, index) => {
    const shown = `Invalid value: ${JSON.stringify(value)}`;
    const because = "for 'Gt', 'Lt' operators, the value must be an integer";
    const notNumber =
      isNumeric && !isInteger(value) ? [`values[${index}]: ${shown}: ${because}`] : [];
    const wrong = labelValueErrors(value);
    const notLabel =
      wrong.length > 0 ? [`values[${index}][${key}]: ${shown}: ${wrong.join("; ")}`] : [];
    return [...notNumber, ...notLabel];
  });
  if (errors.length === 0) return requirement;
  throw unparsable(errors.length === 1 ? (errors[0] ?? "") : `[${errors.join(", ")}]`);
}

function isSymbol(token: string): boolean {
  return /^[!=<>(),]/.test(token);
}

function unparsable(because: string): Error {
  return badRequest(`unable to parse requirement: ${because}`);
}
