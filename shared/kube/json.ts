import type { Json, JsonObject } from "../lib/kube-object.ts";

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isString(value: Json | undefined): value is string {
  return typeof value === "string";
}

/** The value as an object; an empty one for anything else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function arrayOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** Undefined for anything but text. */
export function textOf(value: Json | undefined): string | undefined {
  return isString(value) ? value : undefined;
}

/** The names and values of an object that are there: JSON has no undefined. */
export function fieldsOf(value: JsonObject): [name: string, value: Json][] {
  return Object.entries(value).filter((field): field is [string, Json] => field[1] !== undefined);
}

/** What is found by following the names; undefined as soon as one is missing. */
export function at(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  let found = value;
  for (const name of names) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

/** The object with the value at the path; objects on the way are made where they are missing. */
export function withValueAt(
  object: JsonObject,
  names: readonly string[],
  value: Json | undefined,
): JsonObject {
  const [name, ...rest] = names;
  if (name === undefined) return object;
  if (rest.length === 0) {
    return value === undefined ? omit(object, [name]) : { ...object, [name]: value };
  }
  return { ...object, [name]: withValueAt(objectOf(object[name]), rest, value) };
}

export function omit(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(fieldsOf(object).filter(([name]) => !names.includes(name)));
}

/** Equal as JSON: the order of names and fields that are undefined do not count. */
export function jsonEquals(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (isArray(left) && isArray(right)) {
    return left.length === right.length && left.every((item, i) => jsonEquals(item, right[i]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const fields = fieldsOf(left);
  return (
    fields.length === fieldsOf(right).length &&
    fields.every(([name, value]) => Object.hasOwn(right, name) && jsonEquals(value, right[name]))
  );
}

/** The same text for equal values: names in order, as Go's JSON encoder writes maps. */
export function canonicalJson(value: Json): string {
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = fieldsOf(value).sort(([left], [right]) => (left < right ? -1 : 1));
  const texts = fields.map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each)}`);
  return `{${texts.join(",")}}`;
}

/** As Go writes JSON, without a line end: names in order, and nothing that could be HTML. */
export function goJson(value: Json): string {
  return canonicalJson(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * A value as messages show it. `String` would call a `toString` that a client has sent, which is no
 * function.
 */
export function printed(value: Json | undefined): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
