import type { Json, JsonObject } from "../../lib/kube-object.ts";
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  tooLong,
  tooMany,
  unsupportedValue,
  wrongType,
} from "../field-errors.ts";
import { canonicalJson, fieldsOf, isArray, isObject, isString, jsonEquals } from "../json.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";

/** More errors help nobody. */
const errorsMax = 64;

const int32Max = 2_147_483_647;

/**
 * What is wrong with a value by its schema, in the words of a kube-apiserver (1.34).
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function schemaErrors(value: Json, schema: OpenApiSchema, path = ""): readonly FieldError[] {
  const errors: FieldError[] = [];
  check(value, schema, path, errors);
  return errors.slice(0, errorsMax);
}

function check(value: Json, schema: OpenApiSchema, path: string, errors: FieldError[]): void {
  if (errors.length >= errorsMax) return;
  if (value === null && schema.nullable === true) return;
  const wrongType = typeError(value, schema, path);
  if (wrongType !== undefined) {
    errors.push(wrongType);
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((each) => jsonEquals(each, value))) {
    errors.push(unsupportedValue(path, value, schema.enum));
  }
  if (isArray(value)) checkArray(value, schema, path, errors);
  else if (isObject(value)) checkObject(value, schema, path, errors);
  else if (isString(value)) checkText(value, schema, path, errors);
  else if (typeof value === "number") checkNumber(value, schema, path, errors);
}

function typeError(value: Json, schema: OpenApiSchema, path: string): FieldError | undefined {
  const found = typeNameOf(value);
  if (schema["x-kubernetes-int-or-string"] === true) {
    return found === "integer" || found === "string"
      ? undefined
      : wrongTypeError(path, "integer,string", found);
  }
  const { type } = schema;
  if (type === undefined || type === found) return undefined;
  if (type === "number" && found === "integer") return undefined;
  return wrongTypeError(path, type, found);
}

function typeNameOf(value: Json): string {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function wrongTypeError(path: string, wanted: string, found: string): FieldError {
  return wrongType(path, `"${found}": ${path} in body must be of type ${wanted}: "${found}"`);
}

function wrong(path: string, value: Json, sentence: string): FieldError {
  return invalidValue(path, value, `${path} in body ${sentence}`);
}

function checkObject(
  value: JsonObject,
  schema: OpenApiSchema,
  path: string,
  errors: FieldError[],
): void {
  const prefix = path === "" ? "" : `${path}.`;
  for (const name of schema.required ?? []) {
    if (value[name] !== undefined) continue;
    errors.push(requiredValue(`${prefix}${name}`));
  }
  const { properties = {}, additionalProperties } = schema;
  for (const [name, child] of fieldsOf(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const childSchema =
      known ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (childSchema !== undefined) check(child, childSchema, `${prefix}${name}`, errors);
  }
}

function checkArray(
  value: readonly Json[],
  schema: OpenApiSchema,
  path: string,
  errors: FieldError[],
): void {
  const { items, maxItems, minItems } = schema;
  if (maxItems !== undefined && value.length > maxItems) {
    errors.push(tooMany(path, value.length, maxItems));
    return;
  }
  if (minItems !== undefined && value.length < minItems) {
    errors.push(wrong(path, value.length, `should have at least ${minItems} items`));
  }
  if (items !== undefined) {
    for (const [index, item] of value.entries()) check(item, items, `${path}[${index}]`, errors);
  }
  checkDuplicates(value, schema, path, errors);
}

function checkDuplicates(
  value: readonly Json[],
  schema: OpenApiSchema,
  path: string,
  errors: FieldError[],
): void {
  const listType = schema["x-kubernetes-list-type"];
  if (listType !== "map" && listType !== "set") return;
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const key = listType === "map" ? keyOf(item, schema) : canonicalJson(item);
    if (seen.has(key)) errors.push(duplicateValue(`${path}[${index}]`, key));
    seen.add(key);
  }
}

function keyOf(item: Json, schema: OpenApiSchema): string {
  const names = schema["x-kubernetes-list-map-keys"] ?? [];
  const object = isObject(item) ? item : {};
  const keys = names.map((name): [string, Json | undefined] => [
    name,
    object[name] ?? schema.items?.properties?.[name]?.default,
  ]);
  return canonicalJson(Object.fromEntries(keys));
}

function checkText(value: string, schema: OpenApiSchema, path: string, errors: FieldError[]): void {
  const { minLength, maxLength, pattern, format } = schema;
  // Kubernetes counts code points here, whatever its message says.
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) errors.push(tooLong(path, maxLength));
  if (minLength !== undefined && length < minLength) {
    errors.push(wrong(path, value, `should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && !patternOf(pattern).test(value)) {
    errors.push(wrong(path, value, `should match '${pattern}'`));
  }
  if (format === "date-time" && !isDateTime(value)) {
    errors.push(wrong(path, value, `must be of type date-time: ${JSON.stringify(value)}`));
  }
}

function isDateTime(value: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

const patterns = new Map<string, RegExp>();
const patternsMax = 1_000;

/** A definition may hold a pattern that only Go can read: it then lets everything pass. */
function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  let parsed = /(?:)/;
  try {
    parsed = new RegExp(pattern);
  } catch {
    // Kept as what matches all.
  }
  if (patterns.size >= patternsMax) patterns.clear();
  patterns.set(pattern, parsed);
  return parsed;
}

function checkNumber(
  value: number,
  schema: OpenApiSchema,
  path: string,
  errors: FieldError[],
): void {
  const { minimum, maximum, format } = schema;
  if (minimum !== undefined && value < minimum) {
    errors.push(wrong(path, value, `should be greater than or equal to ${minimum}`));
  }
  if (maximum !== undefined && value > maximum) {
    errors.push(wrong(path, value, `should be less than or equal to ${maximum}`));
  }
  if (format === "int32" && Math.abs(value) > int32Max) {
    errors.push(wrong(path, value, `must be of type int32: ${JSON.stringify(String(value))}`));
  }
}
