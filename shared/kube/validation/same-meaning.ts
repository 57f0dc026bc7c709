import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject, jsonEquals } from "../json.ts";

/**
 * Whether a change is none to a kube-apiserver, which sees objects with their defaults: what is
 * absent is null, empty, zero or false.
 */
export function meansTheSame(left: Json | undefined, right: Json | undefined): boolean {
  return jsonEquals(left ?? null, right ?? null) || jsonEquals(filled(left), filled(right));
}

/** The value without what can be left out. */
function filled(value: Json | undefined): Json {
  if (isArray(value)) return value.map(filled);
  if (!isObject(value)) return value ?? null;
  const fields = fieldsOf(value).map(([name, each]): [string, Json] => [name, filled(each)]);
  return Object.fromEntries(fields.filter(([, each]) => !isZero(each)));
}

function isZero(value: Json): boolean {
  if (isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return !value;
}

/** The object with defaults for the fields that it lacks. */
export function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  return {
    ...defaults,
    ...Object.fromEntries(fieldsOf(object).filter(([, each]) => each !== null)),
  };
}
