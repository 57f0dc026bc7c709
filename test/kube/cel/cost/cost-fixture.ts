import { newEnvironment } from "../../../../shared/kube/cel/cel-environment.ts";
import { compileExpression } from "../../../../shared/kube/cel/compile-expression.ts";
import { compileRules } from "../../../../shared/kube/cel/compile-rules.ts";
import { costErrors } from "../../../../shared/kube/cel/cost/definition-cost.ts";
import { sizeOfSchema } from "../../../../shared/kube/cel/cost/size-of-schema.ts";
import { shapeOf } from "../../../../shared/kube/cel/schema-types.ts";
import type { OpenApiSchema } from "../../../../shared/kube/served-kind.ts";

/** The estimated cost of one run of an expression whose `self` is a value of the schema. */
export function costOf(text: string, schema: OpenApiSchema): number {
  const environment = newEnvironment();
  const shape = shapeOf(environment, schema, false);
  const size = sizeOfSchema(schema, false);
  if (shape === undefined || size === undefined) throw new TypeError("the schema has no type");
  environment.registerVariable("self", shape.type);
  environment.registerVariable("oldSelf", shape.type);
  const compiled = compileExpression(environment, text, "bool");
  if (compiled.kind === "refused") throw new TypeError(compiled.because);
  return compiled.expression.cost(size);
}

/** What is wrong with the costs of a schema of whole objects: "field reason message". */
export function toldOfCosts(schema: OpenApiSchema): readonly string[] {
  const { tree, errors } = compileRules(schema);
  if (errors.length > 0) throw new TypeError(errors.map(({ message }) => message).join());
  if (tree === undefined) return [];
  return costErrors(tree).map(({ field, reason, message }) => `${field} ${reason} ${message}`);
}

/** By how much each expression of a schema costs too much: "rule 0: 1.8x". */
export function excesses(schema: OpenApiSchema): readonly string[] {
  return toldOfCosts(schema).flatMap((each) => {
    const found =
      /validations\[(\d+)\]\.(\w+) .*: estimated \w+ cost exceeds budget by factor of (.*) \(/.exec(
        each,
      );
    return found === null ? [] : [`${found[2]} ${found[1]}: ${found[3]}`];
  });
}
