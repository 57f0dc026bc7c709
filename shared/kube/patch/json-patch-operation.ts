import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { isArray, isString, jsonEquals } from "../json.ts";

/** A document that a patch works on. */
type Mutable = Record<string, Json> | Json[];

/** What holds a value, and under which name or index. */
interface Place {
  readonly container: Mutable;
  readonly name: string;
}

/**
 * Makes one operation of a JSON patch in the document. Answers with the bytes that it has copied,
 * undefined when it cannot be done: then the document is of no use any more.
 *
 * Where RFC 6902 leaves it open, it does as the library of a kube-apiserver: negative indexes count
 * from the end, a value that is left out is null, and what is missing is equal to null. It also
 * replaces a member that is missing, which matters to templates: a field that has a default in a
 * cluster is missing in them.
 *
 * @see https://github.com/evanphx/json-patch/blob/master/patch.go
 */
export function applyOperation(document: JsonObject, operation: JsonObject): number | undefined {
  const { op, path, from, value = null } = operation;
  if (!isString(path) || !isString(op)) return undefined;
  if (op === "test" && path === "") return jsonEquals(document, value) ? 0 : undefined;
  const place = placeOf(document, path);
  if (place === undefined) return undefined;
  switch (op) {
    case "add":
      return done(add(place, structuredClone(value)));
    case "remove":
      return done(remove(place) !== undefined);
    case "replace":
      return done(replace(place, structuredClone(value)));
    case "test":
      return done(jsonEquals(read(place) ?? null, value));
    case "move":
      return done(move(document, from, path));
    case "copy":
      return copy(document, from, place);
    default:
      return undefined;
  }
}

function done(isDone: boolean): number | undefined {
  return isDone ? 0 : undefined;
}

/** Undefined when there is nothing that could hold a value there. */
function placeOf(document: JsonObject, pointer: Json | undefined): Place | undefined {
  if (!isString(pointer) || !pointer.startsWith("/")) return undefined;
  const names = pointer.split("/").slice(1).map(unescaped);
  const name = names.pop() ?? "";
  let container: Json | undefined = document;
  for (const each of names) {
    if (!isContainer(container)) return undefined;
    container = read({ container: container as Mutable, name: each });
  }
  // Nothing that reads an object knows a field of this name.
  const isHolder = isContainer(container) && name !== "__proto__";
  return isHolder ? { container: container as Mutable, name } : undefined;
}

function unescaped(text: string): string {
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isContainer(value: Json | undefined): boolean {
  return typeof value === "object" && value !== null;
}

/** The index that a name is in a list with so many places. */
function indexOf(name: string, places: number): number | undefined {
  if (!/^-?\d+$/.test(name)) return undefined;
  const number = Number(name);
  const index = number < 0 ? number + places : number;
  return index >= 0 && index < places ? index : undefined;
}

function read({ container, name }: Place): Json | undefined {
  if (!isArray(container)) return Object.hasOwn(container, name) ? container[name] : undefined;
  const index = indexOf(name, container.length);
  return index === undefined ? undefined : container[index];
}

function add({ container, name }: Place, value: Json): boolean {
  if (!isArray(container)) {
    container[name] = value;
    return true;
  }
  const places = container.length + 1;
  const index = name === "-" ? container.length : indexOf(name, places);
  if (index === undefined) return false;
  container.splice(index, 0, value);
  return true;
}

function remove(place: Place): Json | undefined {
  const { container, name } = place;
  const value = read(place);
  if (value === undefined) return undefined;
  if (isArray(container)) container.splice(indexOf(name, container.length) ?? 0, 1);
  else delete container[name];
  return value;
}

function replace({ container, name }: Place, value: Json): boolean {
  if (!isArray(container)) {
    container[name] = value;
    return true;
  }
  const index = indexOf(name, container.length);
  if (index === undefined) return false;
  container[index] = value;
  return true;
}

function move(document: JsonObject, from: Json | undefined, path: string): boolean {
  const source = placeOf(document, from);
  const value = source && remove(source);
  // Only now is it known what stands at the path: it may have been below what was moved.
  const place = placeOf(document, path);
  return value !== undefined && place !== undefined && add(place, value);
}

function copy(document: JsonObject, from: Json | undefined, place: Place): number | undefined {
  const source = placeOf(document, from);
  const value = source && read(source);
  if (value === undefined) return undefined;
  const bytes = JSON.stringify(value).length;
  return add(place, structuredClone(value)) ? bytes : undefined;
}
