import type { Json } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject, isString } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import type { CelEnvironment } from "./cel-node.ts";
import { durationNanos, durationOfNanos } from "./duration.ts";
import { namesOfProperty } from "./names-of-property.ts";

/**
 * What a schema is in CEL: its type, and how JSON becomes a value of it. Integers become `BigInt`:
 * to the library a JavaScript number is a double. Objects become `Map`s, so no name of a user's
 * field means anything to JavaScript.
 */
export interface CelShape {
  /** "int", "list<string>", "object.spec" */
  readonly type: string;
  /** Undefined for JSON that is no value of the type: it counts as absent. */
  readonly valueOf: (json: Json) => unknown;
  /** Of an object, by the names of their properties. */
  readonly fields?: ReadonlyMap<string, CelShape>;
  /** Of a list or a map. */
  readonly items?: CelShape;
}

const text: OpenApiSchema = { type: "string" };

/** What can be reached at the root of each object, whatever its schema says. */
const rootProperties: Readonly<Record<string, OpenApiSchema>> = {
  apiVersion: text,
  kind: text,
  metadata: { type: "object", properties: { name: text, generateName: text } },
};

/** Names of types: "object", and "object.2" for what comes below. */
interface Naming {
  readonly environment: CelEnvironment;
  count: number;
}

/**
 * The shape of a schema; its object types are registered with the environment. Undefined for what
 * has no type that expressions can rely on, such as fields of any content: these cannot be reached.
 */
export function shapeOf(
  environment: CelEnvironment,
  schema: OpenApiSchema,
  isRoot: boolean,
): CelShape | undefined {
  return shape({ environment, count: 0 }, schema, isRoot);
}

function shape(naming: Naming, schema: OpenApiSchema, isRoot: boolean): CelShape | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return intOrString;
  const { type = "any" } = schema as { readonly type?: string };
  switch (type) {
    case "array":
      return listShape(naming, schema);
    case "object":
      return typeof schema.additionalProperties === "object" && !isRoot
        ? mapShape(naming, schema.additionalProperties)
        : objectShape(naming, schema, isRoot);
    case "string":
      return textShape(schema.format);
    case "boolean":
      return { type: "bool", valueOf: (json) => (typeof json === "boolean" ? json : undefined) };
    case "integer":
      return { type: "int", valueOf: intOf };
    case "number":
      return { type: "double", valueOf: (json) => (typeof json === "number" ? json : undefined) };
    default:
      return undefined;
  }
}

function intOf(json: Json): bigint | undefined {
  return typeof json === "number" && Number.isInteger(json) ? BigInt(json) : undefined;
}

const intOrString: CelShape = {
  type: "dyn",
  valueOf: (json) => (isString(json) ? json : intOf(json)),
};

function textShape(format: string | undefined): CelShape {
  switch (format ?? "") {
    case "byte":
      return { type: "bytes", valueOf: textTo((json) => Buffer.from(json, "base64")) };
    case "duration":
      return { type: "google.protobuf.Duration", valueOf: textTo(durationOf) };
    case "date":
    case "date-time":
      return { type: "google.protobuf.Timestamp", valueOf: textTo(timeOf) };
    default:
      return { type: "string", valueOf: textTo((json) => json) };
  }
}

function textTo(convert: (json: string) => unknown): CelShape["valueOf"] {
  return (json) => (isString(json) ? convert(json) : undefined);
}

function durationOf(json: string): unknown {
  const nanos = durationNanos(json);
  return nanos === undefined ? undefined : durationOfNanos(nanos);
}

function timeOf(json: string): Date | undefined {
  const time = new Date(json);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function listShape(naming: Naming, schema: OpenApiSchema): CelShape | undefined {
  const { items: itemSchema } = schema;
  const items =
    itemSchema === undefined ? undefined : shape(naming, itemSchema, isEmbedded(itemSchema));
  if (items === undefined) return undefined;
  return {
    type: `list<${items.type}>`,
    // Null, which only a nullable item can be, is a value here: indexes must not move.
    valueOf: (json) =>
      isArray(json) ? json.map((item) => items.valueOf(item) ?? null) : undefined,
    items,
  };
}

function mapShape(naming: Naming, valueSchema: OpenApiSchema): CelShape | undefined {
  const items = shape(naming, valueSchema, isEmbedded(valueSchema));
  if (items === undefined) return undefined;
  return {
    type: `map<string, ${items.type}>`,
    valueOf: (json) =>
      isObject(json)
        ? new Map(fieldsOf(json).map(([name, each]) => [name, items.valueOf(each) ?? null]))
        : undefined,
    items,
  };
}

function isEmbedded(schema: OpenApiSchema): boolean {
  return schema["x-kubernetes-embedded-resource"] === true;
}

function objectShape(naming: Naming, schema: OpenApiSchema, isRoot: boolean): CelShape {
  const type = naming.count === 0 ? "object" : `object.${naming.count}`;
  naming.count += 1;
  const fields = new Map<string, CelShape>();
  const types: Record<string, string> = {};
  const properties = { ...schema.properties, ...(isRoot && rootProperties) };
  for (const [name, property] of Object.entries(properties)) {
    const field = shape(naming, property, isEmbedded(property));
    if (field === undefined) continue;
    fields.set(name, field);
    for (const each of namesOfProperty(name)) types[each] = field.type;
  }
  // The library tells types by their constructors.
  const ctor = class extends Map<string, unknown> {};
  naming.environment.registerType(type, { ctor, fields: types });
  return { type, valueOf: (json) => objectValue(json, fields, new ctor()), fields };
}

function objectValue(
  json: Json,
  fields: ReadonlyMap<string, CelShape>,
  object: Map<string, unknown>,
): unknown {
  if (!isObject(json)) return undefined;
  for (const [name, field] of fields) {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (value === undefined || value === null) continue;
    const converted = field.valueOf(value);
    if (converted === undefined) continue;
    // What no expression can reach is compared, too.
    object.set(name, converted);
    for (const each of namesOfProperty(name)) object.set(each, converted);
  }
  return object;
}
