import { spend } from "../regex/meter.ts";
import { type Call, CelError, type CelFunction, notMine } from "./cel-function.ts";
import { formatText } from "./format-text.ts";

/**
 * The extended strings library. Unlike the JavaScript library's own, indexes count code points.
 *
 * @see https://pkg.go.dev/github.com/google/cel-go/ext#Strings
 */
export const stringFunctions: readonly CelFunction[] = [
  { signatures: ["string.charAt(int): string"], run: onText(charAt) },
  // The library has the signatures of these.
  { signatures: ["string.indexOf(string): int"], run: onText(indexOf) },
  { signatures: ["string.lastIndexOf(string): int"], run: onText(lastIndexOf) },
  { signatures: ["string.substring(int): string"], run: onText(substring) },
  { signatures: ["string.lowerAscii(): string"], run: onText(lowerAscii) },
  { signatures: ["string.upperAscii(): string"], run: onText(upperAscii) },
  {
    signatures: [
      "string.replace(string, string): string",
      "string.replace(string, string, int): string",
    ],
    run: onText(replace),
  },
  { signatures: ["string.reverse(): string"], run: onText((text) => [...text].reverse().join("")) },
  { signatures: ["StringsNamespace.quote(string): string"], run: ({ args }) => quoted(args[1]) },
  {
    signatures: ["string.format(list): string"],
    run: ({ args, meter }) => formatText(String(args[0]), args[1] as readonly unknown[], meter),
  },
];

/** What `strings` is in an expression. */
export class StringsNamespace {}

const escapes: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** As a literal: `"a \"b\""`. */
function quoted(text: unknown): string {
  const escaped = String(text).replaceAll(/["\\]|\p{Cc}/gu, (each) => escapes[each] ?? each);
  return `"${escaped}"`;
}

type TextFunction = (text: string, args: readonly unknown[], call: Call) => unknown;

function onText(run: TextFunction): CelFunction["run"] {
  return (call) => {
    const [text, ...args] = call.args;
    return typeof text === "string" ? run(text, args, call) : notMine;
  };
}

function charAt(text: string, [at]: readonly unknown[]): string {
  const points = [...text];
  const index = Number(at);
  if (index < 0 || index > points.length) throw outOfRange(index);
  return points[index] ?? "";
}

function outOfRange(index: number): CelError {
  return new CelError(`index out of range: ${index}`);
}

function indexOf(text: string, [searched, from = 0n]: readonly unknown[]): bigint {
  const points = [...text];
  const start = Number(from);
  if (start < 0 || start > points.length) throw outOfRange(start);
  const skipped = points.slice(0, start).join("").length;
  return pointIndex(text, text.indexOf(String(searched), skipped));
}

function lastIndexOf(text: string, [searched, from]: readonly unknown[]): bigint {
  if (from === undefined) return pointIndex(text, text.lastIndexOf(String(searched)));
  const points = [...text];
  const start = Number(from);
  if (start < 0 || start > points.length) throw outOfRange(start);
  const before = points.slice(0, start).join("").length;
  return pointIndex(text, text.lastIndexOf(String(searched), before));
}

function pointIndex(text: string, index: number): bigint {
  return index < 0 ? -1n : BigInt([...text.slice(0, index)].length);
}

function substring(text: string, [from, to]: readonly unknown[]): string {
  const points = [...text];
  const start = Number(from);
  const end = to === undefined ? points.length : Number(to);
  if (start < 0 || start > points.length) throw outOfRange(start);
  if (end < 0 || end > points.length) throw outOfRange(end);
  if (start > end) {
    throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  }
  return points.slice(start, end).join("");
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase());
}

function upperAscii(text: string): string {
  return text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase());
}

/** Go's `strings.Replace`: below 0, all are replaced. */
function replace(text: string, [old, by, count = -1n]: readonly unknown[], call: Call): string {
  const parts = text.split(String(old));
  const replaced = Number(count) < 0 ? parts.length - 1 : Number(count);
  spend(call.meter, (text.length + parts.length * String(by).length) / 10);
  const head = parts.slice(0, replaced + 1).join(String(by));
  const tail = parts.slice(replaced + 1);
  return tail.length === 0 ? head : `${head}${String(old)}${tail.join(String(old))}`;
}
