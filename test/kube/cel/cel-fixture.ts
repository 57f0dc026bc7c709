import { compileRules } from "../../../shared/kube/cel/compile-rules.ts";
import { ruleErrors } from "../../../shared/kube/cel/rule-errors.ts";
import type { OpenApiSchema, ValidationRule } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";

/** A schema of whole objects with one field `spec`. */
export function objectSchema(
  spec: OpenApiSchema,
  rules: readonly ValidationRule[] = [],
): OpenApiSchema {
  return { type: "object", properties: { spec }, "x-kubernetes-validations": rules };
}

/** What is said of an object whose `spec` is the value: "spec FieldValueInvalid ...". */
export function told(schema: OpenApiSchema, spec: Json, before?: Json): readonly string[] {
  const run = {
    value: { metadata: { name: "a" }, spec },
    ...(before !== undefined && { before: { metadata: { name: "a" }, spec: before } }),
    warnings: [],
  };
  return ruleErrors(schema, run).map(
    ({ field, reason, message }) => `${field} ${reason} ${message}`,
  );
}

/** What is wrong with the rules of a schema: "properties[spec]....rule Invalid value: ...". */
export function compileErrors(schema: OpenApiSchema): readonly string[] {
  return compileRules(schema).errors.map(({ field, message }) => `${field} ${message}`);
}
