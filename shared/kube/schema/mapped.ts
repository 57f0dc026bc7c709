/** Values that are made of others, and are the same where nothing changes: most are well. */
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf } from "../json.ts";

/** The list with each item as `map` makes it; the same list when each stays what it is. */
export function mapped(
  list: readonly Json[],
  map: (item: Json, index: number) => Json,
): readonly Json[] {
  let changed: Json[] | undefined;
  for (const [index, item] of list.entries()) {
    const made = map(item, index);
    if (made === item) continue;
    changed ??= [...list];
    changed[index] = made;
  }
  return changed ?? list;
}

/** The object with each field as `map` makes it, without those that it makes undefined. */
export function mappedFields(
  object: JsonObject,
  map: (name: string, value: Json) => Json | undefined,
): JsonObject {
  let changed: Map<string, Json | undefined> | undefined;
  for (const name of Object.keys(object)) {
    const value = object[name] as Json;
    const made = map(name, value);
    if (made === value) continue;
    changed ??= new Map();
    changed.set(name, made);
  }
  return changed === undefined ? object : withFields(object, changed);
}

function withFields(
  object: JsonObject,
  changed: ReadonlyMap<string, Json | undefined>,
): JsonObject {
  const fields = fieldsOf(object).flatMap(([name, value]): [string, Json][] => {
    const made = changed.has(name) ? changed.get(name) : value;
    return made === undefined ? [] : [[name, made]];
  });
  return Object.fromEntries(fields);
}
