import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

/** Fields whose values differ from run to run, wherever they stand. */
const volatile = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "lastTransitionTime",
  "time",
  "continue",
  "storageVersionHash",
  "serverAddress",
]);

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A whole object in a message: each server writes its fields in an order of its own. */
const patchedObject = /Invalid value: "\{\\"(?:[^"\\]|\\.)*"/g;

/** The end of a generated name: no vowels, so that it spells no word. */
const generatedSuffix = /[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/**
 * The value without what differs from run to run: versions, uids and times become "*", the case's
 * namespace "{ns}". What is empty stays empty, so that an absent version is no version.
 */
export function normalised(value: Json, namespace: string): Json {
  if (Array.isArray(value)) return value.map((each: Json) => normalised(each, namespace));
  if (typeof value === "string") return normalisedText(value, namespace);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value as JsonObject).flatMap(([name, child]): [string, Json][] => {
    if (child === undefined) return [];
    const shown = normalisedText(name, namespace);
    const isHidden = volatile.has(name) && typeof child === "string" && child !== "";
    const value = name === "causes" ? once(child) : child;
    return [[shown, isHidden ? "*" : normalised(value, namespace)]];
  });
  return withoutSuffix(Object.fromEntries(fields));
}

/**
 * kube-apiserver checks some things twice and lists what is wrong with them as often; and it walks
 * maps, so managers and properties too, in any order.
 */
function once(causes: Json): Json {
  if (!Array.isArray(causes)) return causes;
  const byText = new Map(causes.map((cause: Json) => [sortedText(cause), cause]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, cause]) => cause);
}

function sortedText(cause: Json): string {
  if (typeof cause !== "object" || cause === null) return JSON.stringify(cause);
  return JSON.stringify(Object.entries(cause).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function normalisedText(text: string, namespace: string): string {
  return text
    .replaceAll(namespace, "{ns}")
    .replace(patchedObject, "Invalid value: {patched}")
    .replace(uuid, "{uid}")
    .replace(/(\\?"resourceVersion\\?":\\?")\d+/g, "$1{n}")
    .replace(/(resourceVersion: ")\d+/g, "$1{n}")
    .replace(/(current: |object meta: |resource version: |in record \()\d+/g, "$1{n}")
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "{time}");
}

function withoutSuffix(object: JsonObject): JsonObject {
  const { generateName, name } = object;
  if (typeof generateName !== "string" || typeof name !== "string") return object;
  return name.startsWith(generateName) || name.length >= 63
    ? { ...object, name: name.replace(generatedSuffix, "{random}") }
    : object;
}

/** The parts of a value that the paths name: "metadata.labels", "items.0.metadata.name". */
export function picked(value: Json, paths: readonly string[]): JsonObject {
  return Object.fromEntries(
    paths.map((path): [string, Json] => {
      const found = path.split(".").reduce<Json | undefined>((each, name) => {
        if (typeof each !== "object" || each === null) return undefined;
        return (each as JsonObject)[name];
      }, value);
      return [path, found ?? null];
    }),
  );
}
