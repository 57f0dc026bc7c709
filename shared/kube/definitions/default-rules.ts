import { invalidValue } from "../field-errors.ts";
import { jsonEquals } from "../json.ts";
import { prune } from "../schema/prune.ts";
import { schemaErrors } from "../schema/validate.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";

/** A default must be valid by its own schema, and have no field that would be left out. */
export function defaultErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const { default: value } = schema;
  if (value === undefined) return [];
  const field = `${path}.default`;
  if (!jsonEquals(prune(value, schema, []), value)) {
    return [invalidValue(field, value, "must not have unknown fields")];
  }
  return schemaErrors(value, schema).map((error) => ({
    ...error,
    field: error.field === "" || error.field === "<nil>" ? field : `${field}.${error.field}`,
  }));
}
