import { Optional } from "@marcbachmann/cel-js";
import { CelError } from "../cel-function.ts";
import type { CelContext, CelNode, CelType, Checker } from "../cel-node.ts";
import { type Macro, type MacroCall, type MacroDefinition, variableOf } from "./macro.ts";

/**
 * `self.?size.optMap(s, s * 2)`, and `optFlatMap` whose expression is optional itself.
 *
 * @see https://pkg.go.dev/github.com/google/cel-go/cel#OptionalTypes
 */
export const optionalMacros: readonly MacroDefinition[] = [
  { signature: "optional.optMap(ast, ast): optional<dyn>", expand: mapped(false) },
  { signature: "optional.optFlatMap(ast, ast): optional<dyn>", expand: mapped(true) },
];

function mapped(isFlat: boolean): (call: MacroCall) => Macro {
  return ({ receiver, args: [variable, body] }) => {
    const [name, expression] = [variable as CelNode, body as CelNode];
    let inside: CelContext | undefined;
    return {
      async: false,
      nodes: [receiver, expression],
      typeCheck: (checker, _macro, context) => {
        const valueType = optionalOf(checker, receiver, context);
        inside = context.forkWithVariable(variableOf(checker, name), valueType);
        if (isFlat) {
          optionalOf(checker, expression, inside);
          return checker.check(expression, inside);
        }
        return checker.getType(`optional<${checker.check(expression, inside).name}>`);
      },
      evaluate: (evaluator, _macro, context) => {
        const optional = evaluator.run(receiver, context);
        if (!(optional instanceof Optional)) throw new CelError("no such overload");
        if (!optional.hasValue()) return Optional.none();
        if (inside === undefined) throw new CelError("no such overload");
        const own = inside.reuse(context).setIterValue(optional.value(), evaluator);
        const result = evaluator.run(expression, own);
        if (!isFlat) return Optional.of(result);
        if (result instanceof Optional) return result;
        throw new CelError("no such overload");
      },
    };
  };
}

/** The type of the value that a node's optional may have. */
function optionalOf(checker: Checker, node: CelNode, context: CelContext): CelType {
  const type = checker.check(node, context);
  if (type.kind === "dyn") return type;
  if (type.kind === "optional") return type.valueType ?? checker.getType("dyn");
  const because = `expected an optional type but found '${type.name}'`;
  throw checker.createError("optional_expected", because, node);
}
