import { JsonPathError, type PathStep, type Slice } from "./json-path-step.ts";
import { unquoted } from "./unquoted.ts";

interface Reader {
  readonly text: string;
  at: number;
}

/**
 * The steps of a JSON path as printer columns have it: `.spec.replicas`, `.items[-1:].name`,
 * `.status.conditions[?(@.type=="Ready")].status`, `.metadata.labels.example\.com/tier`,
 * `..name`, `.spec['a','b']`. It reads what Kubernetes' own reader of paths reads, with its quirks:
 * quotes in brackets are single ones, and a dot within them has to be escaped too.
 *
 * Throws `JsonPathError` for what that one cannot read either.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function parseJsonPath(path: string): readonly PathStep[] {
  const reader: Reader = { text: `${path}}`, at: 0 };
  const steps: PathStep[] = [];
  // What follows an end of the path is text around it, as in a template.
  while (reader.text[reader.at] !== "}") {
    if (reader.text.startsWith("..", reader.at) && steps.at(-1)?.kind === "descent") {
      throw new JsonPathError(`Cannot read JSON path "${path}": ".." cannot follow ".."`);
    }
    steps.push(...nextSteps(reader));
  }
  return steps;
}

const alphanumeric = /[\p{L}\p{Nd}_]/u;
const name = /(?:\\.?|[^ \t\r\n.,[\]$@{}\\])*/sy;
const word = /[^ \t\r\n.,[\]$@{}]+/y;
const number = /[+-]?[\d.]*/y;

function nextSteps(reader: Reader): readonly PathStep[] {
  const { text, at } = reader;
  const next = text[at] ?? "";
  if (text.startsWith("[?(", at)) return [filterStep(reader)];
  if (text.startsWith("..", at)) return descentSteps(reader);
  if (next === "[") return bracketSteps(reader);
  if (next === ".") {
    reader.at += 1;
    return [fieldStep(reader)];
  }
  if (next === " " || next === "@" || next === "$") {
    reader.at += 1;
    return [];
  }
  if (next === '"' || next === "'") return [{ kind: "literal", value: quotedText(reader) }];
  if (/[-+\d]/.test(next)) return [{ kind: "literal", value: numberOf(take(reader, number)) }];
  if (alphanumeric.test(next)) return [wordStep(take(reader, word))];
  throw unclear(reader);
}

function unclear({ text, at }: Reader): JsonPathError {
  const rest = JSON.stringify(text.slice(at, -1));
  return new JsonPathError(`Cannot read JSON path ${JSON.stringify(text)}: unclear at ${rest}`);
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const [taken = ""] = pattern.exec(reader.text) ?? [];
  reader.at += taken.length;
  return taken;
}

function fieldStep(reader: Reader): PathStep {
  const taken = take(reader, name);
  return taken === "*" ? { kind: "wildcard" } : { kind: "field", name: taken.replaceAll("\\", "") };
}

function descentSteps(reader: Reader): readonly PathStep[] {
  reader.at += 2;
  const isNamed = alphanumeric.test(reader.text[reader.at] ?? "");
  return isNamed ? [{ kind: "descent" }, fieldStep(reader)] : [{ kind: "descent" }];
}

function wordStep(taken: string): PathStep {
  return taken === "true" || taken === "false"
    ? { kind: "literal", value: taken === "true" }
    : { kind: "word" };
}

function numberOf(taken: string): number {
  if (/^[-+]?(\d+\.?\d*|\.\d+)$/.test(taken)) return Number(taken);
  throw new JsonPathError(`Cannot read number "${taken}" in a JSON path`);
}

function quotedText(reader: Reader): string {
  const { text, at } = reader;
  const end = closingQuote(text, at);
  const quoted = text.slice(at, end + 1);
  if (end < 0 || quoted.includes("\n")) throw unclear(reader);
  reader.at = end + 1;
  return unquoted(quoted);
}

/** Where the quotes end that begin at an index; -1 when they do not. */
function closingQuote(text: string, start: number): number {
  const quote = text.charAt(start);
  let end = text.indexOf(quote, start + 1);
  while (end > 0 && text[end - 1] === "\\") end = text.indexOf(quote, end + 1);
  return end;
}

function bracketSteps(reader: Reader): readonly PathStep[] {
  const { text, at } = reader;
  const end = text.indexOf("]", at);
  const inside = text.slice(at + 1, end);
  if (end < 0 || inside.includes("\n")) throw unclear(reader);
  reader.at = end + 1;
  return insideBrackets(inside);
}

function insideBrackets(inside: string): readonly PathStep[] {
  const members = inside.split(",");
  if (members.length > 1) {
    const paths = members.map((member) => parseJsonPath(`[${member.replace(/^ +| +$/g, "")}]`));
    return [{ kind: "union", paths }];
  }
  const key = /^'([^']*)'$/.exec(inside)?.[1];
  if (key !== undefined) return parseJsonPath(`.${key}`);
  return [{ kind: "slice", ...sliceOf(inside === "*" ? ":" : inside) }];
}

function sliceOf(inside: string): Slice {
  const parts = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(inside);
  if (parts === null) throw new JsonPathError(`Cannot read "[${inside}]" in a JSON path`);
  const [, first, second, third] = parts;
  const from = bound(first);
  const to = second === undefined ? (from ?? 0) + 1 : bound(second.slice(1));
  return { from, to, step: bound(third?.slice(1)), isOne: second === undefined };
}

function bound(digits = ""): number | undefined {
  if (digits === "") return undefined;
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return value;
  throw new JsonPathError(`Cannot read index "${digits}" in a JSON path`);
}

function filterStep(reader: Reader): PathStep {
  const { text, at } = reader;
  const end = endOfFilter(reader);
  const inside = text.slice(at + 3, end);
  reader.at = end + 2;
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)([^\n]+)$/.exec(inside) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    return { kind: "filter", left: parseJsonPath(inside), operator: "exists", right: [] };
  }
  const [one, other] = [parseJsonPath(left), parseJsonPath(right)];
  return { kind: "filter", left: one, operator, right: other };
}

/** Where the first ")" is that stands outside the first quotes; "]" has to follow it. */
function endOfFilter(reader: Reader): number {
  const { text, at } = reader;
  const start = at + 3;
  const first = start + text.slice(start).search(/[)"']/);
  const closed = text[first] === ")" ? first : closingQuote(text, first);
  const end = first < start || closed < 0 ? -1 : text.indexOf(")", closed);
  const isWhole = end >= 0 && text[end + 1] === "]" && !text.slice(start, end).includes("\n");
  if (!isWhole) throw unclear(reader);
  return end;
}
