/** What schemas say of single values, in the words of a kube-apiserver. */
import type { Json } from "../../lib/kube-object.ts";
import { duplicateValue, invalidValue, tooLong, tooMany, wrongType } from "../field-errors.ts";
import { canonicalJson } from "../json.ts";
import { linearRegex, PatternError } from "../regex/linear-regex.ts";
import { BudgetSpentError, type Meter } from "../regex/meter.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";
import { hasFormat } from "./formats.ts";
import { listKey } from "./old-items.ts";

const int32Max = 2_147_483_647;
const int32Min = -2_147_483_648;

function wrong(path: string, value: Json, sentence: string): FieldError {
  return invalidValue(path, value, `${path} in body ${sentence}`);
}

export interface TextCheck {
  readonly path: string;
  readonly meter: Meter;
}

export function textErrors(
  value: string,
  schema: OpenApiSchema,
  { path, meter }: TextCheck,
): readonly FieldError[] {
  const { minLength, maxLength, pattern, format } = schema;
  const errors: FieldError[] = [];
  // Kubernetes counts code points here, whatever its message says.
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength) errors.push(tooLong(path, maxLength));
  if (minLength !== undefined && length < minLength) {
    errors.push(wrong(path, value, `should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && !matchesPattern(pattern, value, meter)) {
    errors.push(wrong(path, value, `should match '${pattern}'`));
  }
  if (format !== undefined && !hasFormat(format, value)) {
    const text = JSON.stringify(value);
    errors.push(wrongType(path, `${text}: ${path} in body must be of type ${format}: ${text}`));
  }
  return errors;
}

/** A pattern that is none lets everything pass; one that costs too much lets nothing pass. */
function matchesPattern(pattern: string, value: string, meter: Meter): boolean {
  try {
    return linearRegex(pattern).test(value, meter);
  } catch (error) {
    if (error instanceof PatternError) return true;
    if (error instanceof BudgetSpentError) return false;
    throw error;
  }
}

export function numberErrors(
  value: number,
  schema: OpenApiSchema,
  path: string,
): readonly FieldError[] {
  const { multipleOf, format } = schema;
  const errors: FieldError[] = [];
  if (format === "int32" && (value > int32Max || value < int32Min)) {
    const because = `Checked value must be of type integer with format int32 in ${path}`;
    errors.push(invalidValue("<nil>", "", because));
  }
  if (multipleOf !== undefined && multipleOf > 0 && !isMultiple(value, multipleOf)) {
    errors.push(wrong(path, value, `should be a multiple of ${multipleOf}`));
  }
  for (const bound of brokenBounds(value, schema)) errors.push(wrong(path, value, bound));
  return errors;
}

function brokenBounds(value: number, schema: OpenApiSchema): readonly string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const broken: string[] = [];
  if (minimum !== undefined && exclusiveMinimum === true && value <= minimum) {
    broken.push(`should be greater than ${minimum}`);
  } else if (minimum !== undefined && value < minimum) {
    broken.push(`should be greater than or equal to ${minimum}`);
  }
  if (maximum !== undefined && exclusiveMaximum === true && value >= maximum) {
    broken.push(`should be less than ${maximum}`);
  } else if (maximum !== undefined && value > maximum) {
    broken.push(`should be less than or equal to ${maximum}`);
  }
  return broken;
}

/** 0.3 is a multiple of 0.1, whatever binary fractions say. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 1e-15;
}

export function arrayErrors(
  value: readonly Json[],
  schema: OpenApiSchema,
  path: string,
): readonly FieldError[] {
  const { maxItems, minItems } = schema;
  if (maxItems !== undefined && value.length > maxItems) {
    return [tooMany(path, value.length, maxItems)];
  }
  const errors: FieldError[] = [];
  if (minItems !== undefined && value.length < minItems) {
    errors.push(wrong(path, value.length, `should have at least ${minItems} items`));
  }
  if (schema.uniqueItems === true && new Set(value.map(canonicalJson)).size < value.length) {
    errors.push(wrong(path, [...value], "shouldn't contain duplicates"));
  }
  return [...errors, ...duplicates(value, schema, path)];
}

function duplicates(
  value: readonly Json[],
  schema: OpenApiSchema,
  path: string,
): readonly FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType !== "map" && listType !== "set") return [];
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const key = listType === "map" ? listKey(item, schema) : canonicalJson(item);
    if (seen.has(key)) return [duplicateValue(`${path}[${index}]`, key)];
    seen.add(key);
    return [];
  });
}
