import { newEnvironment } from "../cel-environment.ts";
import { type CelContext, type CelNode, type CelType, type Checker, nodesOf } from "../cel-node.ts";
import { authorizerFunctions } from "./admission-types.ts";

let known: ReadonlySet<string> | undefined;

/** Whether any library has a function, a method or a macro of the name. */
export function isKnownFunction(name: string): boolean {
  known ??= functionNames();
  return known.has(name);
}

function functionNames(): ReadonlySet<string> {
  const { functions } = newEnvironment().getDefinitions();
  // Devices of a newer version than 1.34 have lists that include something.
  const signatures = [...authorizerFunctions, "list.includes()"];
  return new Set([
    ...functions.map(({ name }) => name),
    ...signatures.map((signature) => /(\w+)\(/.exec(signature)?.[1] ?? ""),
  ]);
}

/**
 * Changes a parsed expression before it is checked: what a method makes of a value of any type is
 * of any type itself, where the library leaves its type open: `object.sizes.min()`.
 */
export function openReceivers(root: CelNode): void {
  for (const node of nodesOf(root)) {
    const { check: libraryCheck, macro, alternate } = node.meta;
    if (node.op !== "rcall" || libraryCheck === undefined) continue;
    if (macro !== undefined || alternate !== undefined) continue;
    const check = (checker: Checker, ast: CelNode, context: CelContext): CelType => {
      const type = libraryCheck(checker, ast, context);
      const name = type.name.replaceAll(/\b[A-Z]\b/g, "dyn");
      return name === type.name ? type : checker.getType(name);
    };
    node.setMeta("check", check);
  }
}

const dynamicVariables: ReadonlySet<unknown> = new Set(["object", "oldObject", "params"]);

/** Whether an expression is a part of an object of any type: `object.spec.paused`. */
export function isSurelyDynamic({ op, args }: CelNode): boolean {
  if (op === "id") return dynamicVariables.has(args);
  return (op === "." || op === "[]") && isSurelyDynamic((args as readonly [CelNode])[0]);
}
