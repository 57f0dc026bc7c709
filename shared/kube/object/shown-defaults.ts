import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, fieldsOf, isArray, isObject, isString, jsonEquals, omit } from "../json.ts";
import type { KubeObject, ServedKind, ShownDefaults } from "../served-kind.ts";

/** The object with the defaults that its kind shows, in any version. */
export function withShown(object: KubeObject, { shownDefaults }: ServedKind): KubeObject {
  return shownDefaults === undefined ? object : withShownDefaults(object, shownDefaults);
}

/** What a client wants who has read the live object as it is shown, as it may be stored. */
export function withoutShown(
  wanted: KubeObject,
  live: KubeObject,
  { shownDefaults }: ServedKind,
): KubeObject {
  return shownDefaults === undefined ? wanted : withoutShownDefaults(wanted, live, shownDefaults);
}

/**
 * The value with the defaults of what it lacks; the value itself when it lacks nothing. Only what
 * changes is copied.
 *
 * ```ts
 * withShownDefaults({ spec: {} }, { fields: { spec: { values: { replicas: 1 } } } });
 * // { spec: { replicas: 1 } }
 * ```
 */
export function withShownDefaults<T extends JsonObject>(value: T, defaults: ShownDefaults): T {
  const missing = fieldsOf(valuesOf(value, defaults)).filter(([name]) => isAbsent(value, name));
  const changed = [...shownBelow(value, defaults), ...missing];
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}

/** The fields whose objects, or items, lack something. */
function shownBelow(value: JsonObject, { fields = {}, items = {} }: ShownDefaults): Fields {
  const changed: [name: string, value: Json][] = [];
  for (const [name, below] of Object.entries(fields)) {
    const field = value[name];
    const shown = isObject(field) ? withShownDefaults(field, below) : field;
    if (shown !== undefined && shown !== field) changed.push([name, shown]);
  }
  for (const [name, each] of Object.entries(items)) {
    const list = arrayOf(value[name]);
    const shown = list.map((item) => (isObject(item) ? withShownDefaults(item, each) : item));
    if (shown.some((item, index) => item !== list[index])) changed.push([name, shown]);
  }
  return changed;
}

type Fields = readonly [name: string, value: Json][];

/**
 * What a client wants who has seen the stored value with its defaults, without the defaults that
 * came back as they were shown: nobody has written them. One that would not be shown again, as it
 * depends on what has changed, is kept.
 */
export function withoutShownDefaults<T extends JsonObject>(
  wanted: T,
  stored: JsonObject,
  defaults: ShownDefaults,
): T {
  const shown = fieldsOf(valuesOf(stored, defaults))
    .filter(([name, value]) => isAbsent(stored, name) && jsonEquals(wanted[name], value))
    .map(([name]) => name);
  const rest = shown.length === 0 ? wanted : (omit(wanted, shown) as T);
  const again = valuesOf(rest, defaults);
  const kept = shown
    .filter((name) => !jsonEquals(again[name], wanted[name]))
    .map((name) => [name, wanted[name]]);
  return {
    ...rest,
    ...(Object.fromEntries(kept) as JsonObject),
    ...Object.fromEntries(unseenBelow(wanted, stored, defaults)),
  };
}

function unseenBelow(
  wanted: JsonObject,
  stored: JsonObject,
  { fields = {}, items = {} }: ShownDefaults,
): Fields {
  const ofFields = Object.entries(fields).flatMap(([name, below]): Fields => {
    const [field, old] = [wanted[name], stored[name]];
    if (!isObject(field) || !isObject(old)) return [];
    return [[name, withoutShownDefaults(field, old, below)]];
  });
  const ofItems = Object.entries(items).flatMap(([name, each]): Fields => {
    const [list, old] = [wanted[name], stored[name]];
    if (!isArray(list) || !isArray(old)) return [];
    const same = sameIn(old);
    return [[name, list.map((item, index) => unseenItem(item, same(item, index), each))]];
  });
  return [...ofFields, ...ofItems];
}

function unseenItem(item: Json, old: Json | undefined, defaults: ShownDefaults): Json {
  const isBoth = isObject(item) && isObject(old);
  return isBoth ? withoutShownDefaults(item, old, defaults) : item;
}

/** Finds the stored item in the same place, or that of the same name where items have names. */
function sameIn(stored: readonly Json[]) {
  let byName: ReadonlyMap<Json, Json> | undefined;
  return (item: Json, index: number): Json | undefined => {
    const name = at(item, "name");
    const isNamed = isString(name) && name !== "";
    const same = stored[index];
    if (!isNamed || at(same, "name") === name) return same;
    // Of several of one name the first counts.
    byName ??= new Map(stored.toReversed().map((each) => [at(each, "name") ?? null, each]));
    return byName.get(name);
  };
}

function valuesOf(value: JsonObject, { values = {} }: ShownDefaults): JsonObject {
  return typeof values === "function" ? values(value) : values;
}

/** A field that is null is none. */
function isAbsent(value: JsonObject, name: string): boolean {
  return !Object.hasOwn(value, name) || value[name] === null || value[name] === undefined;
}
