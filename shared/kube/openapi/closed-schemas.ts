import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, fieldsOf, isArray, isObject, isString } from "../json.ts";
import { schemaPrefix } from "./schema-reference.ts";

const kindExtension = "x-kubernetes-group-version-kind";

/** What is kept of learnt schemas, so that they stand in a document of their own. */
export interface Closing {
  /** The schemas of what is served; all that they refer to stays too. */
  readonly roots: readonly string[];
  /** Whether a schema may say that it describes this kind: each kind has one schema only. */
  readonly describes: (name: string, kind: JsonObject) => boolean;
}

/**
 * The schemas that are needed, without references that lead nowhere and without kinds that are not
 * served: Argo CD refuses a document with either.
 */
export function closedSchemas(schemas: JsonObject, { roots, describes }: Closing): JsonObject {
  const kept = new Map<string, Json>();
  const next = roots.filter((name) => Object.hasOwn(schemas, name));
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const schema = schemas[name];
    if (kept.has(name) || !isObject(schema)) continue;
    const needed: string[] = [];
    const closed = closedPart(schema, schemas, needed) as JsonObject;
    kept.set(name, withKinds(closed, name, describes));
    next.push(...needed);
  }
  return Object.fromEntries([...kept].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function closedPart(value: Json, schemas: JsonObject, needed: string[]): Json {
  if (isArray(value)) return value.map((item) => closedPart(item, schemas, needed));
  if (!isObject(value)) return value;
  const reference = value["$ref"];
  if (isString(reference)) {
    const name = reference.startsWith(schemaPrefix) ? reference.slice(schemaPrefix.length) : "";
    if (!isObject(Object.hasOwn(schemas, name) ? schemas[name] : undefined)) return anything;
    needed.push(name);
  }
  return Object.fromEntries(
    fieldsOf(value).map(([name, part]) => [name, closedPart(part, schemas, needed)]),
  );
}

const anything: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

function withKinds(schema: JsonObject, name: string, describes: Closing["describes"]): JsonObject {
  if (schema[kindExtension] === undefined) return schema;
  const { [kindExtension]: told, ...rest } = schema;
  const kinds = arrayOf(told).filter((kind) => isObject(kind) && describes(name, kind));
  return kinds.length > 0 ? { ...rest, [kindExtension]: kinds } : rest;
}
