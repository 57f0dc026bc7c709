import type { Json, JsonObject } from "../../lib/kube-object.ts";
import {
  invalidValue,
  requiredValue,
  tooMany,
  unsupportedValue,
  wrongType,
} from "../field-errors.ts";
import { fieldsOf, isArray, isObject, isString, jsonEquals } from "../json.ts";
import type { Meter } from "../regex/meter.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";
import { embeddedErrors } from "./embedded-errors.ts";
import { oldItems } from "./old-items.ts";
import { arrayErrors, numberErrors, textErrors } from "./value-errors.ts";

/** More errors help nobody. */
const errorsMax = 64;

/** What all patterns of one object may cost together. */
const patternBudget = 20_000_000;

export interface SchemaCheck {
  /** The path of the value; left out at the root of an object. */
  readonly path?: string;
  /** The value before an update: what is wrong already and did not change is let pass. */
  readonly before?: Json | undefined;
}

/**
 * What is wrong with a value by its schema, in the words of a kube-apiserver (1.34).
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function schemaErrors(
  value: Json,
  schema: OpenApiSchema,
  { path = "", before }: SchemaCheck = {},
): readonly FieldError[] {
  const state: State = { errors: [], meter: { left: patternBudget } };
  check(value, schema, { path, old: before, state });
  return state.errors.slice(0, errorsMax);
}

interface State {
  readonly errors: FieldError[];
  readonly meter: Meter;
}

interface Place {
  readonly path: string;
  readonly old: Json | undefined;
  readonly state: State;
}

function check(value: Json, schema: OpenApiSchema, place: Place): void {
  const { errors } = place.state;
  if (errors.length >= errorsMax) return;
  if (value === null && schema.nullable === true) return;
  const countBefore = errors.length;
  checkValue(value, schema, place);
  const isWrong = errors.length > countBefore;
  if (isWrong && place.old !== undefined && jsonEquals(value, place.old))
    errors.length = countBefore;
}

function checkValue(value: Json, schema: OpenApiSchema, place: Place): void {
  const { path, state } = place;
  const { errors } = state;
  const wrongTypeError = typeError(value, schema, path);
  if (wrongTypeError !== undefined) {
    errors.push(wrongTypeError);
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((each) => jsonEquals(each, value))) {
    errors.push(unsupportedValue(path, value, schema.enum));
  }
  checkCombinations(value, schema, place);
  if (isArray(value)) {
    tell(errors, arrayErrors(value, schema, path));
    checkItems(value, schema, place);
  } else if (isObject(value)) checkObject(value, schema, place);
  else if (isString(value)) errors.push(...textErrors(value, schema, { path, meter: state.meter }));
  else if (typeof value === "number") errors.push(...numberErrors(value, schema, path));
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

/** A kube-apiserver loses the path of what is said of combined schemas, and prints it so. */
function combinationError(path: string, sentence: string): FieldError {
  return invalidValue("<nil>", "", `"${path}" must ${sentence}`);
}

/** Of no schemas at all none must hold, as if the keyword were not there. */
function checkCombinations(value: Json, schema: OpenApiSchema, place: Place): void {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema;
  const { path, state } = place;
  const wrongs = (schemas: readonly OpenApiSchema[]): readonly (readonly FieldError[])[] =>
    schemas.map((each) => trial(value, each, place));
  if (allOf.length > 0) {
    const tried = wrongs(allOf);
    const valid = tried.filter(({ length }) => length === 0).length;
    tell(state.errors, tried.flat());
    const which = valid === 0 ? ". None validated" : "";
    if (valid < tried.length) {
      state.errors.push(combinationError(path, `validate all the schemas (allOf)${which}`));
    }
  }
  if (anyOf.length > 0) {
    const tried = wrongs(anyOf);
    if (tried.every(({ length }) => length > 0)) {
      state.errors.push(combinationError(path, "validate at least one schema (anyOf)"));
      tell(state.errors, best(tried));
    }
  }
  if (oneOf.length > 0) checkOneOf(wrongs(oneOf), place);
  if (not !== undefined && trial(value, not, place).length === 0) {
    state.errors.push(combinationError(path, "not validate the schema (not)"));
  }
}

function checkOneOf(tried: readonly (readonly FieldError[])[], { path, state }: Place): void {
  const valid = tried.filter(({ length }) => length === 0).length;
  if (valid === 1) return;
  const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
  const sentence = `validate one and only one schema (oneOf). ${found}`;
  state.errors.push(combinationError(path, sentence));
  if (valid === 0) tell(state.errors, best(tried));
}

/** Adds errors, of which there can be more than a call has room for arguments. */
function tell(errors: FieldError[], more: readonly FieldError[]): void {
  for (const error of more) errors.push(error);
}

/** What is wrong by the schema that fits best. */
function best(tried: readonly (readonly FieldError[])[]): readonly FieldError[] {
  return tried.reduce((least, each) => (each.length < least.length ? each : least));
}

function trial(value: Json, schema: OpenApiSchema, { path, state }: Place): readonly FieldError[] {
  const own: State = { errors: [], meter: state.meter };
  check(value, schema, { path, old: undefined, state: own });
  return own.errors;
}

function checkItems(value: readonly Json[], schema: OpenApiSchema, place: Place): void {
  const { items, maxItems } = schema;
  if (items === undefined || (maxItems !== undefined && value.length > maxItems)) return;
  const { path, old, state } = place;
  const before = oldItems(value, old, schema);
  for (const [index, item] of value.entries()) {
    if (state.errors.length >= errorsMax) return;
    check(item, items, { path: `${path}[${index}]`, old: before(index), state });
  }
}

function checkObject(value: JsonObject, schema: OpenApiSchema, place: Place): void {
  const { path, old, state } = place;
  const prefix = path === "" ? "" : `${path}.`;
  const fields = fieldsOf(value);
  checkCount(fields.length, schema, place);
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) state.errors.push(requiredValue(`${prefix}${name}`));
  }
  if (schema["x-kubernetes-embedded-resource"] === true) checkEmbedded(value, place);
  const oldFields = isObject(old) ? old : {};
  for (const [name, child] of fields) {
    const childSchema = schemaOfField(schema, name);
    if (childSchema === undefined) continue;
    const before = Object.hasOwn(oldFields, name) ? oldFields[name] : undefined;
    check(child, childSchema, { path: `${prefix}${name}`, old: before, state });
  }
}

function schemaOfField(schema: OpenApiSchema, name: string): OpenApiSchema | undefined {
  const { properties = {}, additionalProperties } = schema;
  const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return known ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}

function checkCount(count: number, schema: OpenApiSchema, { path, state }: Place): void {
  const { minProperties, maxProperties } = schema;
  if (maxProperties !== undefined && count > maxProperties) {
    state.errors.push(tooMany(path, count, maxProperties));
  }
  if (minProperties !== undefined && count < minProperties) {
    const because = `${path} in body should have at least ${minProperties} properties`;
    state.errors.push(invalidValue(path, count, because));
  }
}

function checkEmbedded(value: JsonObject, { path, state }: Place): void {
  tell(state.errors, embeddedErrors(value, path));
  const { metadata } = value;
  if (metadata === undefined || isObject(metadata)) return;
  state.errors.push(wrongTypeError(`${path}.metadata`, "object", typeNameOf(metadata)));
}
