import type { Json } from "../../lib/kube-object.ts";
import { compileRules } from "../cel/compile-rules.ts";
import { costErrors } from "../cel/cost/definition-cost.ts";
import { forbiddenField, invalidValue, requiredValue } from "../field-errors.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";
import { combinationErrors } from "./combination-rules.ts";
import { defaultErrors } from "./default-rules.ts";
import { keywordErrors } from "./keyword-rules.ts";

export interface SchemaPlace {
  /** "spec.validation.openAPIV3Schema" */
  readonly path: string;
  readonly level: "root" | "item" | "field";
}

const errorsMax = 100;

/** All keywords that a root may have beside a status subresource, as Go's structs name them. */
const rootKeywords = (
  "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength " +
  "MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties " +
  "ExternalDocs Example XPreserveUnknownFields XValidations"
).split(" ");

interface RootPlace {
  readonly path: string;
  readonly hasStatus: boolean;
  /** Stored like this already: its rules may cost what they do. */
  readonly isUnchanged: boolean;
}

/** What is wrong with the schema of whole objects, its rules included. */
export function rootSchemaErrors(
  schema: OpenApiSchema,
  { path, hasStatus, isUnchanged }: RootPlace,
): readonly FieldError[] {
  const errors = [
    ...(hasStatus ? besideStatusErrors(schema, path) : []),
    ...structuralErrors(schema, { path, level: "root" }),
  ].slice(0, errorsMax);
  if (errors.length > 0) return errors;
  const rules = compileRules(schema);
  const costs = rules.tree === undefined || isUnchanged ? [] : costErrors(rules.tree);
  return [...rules.errors, ...costs].map((error) => ({
    ...error,
    field: error.field === "" ? path : `${path}.${error.field}`,
  }));
}

function besideStatusErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const others = Object.keys(schema).filter((name) => !rootKeywords.includes(goName(name)));
  if (others.length === 0) return [];
  const because =
    `only [${rootKeywords.join(" ")}] fields are allowed at the root of the schema if the status ` +
    "subresource is enabled";
  return [invalidValue(path, schema as unknown as Json, because)];
}

/** "x-kubernetes-validations" is XValidations. */
function goName(name: string): string {
  return name
    .replace(/^x-kubernetes-/, "x-")
    .replaceAll(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());
}

/**
 * What is not structural: a schema says the type of each field by itself, so that fields can be
 * pruned and get defaults without looking at combinations of schemas.
 *
 * @see https://kubernetes.io/blog/2019/06/20/crd-structural-schema/
 */
function structuralErrors(schema: OpenApiSchema, place: SchemaPlace): readonly FieldError[] {
  const { path, level } = place;
  const { items, properties = {}, additionalProperties } = schema;
  const below = typeof additionalProperties === "object" ? additionalProperties : undefined;
  return [
    ...keywordErrors(schema, path),
    ...typeErrors(schema, place),
    ...embeddedErrors(schema, path),
    ...(level === "root" || schema["x-kubernetes-embedded-resource"] === true
      ? typeMetaErrors(schema, path)
      : []),
    ...(level === "root" ? rootErrors(schema, path) : []),
    ...combinationErrors(schema, schema, path),
    ...defaultErrors(schema, path),
    ...(isSchema(items) ? structuralErrors(items, { path: `${path}.items`, level: "item" }) : []),
    ...(below === undefined
      ? []
      : structuralErrors(below, { path: `${path}.additionalProperties`, level: "field" })),
    ...Object.entries(properties).flatMap(([name, property]) =>
      structuralErrors(property, { path: `${path}.properties[${name}]`, level: "field" }),
    ),
  ];
}

/** A list of schemas, which is refused elsewhere, is none. */
function isSchema(items: OpenApiSchema["items"]): items is OpenApiSchema {
  return items !== undefined && !Array.isArray(items);
}

const typeSentences = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function typeErrors(schema: OpenApiSchema, { path, level }: SchemaPlace): readonly FieldError[] {
  const { type, items } = schema;
  const isOpen =
    schema["x-kubernetes-int-or-string"] === true ||
    schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (type === "array" && items === undefined) {
    return [requiredValue(`${path}.items`, "must be specified")];
  }
  if (type === undefined && schema["x-kubernetes-embedded-resource"] !== true && !isOpen) {
    return [requiredValue(`${path}.type`, typeSentences[level])];
  }
  return level === "root" && type !== undefined && type !== "object"
    ? [invalidValue(`${path}.type`, type, "must be object at the root")]
    : [];
}

function embeddedErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  if (schema["x-kubernetes-embedded-resource"] !== true) return [];
  const { type, properties, additionalProperties } = schema;
  const because = "must be object if x-kubernetes-embedded-resource is true";
  const errors: FieldError[] = [];
  if (type === undefined) errors.push(requiredValue(`${path}.type`, because));
  else if (type !== "object") errors.push(invalidValue(`${path}.type`, type, because));
  if (additionalProperties !== undefined) {
    const forbidden = "must not be used if x-kubernetes-embedded-resource is set";
    errors.push(forbiddenField(`${path}.additionalProperties`, forbidden));
  }
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (!isOpen && Object.keys(properties ?? {}).length === 0) {
    const required =
      "must not be empty if x-kubernetes-embedded-resource is true without " +
      "x-kubernetes-preserve-unknown-fields";
    errors.push(requiredValue(`${path}.properties`, required));
  }
  return errors;
}

function typeMetaErrors({ properties = {} }: OpenApiSchema, path: string): readonly FieldError[] {
  const types = { kind: "string", apiVersion: "string", metadata: "object" } as const;
  return Object.entries(types).flatMap(([name, type]) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined || property.type === type) return [];
    return [
      invalidValue(`${path}.properties[${name}].type`, property.type ?? "", `must be ${type}`),
    ];
  });
}

function rootErrors(schema: OpenApiSchema, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema.additionalProperties !== undefined) {
    errors.push(forbiddenField(`${path}.additionalProperties`, "must not be used at the root"));
  }
  const metadata = schema.properties?.["metadata"];
  if (metadata === undefined) return errors;
  const { type: _type, properties = {}, description: _description, ...more } = metadata;
  const others = Object.keys(properties).filter((name) => !["name", "generateName"].includes(name));
  if (others.length > 0 || Object.keys(more).length > 0) {
    const because =
      "must not specify anything other than name and generateName, but metadata is implicitly " +
      "specified";
    errors.push(forbiddenField(`${path}.properties[metadata]`, because));
  }
  return errors;
}
