import type { OpenApiSchema } from "../../served-kind.ts";
import { namesOfProperty } from "../names-of-property.ts";

/** How large values of a schema may be, as far as expressions reach them. */
export interface SchemaSize {
  /** Characters, bytes, items or entries; 0 for what has no length, such as numbers. */
  readonly elementsMax: number;
  /** What the least of its values takes as JSON. */
  readonly bytesMin: number;
  /** Of an object, by the names in expressions. */
  readonly fields?: ReadonlyMap<string, SchemaSize>;
  /** Of a list or a map. */
  readonly items?: SchemaSize;
  /** Of a map. */
  readonly keys?: SchemaSize;
}

/** What a request's body may have: nothing that is stored is larger. */
export const requestBytesMax = 3 * 1024 * 1024;

const quotesBytes = 2;
const bracketsBytes = 2;
/** `"":,` beside the least key, of 2 bytes. */
const entryBytes = 6;
/** `"":,` beside the name of a field. */
const fieldBytes = 4;
const bytesOfCharacter = 4;

const textMax = requestBytesMax - quotesBytes;

/** Text of these formats is a value of another type, which has its own length as text. */
const formats: ReadonlyMap<string, SchemaSize> = new Map([
  ["duration", { elementsMax: 32, bytesMin: 3 }],
  ["date", { elementsMax: 12, bytesMin: 12 }],
  ["date-time", { elementsMax: 32, bytesMin: 21 }],
]);

/** Kubernetes counts nothing for the text of keys. */
const keyText: SchemaSize = { elementsMax: 0, bytesMin: quotesBytes };

const text: OpenApiSchema = { type: "string" };

const known = new WeakMap<OpenApiSchema, { readonly size: SchemaSize | undefined }>();

/**
 * The sizes of a schema; undefined for what expressions cannot reach.
 *
 * @see https://pkg.go.dev/k8s.io/apiserver/pkg/cel/common#SchemaDeclType
 */
export function sizeOfSchema(schema: OpenApiSchema, isRoot: boolean): SchemaSize | undefined {
  if (isRoot) return sizeOf(schema, true);
  const found = known.get(schema);
  if (found !== undefined) return found.size;
  const size = sizeOf(schema, schema["x-kubernetes-embedded-resource"] === true);
  known.set(schema, { size });
  return size;
}

function sizeOf(schema: OpenApiSchema, isRoot: boolean): SchemaSize | undefined {
  const { additionalProperties, maxLength } = schema;
  const { type = "any" } = schema as { readonly type?: string };
  if (schema["x-kubernetes-int-or-string"] === true) {
    return { elementsMax: charactersMax(maxLength) ?? textMax, bytesMin: 1 };
  }
  switch (type) {
    case "array":
      return sizeOfList(schema);
    case "object":
      return typeof additionalProperties === "object" && !isRoot
        ? sizeOfMap(schema, additionalProperties)
        : sizeOfObject(schema, isRoot);
    case "string":
      return sizeOfText(schema);
    case "boolean":
      return { elementsMax: 0, bytesMin: 4 };
    case "integer":
    case "number":
      return { elementsMax: 0, bytesMin: 1 };
    default:
      return undefined;
  }
}

function sizeOfList({ items: itemSchema, maxItems }: OpenApiSchema): SchemaSize | undefined {
  const items = itemSchema === undefined ? undefined : sizeOfSchema(itemSchema, false);
  if (items === undefined) return undefined;
  const fitting = Math.floor((requestBytesMax - bracketsBytes) / (items.bytesMin + 1));
  return { elementsMax: atLeastZero(maxItems) ?? fitting, bytesMin: bracketsBytes, items };
}

function sizeOfMap(
  { maxProperties }: OpenApiSchema,
  valueSchema: OpenApiSchema,
): SchemaSize | undefined {
  const items = sizeOfSchema(valueSchema, false);
  if (items === undefined) return undefined;
  const fitting = Math.floor((requestBytesMax - bracketsBytes) / (items.bytesMin + entryBytes));
  const elementsMax = atLeastZero(maxProperties) ?? fitting;
  return { elementsMax, bytesMin: bracketsBytes, items, keys: keyText };
}

/** The least object has its required fields; those with a default need not be sent. */
function sizeOfObject(schema: OpenApiSchema, isRoot: boolean): SchemaSize {
  const { properties = {}, required = [] } = schema;
  const fields = new Map<string, SchemaSize>();
  let bytesMin = bracketsBytes;
  for (const [name, property] of Object.entries(isRoot ? rootProperties(schema) : properties)) {
    const size = sizeOfSchema(property, false);
    if (size === undefined) continue;
    for (const each of namesOfProperty(name)) fields.set(each, size);
    if (required.includes(name) && (property.default ?? null) === null) {
      bytesMin += Buffer.byteLength(name) + size.bytesMin + fieldBytes;
    }
  }
  return { elementsMax: 0, bytesMin, fields };
}

type Properties = NonNullable<OpenApiSchema["properties"]>;

const names: Properties = { name: text, generateName: text };
const kinds: Properties = { apiVersion: text, kind: text };

/** What whole objects have. What a schema says of it counts only where it says all of it. */
function rootProperties({ properties = {} }: OpenApiSchema): Properties {
  const metadata = properties["metadata"];
  const hasNames = metadata?.type === "object" && hasTypes(metadata.properties, names);
  if (hasNames && hasTypes(properties, kinds)) return properties;
  return { ...properties, ...kinds, metadata: { type: "object", properties: names } };
}

function hasTypes(properties: Properties = {}, types: Properties): boolean {
  return Object.entries(types).every(([name, { type }]) => properties[name]?.type === type);
}

function sizeOfText({ format = "", maxLength, enum: values = [] }: OpenApiSchema): SchemaSize {
  const ofFormat = formats.get(format);
  if (ofFormat !== undefined) return ofFormat;
  if (format === "byte") {
    return { elementsMax: atLeastZero(maxLength) ?? textMax, bytesMin: quotesBytes };
  }
  const lengths = values.map((each) => (typeof each === "string" ? Buffer.byteLength(each) : 0));
  const longest =
    lengths.length === 0 ? textMax : lengths.reduce((most, each) => Math.max(most, each), 0);
  return { elementsMax: charactersMax(maxLength) ?? longest, bytesMin: quotesBytes };
}

/** `maxLength` counts characters, and what is stored is bytes. */
function charactersMax(maxLength: number | undefined): number | undefined {
  return maxLength === undefined ? undefined : Math.max(0, maxLength) * bytesOfCharacter;
}

function atLeastZero(count: number | undefined): number | undefined {
  return count === undefined ? undefined : Math.max(0, count);
}
