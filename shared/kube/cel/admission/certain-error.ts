import { TypeError as CelTypeError, ParseError } from "@marcbachmann/cel-js";
import { PatternError } from "../../regex/linear-regex.ts";
import { reservedWords } from "../reserved-words.ts";
import { isKnownFunction } from "./dynamic-types.ts";

/** Types that are named in expressions, which the library does not know as values. */
const namesOfTypes: ReadonlySet<string> = new Set([
  ...["google", "kubernetes", "net", "optional_type"],
]);

/** What the library finds wrong about types, and where it may be wrong itself. */
const certainWhenTyped: ReadonlySet<string> = new Set([
  ...["no_matching_overload", "no_such_overload", "incompatible_ternary_branches"],
  ...["invalid_condition_type", "invalid_logical_operand", "invalid_comprehension_range"],
  ...["cannot_index_type", "invalid_index_type", "predicate_type", "field_selection"],
]);

/** Functions that take more types than the library knows: `duration(1)`. */
const widerFunctions: ReadonlySet<unknown> = new Set(["duration", "type"]);

const certain: ReadonlySet<string> = new Set(["no_such_key", "invalid_macro_argument"]);

/**
 * Whether a kube-apiserver refuses an expression for what the library finds wrong with it. It does
 * not for limits that are the library's own, and may not where types are known only when the
 * expression runs.
 */
export function isCertain(error: unknown): boolean {
  if (error instanceof PatternError) return !error.message.includes("expression too large");
  if (error instanceof ParseError) return isCertainSyntax(error);
  if (!(error instanceof CelTypeError)) return false;
  const { code, node, summary } = error;
  if (code === "unknown_variable") return !namesOfTypes.has(String(node?.args));
  const isWider = code === "no_matching_overload" && widerFunctions.has(functionOf(error));
  return certain.has(code) || (certainWhenTyped.has(code) && isTyped(summary) && !isWider);
}

/** The library keeps two names more for itself than the language does. */
function isCertainSyntax({ code, summary }: ParseError): boolean {
  const isOwnName = code === "reserved_identifier" && !reservedWords.has(lastWord(summary));
  return code !== "limit_exceeded" && !isOwnName;
}

function lastWord(sentence: string): string {
  return sentence.slice(sentence.lastIndexOf(" ") + 1);
}

/** The name of a function that no library has, if it is what is wrong. */
export function unknownFunction(error: unknown): string | undefined {
  if (!(error instanceof CelTypeError) || error.code !== "no_matching_overload") return undefined;
  const name = functionOf(error);
  return name !== undefined && !isKnownFunction(name) ? name : undefined;
}

/** A call names its function before what it has. */
function functionOf({ node }: CelTypeError): string | undefined {
  const [name] = (node?.args ?? []) as readonly unknown[];
  return typeof name === "string" ? name : undefined;
}

/** Whether a sentence speaks of types that are known as a whole; null may be of many types. */
function isTyped(sentence: string): boolean {
  return !/\bdyn\b|\bnull\b|\boptional\b|\b[A-Z]\b/.test(sentence);
}
