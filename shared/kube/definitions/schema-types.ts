import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject, isString } from "../json.ts";
import { badRequest } from "../status-error.ts";

type Check = (value: Json, path: string) => void;

/**
 * Throws 400 for a schema whose keywords have values of other types than they can have, with the
 * words of Go's decoder: such a schema cannot even be looked at. What nobody knows is passed by.
 */
export function checkSchemaTypes(schema: Json, path: string): void {
  if (!isObject(schema)) throw cannotUnmarshal(schema, path, "v1.JSONSchemaProps");
  for (const [name, value] of fieldsOf(schema)) {
    const check = Object.hasOwn(keywords, name) ? keywords[name] : undefined;
    check?.(value, `${path}.${name}`);
  }
}

function cannotUnmarshal(value: Json, path: string, type: string): Error {
  const found = isArray(value) ? "array" : value === null ? "null" : typeof value;
  const name = found === "boolean" ? "bool" : found;
  return badRequest(
    'CustomResourceDefinition in version "v1" cannot be handled as a CustomResourceDefinition: ' +
      `json: cannot unmarshal ${name} into Go struct field ${path} of type ${type}`,
  );
}

function typed(type: string, isOne: (value: Json) => boolean): Check {
  return (value, path) => {
    if (!isOne(value)) throw cannotUnmarshal(value, path, type);
  };
}

const text = typed("string", isString);
const flag = typed("bool", (value) => typeof value === "boolean");
const number = typed("float64", (value) => typeof value === "number");
const whole = typed("int64", (value) => typeof value === "number" && Number.isInteger(value));
const json: Check = () => undefined;
const texts = listOf(text);
const schemas = listOf(checkSchemaTypes);

function listOf(check: Check): Check {
  return (value, path) => {
    if (!isArray(value)) throw cannotUnmarshal(value, path, "[]");
    for (const each of value) check(each, path);
  };
}

const schemaMap: Check = (value, path) => {
  if (!isObject(value)) throw cannotUnmarshal(value, path, "map[string]v1.JSONSchemaProps");
  for (const [, each] of fieldsOf(value)) checkSchemaTypes(each, path);
};

const schemaOrFlag: Check = (value, path) => {
  if (typeof value !== "boolean") checkSchemaTypes(value, path);
};

const schemaOrSchemas: Check = (value, path) => {
  if (isArray(value)) schemas(value, path);
  else checkSchemaTypes(value, path);
};

const ruleFields: Readonly<Record<string, Check>> = {
  rule: text,
  message: text,
  messageExpression: text,
  reason: text,
  fieldPath: text,
  optionalOldSelf: flag,
};

const rule: Check = (value, path) => {
  if (!isObject(value)) throw cannotUnmarshal(value, path, "v1.ValidationRule");
  for (const [name, each] of fieldsOf(value)) {
    const check = Object.hasOwn(ruleFields, name) ? ruleFields[name] : undefined;
    check?.(each, `${path}.${name}`);
  }
};

const keywords: Readonly<Record<string, Check>> = {
  ...named(text, "type description format title pattern id $ref $schema"),
  ...named(text, "x-kubernetes-list-type x-kubernetes-map-type"),
  ...named(flag, "nullable exclusiveMinimum exclusiveMaximum uniqueItems"),
  ...named(flag, "x-kubernetes-preserve-unknown-fields x-kubernetes-int-or-string"),
  ...named(flag, "x-kubernetes-embedded-resource"),
  ...named(number, "minimum maximum multipleOf"),
  ...named(whole, "minLength maxLength minItems maxItems minProperties maxProperties"),
  ...named(texts, "required x-kubernetes-list-map-keys"),
  ...named(schemas, "allOf anyOf oneOf"),
  ...named(schemaMap, "properties patternProperties definitions"),
  ...named(schemaOrFlag, "additionalProperties additionalItems"),
  ...named(json, "default example"),
  not: checkSchemaTypes,
  items: schemaOrSchemas,
  enum: listOf(json),
  "x-kubernetes-validations": listOf(rule),
};

function named(check: Check, names: string): Readonly<Record<string, Check>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, check]));
}

/** Checks the schemas of all versions of a definition. */
export function checkDefinitionTypes(versions: readonly JsonObject[]): void {
  for (const version of versions) {
    const { schema } = version;
    const root = isObject(schema) ? schema["openAPIV3Schema"] : undefined;
    if (isObject(root))
      checkSchemaTypes(root, "JSONSchemaProps.spec.versions.schema.openAPIV3Schema");
  }
}
