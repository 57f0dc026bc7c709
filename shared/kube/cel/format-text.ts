import { Duration } from "@marcbachmann/cel-js/evaluator";
import { type Meter, spend } from "../regex/meter.ts";
import { entriesOf } from "./cel-equals.ts";
import { CelError } from "./cel-function.ts";

/** `"%s has %d".format(["a", 1])`. Throws `CelError` for arguments that do not fit. */
export function formatText(text: string, args: readonly unknown[], meter: Meter): string {
  let used = 0;
  const clauses = /%(?:%|(?:\.(\d{1,3}))?([a-zA-Z]))/g;
  const formatted = text.replaceAll(clauses, (clause, precision?: string, verb?: string) => {
    if (verb === undefined) return "%";
    if (used >= args.length) throw new CelError(`index ${used} out of range`);
    const value = args[used];
    used += 1;
    const part = formatClause(verb, value, precision === undefined ? 6 : Number(precision));
    if (part === undefined) {
      throw new CelError(`error during formatting: unrecognized formatting clause "${clause}"`);
    }
    spend(meter, 1 + part.length / 10);
    return part;
  });
  return formatted;
}

function formatClause(verb: string, value: unknown, precision: number): string | undefined {
  switch (verb) {
    case "s":
      return textOf(value);
    case "d":
      return whole(value, 10);
    case "b":
      return typeof value === "boolean" ? String(Number(value)) : whole(value, 2);
    case "o":
      return whole(value, 8);
    case "x":
    case "X": {
      const text =
        typeof value === "string" ? Buffer.from(value).toString("hex") : whole(value, 16);
      return verb === "X" ? text.toUpperCase() : text;
    }
    case "f":
      return number(value).toFixed(Math.min(precision, 100));
    case "e":
      return number(value)
        .toExponential(Math.min(precision, 100))
        .replace(/e([+-])(\d)$/, "e$10$2");
    default:
      return undefined;
  }
}

function whole(value: unknown, base: number): string {
  if (typeof value === "bigint") return value.toString(base);
  throw new CelError("error during formatting: integer clause can only be used on integers");
}

function number(value: unknown): number {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  throw new CelError("error during formatting: fixed-point clause can only be used on doubles");
}

/** A value in words: "a", "[a, 1]", "{a: 1}". */
export function textOf(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, "Z");
  if (value instanceof Duration) return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  const entries = entriesOf(value);
  if (entries === undefined) return String(value);
  const parts = [...entries].map(([name, each]) => `${textOf(name)}: ${textOf(each)}`);
  return `{${parts.toSorted().join(", ")}}`;
}
