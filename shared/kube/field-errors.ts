/** What is wrong with a field, in the words of Kubernetes' `field` package. */
import type { Json } from "../lib/kube-object.ts";
import type { FieldError } from "./served-kind.ts";

/** `Invalid value: "A": must be lower case` */
export function invalidValue(field: string, value: Json, because: string): FieldError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${because}`;
  return { field, reason: "FieldValueInvalid", message };
}

/** `Unsupported value: "A": supported values: "B", "C"` */
export function unsupportedValue(
  field: string,
  value: Json,
  supported: readonly Json[],
): FieldError {
  const names = supported.map((each) => JSON.stringify(each)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${names}`;
  return { field, reason: "FieldValueNotSupported", message };
}

export function requiredValue(field: string, because?: string): FieldError {
  const message = because === undefined ? "Required value" : `Required value: ${because}`;
  return { field, reason: "FieldValueRequired", message };
}

export function forbiddenField(field: string, because: string): FieldError {
  return { field, reason: "FieldValueForbidden", message: `Forbidden: ${because}` };
}

export function tooMany(field: string, count: number, max: number): FieldError {
  const message = `Too many: ${count}: must have at most ${max} items`;
  return { field, reason: "FieldValueTooMany", message };
}

/** Kubernetes says bytes, whatever it counts. */
export function tooLong(field: string, max: number): FieldError {
  const message = `Too long: may not be more than ${max} bytes`;
  return { field, reason: "FieldValueTooLong", message };
}

export function wrongType(field: string, message: string): FieldError {
  return { field, reason: "FieldValueTypeInvalid", message: `Invalid value: ${message}` };
}

export function duplicateValue(field: string, value: string): FieldError {
  return { field, reason: "FieldValueDuplicate", message: `Duplicate value: ${value}` };
}

/** `Not found: "x"` */
export function notFound(field: string, value: Json): FieldError {
  return { field, reason: "FieldValueNotFound", message: `Not found: ${JSON.stringify(value)}` };
}
