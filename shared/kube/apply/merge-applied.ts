import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import type { FieldSet } from "./field-set.ts";
import { type FieldType, fieldSchema, fieldType, itemElement } from "./field-type.ts";

type ListType = Extract<FieldType, { kind: "set" | "keyed" }>;

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
      mergeValue(live[name], value, fieldSchema(schema, name)),
    ]);
    return { ...live, ...Object.fromEntries(merged) };
  }
  if (type.kind !== "atomic" && type.kind !== "map" && isArray(live) && isArray(applied)) {
    return mergeList(live, applied, type);
  }
  return applied;
}

/** Lists as maps from the items' path elements; a repeated item counts once, as its last one. */
interface ListPair {
  readonly live: ReadonlyMap<string, Json>;
  readonly applied: ReadonlyMap<string, Json>;
}

function mergeList(
  live: readonly Json[],
  applied: readonly Json[],
  type: ListType,
): readonly Json[] {
  const byElement = (items: readonly Json[]): ReadonlyMap<string, Json> =>
    new Map(items.map((item) => [itemElement(type, item), item]));
  const pair: ListPair = { live: byElement(live), applied: byElement(applied) };
  return mergedOrder(pair).flatMap((element): readonly Json[] => {
    const [before, after] = [pair.live.get(element), pair.applied.get(element)];
    if (after !== undefined) return [mergeValue(before, after, type.items)];
    return before === undefined ? [] : [before];
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
  readonly applied: ReadonlyMap<string, Json>;
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

/** The object without the fields of the set; a list or map that this empties goes too. */
export function withoutFields(
  object: JsonObject,
  fields: FieldSet,
  schema: OpenApiSchema,
): JsonObject {
  return (remove(object, fields, schema) ?? {}) as JsonObject;
}

function remove(value: Json, fields: FieldSet, schema: OpenApiSchema): Json | undefined {
  const type = fieldType(schema, value);
  if (type.kind === "map" && isObject(value)) {
    const kept = fieldsOf(value).flatMap(([name, child]): [string, Json][] => {
      const below = fields.children.get(`f:${name}`);
      const rest = below === undefined ? child : restOf(child, below, fieldSchema(schema, name));
      return rest === undefined ? [] : [[name, rest]];
    });
    const emptied = kept.length === 0 && fieldsOf(value).length > 0;
    return emptied ? undefined : Object.fromEntries(kept);
  }
  if ((type.kind === "set" || type.kind === "keyed") && isArray(value)) {
    const kept = value.flatMap((item): Json[] => {
      const below = fields.children.get(itemElement(type, item));
      const rest = below === undefined ? item : restOf(item, below, type.items);
      return rest === undefined ? [] : [rest];
    });
    return kept.length === 0 && value.length > 0 ? undefined : kept;
  }
  return value;
}

function restOf(value: Json, fields: FieldSet, schema: OpenApiSchema): Json | undefined {
  return fields.member ? undefined : remove(value, fields, schema);
}
