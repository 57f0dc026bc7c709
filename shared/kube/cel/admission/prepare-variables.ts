import { type CelContext, type CelNode, type CelType, type Checker, nodesOf } from "../cel-node.ts";
import { variablesType } from "./admission-types.ts";

/** The types of the variables of a policy, by their names. */
export type VariableTypes = ReadonlyMap<string, string>;

/**
 * Changes a parsed expression before it is checked: the fields of `variables` are those that there
 * are when it is checked, each of its own type.
 */
export function prepareVariables(root: CelNode, types: VariableTypes): void {
  for (const node of nodesOf(root)) {
    const field = node.op === "call" ? presenceOf(node) : undefined;
    if (field !== undefined) preparePresence(node, field);
    else if (isOfVariables(node)) prepareField(node, types);
  }
}

/** `has(object.a)` is about `object.a`. */
function presenceOf({ args }: CelNode): CelNode | undefined {
  const [name, [field]] = args as readonly [string, readonly CelNode[]];
  return name === "has" && (field?.op === "." || field?.op === ".?") ? field : undefined;
}

function isOfVariables({ op, args }: CelNode): boolean {
  if (op !== "." && op !== ".?") return false;
  const [operand] = args as readonly [CelNode];
  return operand.op === "id" && operand.args === "variables";
}

function prepareField(node: CelNode, types: VariableTypes): void {
  const { check: libraryCheck } = node.meta;
  const [operand, name] = node.args as readonly [CelNode, string];
  const check = (checker: Checker, ast: CelNode, context: CelContext): CelType => {
    const isOurs = checker.check(operand, context).name === variablesType;
    if (!isOurs && libraryCheck !== undefined) return libraryCheck(checker, ast, context);
    const type = types.get(name);
    if (type === undefined) {
      throw checker.createError("no_such_key", `No such key: ${name}`, node);
    }
    return checker.getType(node.op === "." ? type : `optional<${type}>`);
  };
  node.setMeta("check", check);
}

/** What is not there cannot be asked for. */
function preparePresence(node: CelNode, field: CelNode): void {
  const { check: ownCheck } = node.meta;
  const [operand] = field.args as readonly [CelNode];
  const check = (checker: Checker, ast: CelNode, context: CelContext): CelType => {
    const isOurs = checker.check(operand, context).name === variablesType;
    if (!isOurs && ownCheck !== undefined) return ownCheck(checker, ast, context);
    checker.check(field, context);
    return checker.getType("bool");
  };
  node.setMeta("check", check);
}
