import { linearRegex } from "../../regex/linear-regex.ts";
import { compileMessage } from "../cel-messages.ts";
import type { CelEnvironment, CelNode, CelType } from "../cel-node.ts";
import { patternsIn } from "../compile-expression.ts";
import { prepareForCheck } from "../prepare-nodes.ts";
import { isCertain, unknownFunction } from "./certain-error.ts";
import { isSurelyDynamic, openReceivers } from "./dynamic-types.ts";
import { prepareOptionals } from "./prepare-optionals.ts";
import { prepareVariables, type VariableTypes } from "./prepare-variables.ts";
import { readableText } from "./readable-text.ts";

/** What is known of an expression before it runs. */
export type Checked =
  | { readonly kind: "typed"; readonly type: CelType; readonly isSure: boolean }
  /** A kube-apiserver says so, too. */
  | { readonly kind: "refused"; readonly because: string }
  /** It may be right, for all that is known here. */
  | { readonly kind: "unknown" };

const unknown: Checked = { kind: "unknown" };

/** As cel-go has it. */
const characterMax = 100_000;

/** What an expression can name. */
export interface Scope {
  readonly environment: CelEnvironment;
  /** Where the environment has "variables". */
  readonly variables: VariableTypes;
}

/** Checks the syntax and the types of an expression, which is never run here. */
export function checkExpression(text: string, { environment, variables }: Scope): Checked {
  const size = [...text].length;
  if (size > characterMax) {
    return refused(
      `ERROR: <input>:-1:0: expression code point size exceeds limit: size: ${size}, limit ` +
        characterMax,
    );
  }
  const readable = readableText(text);
  if (readable === undefined) return unknown;
  try {
    const parsed = environment.parse(readable.text);
    const root = parsed.ast as unknown as CelNode;
    prepareForCheck(root);
    prepareOptionals(root, readable.optionals);
    prepareVariables(root, variables);
    openReceivers(root);
    const { valid, error } = parsed.check();
    const type = root.checkedType;
    if (!valid || type === undefined) throw error ?? new TypeError("unknown type");
    for (const pattern of patternsIn(root).filter(isShort)) linearRegex(pattern);
    return { kind: "typed", type, isSure: type.kind !== "dyn" || isSurelyDynamic(root) };
  } catch (error) {
    const name = unknownFunction(error);
    if (name === undefined && !isCertain(error)) return unknown;
    const said = name && `undeclared reference to '${name}' (in container '')`;
    return refused(compileMessage(error, text, said));
  }
}

function refused(because: string): Checked {
  return { kind: "refused", because: `compilation failed: ${because}` };
}

const repetitionsMax = 1_000;

/** Whether a pattern takes no time to read: what is repeated, "a{1000}", is there so often. */
function isShort(pattern: string): boolean {
  const counts = [...pattern.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)];
  return counts.reduce((sum, [, min, max]) => sum + Number(max || min), 0) <= repetitionsMax;
}
