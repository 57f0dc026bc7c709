import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { at, fieldsOf, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { type FieldSet, isEmptySet, noFields } from "./field-set.ts";
import {
  fieldSchema,
  fieldType,
  itemElement,
  itemsByElement,
  type KeyedList,
} from "./field-type.ts";

/** The live object with what is applied laid over it; what only one of them has stays. */
export function mergeApplied(
  live: JsonObject | undefined,
  applied: JsonObject,
  schema: OpenApiSchema,
): JsonObject {
  return mergeValue(live, applied, schema) as JsonObject;
}

function mergeValue(live: Json | undefined, applied: Json, schema: OpenApiSchema): Json {
  if (live === undefined || live === null) return applied;
  const type = fieldType(schema, applied);
  if (type.kind === "map" && isObject(live) && isObject(applied)) {
    const merged = fieldsOf(applied).map(([name, value]): [string, Json] => [
      name,
      mergeValue(at(live, name), value, fieldSchema(schema, name)),
    ]);
    return { ...live, ...Object.fromEntries(merged) };
  }
  if (type.kind !== "atomic" && type.kind !== "map" && isArray(live) && isArray(applied)) {
    return mergeList(live, applied, type);
  }
  return applied;
}

/** Lists as maps from the items' path elements. */
interface ListPair {
  readonly live: ReadonlyMap<string, readonly Json[]>;
  readonly applied: ReadonlyMap<string, readonly Json[]>;
}

function mergeList(
  live: readonly Json[],
  applied: readonly Json[],
  type: KeyedList,
): readonly Json[] {
  const pair: ListPair = {
    live: itemsByElement(live, type),
    applied: itemsByElement(applied, type),
  };
  return mergedOrder(pair).flatMap((element): readonly Json[] => {
    const [before = [], after = []] = [pair.live.get(element), pair.applied.get(element)];
    const [item] = after;
    if (item === undefined) return before;
    // Of items that share a key, what is applied takes the place of all.
    return [mergeValue(before.length === 1 ? before[0] : undefined, item, type.items)];
  });
}

/**
 * The order of a merged list, as structured-merge-diff has it: shared items in the order in which
 * they are applied, live items where they stood before or after those, new items before the shared
 * item that they are applied before.
 *
 * @see https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/merge.go
 */
function mergedOrder({ live, applied }: ListPair): readonly string[] {
  const lives = [...live.keys()];
  const applies = [...applied.keys()];
  const shared = applies.filter((element) => live.has(element));
  const order = new Set<string>();
  let [l, a, s] = [0, 0, 0];
  while (l < lives.length || a < applies.length) {
    const [element, wanted] = [lives[l], applies[a]];
    const step = stepOf({ element, wanted, nextShared: shared[s], order, applied });
    if (step === "live" && element !== undefined) order.add(element);
    if (step !== "applied") l += 1;
    if (step !== "applied" && step !== "both") continue;
    if (wanted !== undefined) order.add(wanted);
    if (shared[s] === wanted) s += 1;
    a += 1;
  }
  return [...order];
}

interface Cursor {
  readonly element: string | undefined;
  readonly wanted: string | undefined;
  readonly nextShared: string | undefined;
  readonly order: ReadonlySet<string>;
  readonly applied: ReadonlyMap<string, readonly Json[]>;
}

/** What comes next: the live item, the applied one, the one that is both, or neither yet. */
function stepOf(cursor: Cursor): "live" | "applied" | "both" | "skip" {
  const { element, wanted, nextShared, order, applied } = cursor;
  if (element === undefined) return "applied";
  if (element === wanted) return "both";
  if (order.has(element)) return "skip";
  if (!applied.has(element)) return "live";
  // A shared item whose turn comes later, after those that are applied before it.
  const isLater = nextShared !== undefined && nextShared !== element;
  return wanted === undefined || isLater ? "skip" : "applied";
}

/** Fields that go, and those that stay even when all that was in them goes. */
export interface Removal {
  readonly gone: FieldSet;
  readonly kept: FieldSet;
}

/** The object without fields; a list or map that this empties goes too, unless it is kept. */
export function withoutFields(
  object: JsonObject,
  removal: Removal,
  schema: OpenApiSchema,
): JsonObject {
  return (remove(object, removal, schema) ?? {}) as JsonObject;
}

function remove(value: Json, removal: Removal, schema: OpenApiSchema): Json | undefined {
  const type = fieldType(schema, value);
  if (type.kind === "map" && isObject(value)) {
    const rest = fieldsOf(value).flatMap(([name, child]): [string, Json][] => {
      const left = restOf(child, below(removal, `f:${name}`), fieldSchema(schema, name));
      return left === undefined ? [] : [[name, left]];
    });
    const isEmptied = rest.length === 0 && fieldsOf(value).length > 0;
    return isEmptied && !removal.kept.member ? undefined : Object.fromEntries(rest);
  }
  if ((type.kind === "set" || type.kind === "keyed") && isArray(value)) {
    const rest = value.flatMap((item): Json[] => {
      const left = restOf(item, below(removal, itemElement(type, item)), type.items);
      return left === undefined ? [] : [left];
    });
    const isEmptied = rest.length === 0 && value.length > 0;
    return isEmptied && !removal.kept.member ? undefined : rest;
  }
  return value;
}

function below({ gone, kept }: Removal, element: string): Removal {
  return {
    gone: gone.children.get(element) ?? noFields,
    kept: kept.children.get(element) ?? noFields,
  };
}

function restOf(value: Json, removal: Removal, schema: OpenApiSchema): Json | undefined {
  if (isEmptySet(removal.gone)) return value;
  return removal.gone.member ? undefined : remove(value, removal, schema);
}
