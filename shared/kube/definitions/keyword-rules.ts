import type { Json } from "../../lib/kube-object.ts";
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from "../field-errors.ts";
import { printed } from "../json.ts";
import { linearRegex, PatternError } from "../regex/linear-regex.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];

/** JSON schema has more than structural schemas. */
const unsupported = [
  "id",
  "additionalItems",
  "patternProperties",
  "definitions",
  "dependencies",
  "$ref",
  "$schema",
];

/** What is wrong with the keywords of one schema, wherever it stands. */
export function keywordErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const given = schema as unknown as Readonly<Record<string, Json | undefined>>;
  const { type } = given;
  return [
    ...unsupported
      .filter((name) => given[name] !== undefined)
      .map((name) => forbiddenField(`${path}.${name}`, `${name} is not supported`)),
    ...(type === undefined || types.includes(printed(type)) ? [] : [wrongType(type, path)]),
    ...fieldErrors(schema, path),
    ...patternErrors(schema.pattern, path),
    ...extensionErrors(schema, path),
    ...mapTypeErrors(schema, path),
    ...listTypeErrors(schema, path),
  ];
}

function wrongType(type: Json, path: string): FieldError {
  return type === "null"
    ? forbiddenField(`${path}.type`, "type cannot be set to null, use nullable as an alternative")
    : unsupportedValue(`${path}.type`, type, types);
}

function fieldErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const { additionalProperties, properties, items, uniqueItems } = schema;
  const errors: FieldError[] = [];
  const forbid = (name: string, because: string): number =>
    errors.push(forbiddenField(`${path}.${name}`, because));
  if (uniqueItems === true) {
    forbid(
      "uniqueItems",
      "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
    );
  }
  if (Array.isArray(items)) forbid("items", "items must be a schema object and not an array");
  if (additionalProperties === false) {
    forbid("additionalProperties", "additionalProperties cannot be set to false");
  }
  const hasProperties = Object.keys(properties ?? {}).length > 0;
  if (typeof additionalProperties === "object" && hasProperties) {
    forbid("additionalProperties", "additionalProperties and properties are mutual exclusive");
  }
  return errors;
}

function patternErrors(pattern: string | undefined, path: string): readonly FieldError[] {
  if (pattern === undefined) return [];
  try {
    linearRegex(pattern);
    return [];
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const because = `must be a valid regular expression, but isn't: ${error.message}`;
    return [invalidValue(`${path}.pattern`, pattern, because)];
  }
}

function extensionErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const preserve = schema["x-kubernetes-preserve-unknown-fields"] as boolean | undefined;
  const errors: FieldError[] = [];
  const wrong = (name: string, value: boolean, because: string): number =>
    errors.push(invalidValue(`${path}.${name}`, value, because));
  if (preserve === false) {
    wrong("x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
  }
  if (schema["x-kubernetes-int-or-string"] !== true) return errors;
  const because = "must be false if x-kubernetes-int-or-string is true";
  if (preserve === true) wrong("x-kubernetes-preserve-unknown-fields", true, because);
  if (schema["x-kubernetes-embedded-resource"] === true) {
    wrong("x-kubernetes-embedded-resource", true, because);
  }
  if (schema.type !== undefined) {
    const must = "must be empty if x-kubernetes-int-or-string is true";
    errors.push(forbiddenField(`${path}.type`, must));
  }
  return errors;
}

function wantsType(
  { type }: OpenApiSchema,
  { path, wanted, name }: { readonly path: string; readonly wanted: string; readonly name: string },
): readonly FieldError[] {
  if (type === wanted) return [];
  const because = `must be ${wanted} if ${name} is specified`;
  return [
    type === undefined
      ? requiredValue(`${path}.type`, because)
      : invalidValue(`${path}.type`, type, because),
  ];
}

function mapTypeErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const name = "x-kubernetes-map-type";
  const mapType = schema[name];
  if (mapType === undefined) return [];
  const known = ["atomic", "granular"];
  return [
    ...wantsType(schema, { path, wanted: "object", name }),
    ...(known.includes(mapType) ? [] : [unsupportedValue(`${path}.${name}`, mapType, known)]),
  ];
}

function listTypeErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const name = "x-kubernetes-list-type";
  const listType = schema[name];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (keys.length > 0 && listType !== "map") {
    const because = "must be map if x-kubernetes-list-map-keys is non-empty";
    const field = `${path}.${name}`;
    return [
      listType === undefined
        ? requiredValue(field, because)
        : invalidValue(field, listType, because),
    ];
  }
  if (listType === undefined) return [];
  const known = ["atomic", "set", "map"];
  return [
    ...wantsType(schema, { path, wanted: "array", name }),
    ...(known.includes(listType) ? [] : [unsupportedValue(`${path}.${name}`, listType, known)]),
    ...(listType === "map" ? mapListErrors(schema, keys, path) : []),
    ...(listType === "set" ? setErrors(schema.items, `${path}.items`) : []),
  ];
}

function mapListErrors(
  { items }: OpenApiSchema,
  keys: readonly string[],
  path: string,
): readonly FieldError[] {
  const keysField = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) {
    return [requiredValue(keysField, "must not be empty if x-kubernetes-list-type is map")];
  }
  if (items === undefined) {
    const because = "must have a schema if x-kubernetes-list-type is map";
    return [requiredValue(`${path}.items`, because)];
  }
  const errors: FieldError[] = [];
  if (items.type !== "object") {
    const because = "must be object if parent array's x-kubernetes-list-type is map";
    errors.push(invalidValue(`${path}.items.type`, items.type ?? "", because));
  }
  if (items.nullable === true) {
    const because = "cannot be nullable when x-kubernetes-list-type is map";
    errors.push(forbiddenField(`${path}.items.nullable`, because));
  }
  if (new Set(keys).size < keys.length) {
    errors.push(invalidValue(keysField, keys, "must not contain duplicate entries"));
  }
  return [...errors, ...keys.flatMap((key) => keyErrors(items, { key, keys, path }))];
}

function keyErrors(
  items: OpenApiSchema,
  {
    key,
    keys,
    path,
  }: { readonly key: string; readonly keys: readonly string[]; readonly path: string },
): readonly FieldError[] {
  const properties = items.properties ?? {};
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (property === undefined) {
    const because = "entries must all be names of item properties";
    return [invalidValue(`${path}.x-kubernetes-list-map-keys`, keys, because)];
  }
  const field = `${path}.items.properties[${key}]`;
  const errors: FieldError[] = [];
  if (property.type === "array" || property.type === "object") {
    const because = "must be a scalar type if parent array's x-kubernetes-list-type is map";
    errors.push(invalidValue(`${field}.type`, property.type, because));
  }
  const isRequired = items.required?.includes(key) ?? false;
  if (!isRequired && property.default === undefined) {
    const because =
      "this property is in x-kubernetes-list-map-keys, so it must have a default or be a " +
      "required property";
    errors.push(requiredValue(`${field}.default`, because));
  }
  if (property.nullable === true) {
    const because = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
    errors.push(forbiddenField(`${field}.nullable`, because));
  }
  return errors;
}

function setErrors(items: OpenApiSchema | undefined, path: string): readonly FieldError[] {
  if (items === undefined) return [];
  const errors: FieldError[] = [];
  if (items.nullable === true) {
    const because = "cannot be nullable when x-kubernetes-list-type is set";
    errors.push(forbiddenField(`${path}.nullable`, because));
  }
  const atomic = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const mapType = items["x-kubernetes-map-type"];
  if (items.type === "object" && mapType !== "atomic") {
    const field = `${path}.x-kubernetes-map-type`;
    errors.push(
      mapType === undefined ? requiredValue(field, atomic) : invalidValue(field, mapType, atomic),
    );
  }
  const listType = items["x-kubernetes-list-type"];
  if (items.type === "array" && listType !== undefined && listType !== "atomic") {
    errors.push(invalidValue(`${path}.x-kubernetes-list-type`, listType, atomic));
  }
  return errors;
}
