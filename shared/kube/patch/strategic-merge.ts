import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, canonicalJson, fieldsOf, isArray, isObject } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";
import { keyedItems } from "./keyed-items.ts";

/**
 * Strategic merge patch: a merge patch whose lists merge too, by the merge keys of a shape, and
 * that may carry directives (`$patch`, `$retainKeys`, `$setElementOrder/…`,
 * `$deleteFromPrimitiveList/…`).
 *
 * @see https://git.k8s.io/community/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMerge(
  target: JsonObject,
  patch: JsonObject,
  shape: OpenApiSchema,
): JsonObject {
  return mergeObject(target, patch, shape);
}

const orderPrefix = "$setElementOrder/";
const deletePrefix = "$deleteFromPrimitiveList/";

function mergeObject(
  target: Json | undefined,
  patch: JsonObject,
  shape: OpenApiSchema,
): JsonObject {
  const directive = patch["$patch"];
  if (directive === "replace") return plainObject(patch);
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw badRequest(`unknown patch directive ${JSON.stringify(directive)}`);
  }
  const merged = new Map(retained(isObject(target) ? target : {}, patch["$retainKeys"]));
  for (const [name, value] of fieldsOf(patch)) {
    if (name.startsWith(deletePrefix)) {
      const field = name.slice(deletePrefix.length);
      merged.set(field, withoutItems(merged.get(field), value));
    } else if (!name.startsWith("$")) {
      const result = mergeField(merged.get(name), value, shapeOf(shape, name));
      if (result === undefined) merged.delete(name);
      else merged.set(name, result);
    }
  }
  return Object.fromEntries(
    ordered(merged, { live: isObject(target) ? target : {}, patch }, shape),
  );
}

/** The fields with the order of lists that the patch tells, or that its own items have. */
function ordered(
  merged: ReadonlyMap<string, Json>,
  { live, patch }: { readonly live: JsonObject; readonly patch: JsonObject },
  shape: OpenApiSchema,
): ReadonlyMap<string, Json> {
  const result = new Map(merged);
  for (const [name, value] of fieldsOf(patch)) {
    const isOrder = name.startsWith(orderPrefix);
    const field = isOrder ? name.slice(orderPrefix.length) : name;
    const list = merged.get(field);
    const fieldShape = shapeOf(shape, field);
    const isMerged = fieldShape["x-kubernetes-patch-strategy"]?.split(",").includes("merge");
    const isTold = isOrder || (isMerged === true && patch[`${orderPrefix}${field}`] === undefined);
    if (!isTold || !isArray(list) || !isArray(value)) continue;
    const key = fieldShape["x-kubernetes-patch-merge-key"];
    result.set(field, reorder(list, { order: value, live: arrayOf(live[field]) }, key));
  }
  return result;
}

function retained(target: JsonObject, keys: Json | undefined): readonly [string, Json][] {
  const fields = fieldsOf(target);
  return isArray(keys) ? fields.filter(([name]) => keys.includes(name)) : fields;
}

function withoutItems(list: Json | undefined, items: Json): Json {
  const removed = new Set(arrayOf(items).map(canonicalJson));
  return arrayOf(list).filter((item) => !removed.has(canonicalJson(item)));
}

function shapeOf(shape: OpenApiSchema, name: string): OpenApiSchema {
  const { properties, additionalProperties } = shape;
  const own =
    properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return own ?? (typeof additionalProperties === "object" ? additionalProperties : {});
}

/** Undefined when the patch removes the field. */
function mergeField(target: Json | undefined, patch: Json, shape: OpenApiSchema): Json | undefined {
  if (patch === null) return undefined;
  const strategies = shape["x-kubernetes-patch-strategy"]?.split(",") ?? [];
  if (isArray(patch)) {
    if (!strategies.includes("merge")) return plain(patch);
    const key = shape["x-kubernetes-patch-merge-key"];
    return key === undefined
      ? mergeValues(arrayOf(target), patch)
      : mergeItems(arrayOf(target), patch, { key, shape: shape.items ?? {} });
  }
  if (!isObject(patch)) return patch;
  return strategies.includes("replace") ? plainObject(patch) : mergeObject(target, patch, shape);
}

function mergeValues(target: readonly Json[], patch: readonly Json[]): readonly Json[] {
  const known = new Set(target.map(canonicalJson));
  return [...target, ...patch.filter((item) => !known.has(canonicalJson(item)))];
}

interface Items {
  readonly key: string;
  readonly shape: OpenApiSchema;
}

function mergeItems(
  target: readonly Json[],
  patch: readonly Json[],
  { key, shape }: Items,
): readonly Json[] {
  const replaces = patch.some((item) => isObject(item) && item["$patch"] === "replace");
  if (replaces) {
    return arrayOf(plain(patch.filter((item) => isObject(item) && item["$patch"] !== "replace")));
  }
  const items = keyedItems(target, key);
  for (const item of patch) {
    if (!isObject(item) || item[key] === undefined) {
      throw badRequest(`map: ${canonicalJson(item)} does not contain declared merge key: ${key}`);
    }
    if (item["$patch"] === "delete") items.remove(item[key]);
    else {
      items.put(item[key], (live) =>
        live === undefined ? plainObject(item) : mergeObject(live, item, shape),
      );
    }
  }
  return items.all();
}

interface Order {
  readonly order: readonly Json[];
  readonly live: readonly Json[];
}

/**
 * Items that the order names stand in that order. Others keep theirs, each before the first named
 * item that it stood before when the patch came: so what is new comes first.
 */
function reorder(
  list: readonly Json[],
  { order, live }: Order,
  key: string | undefined,
): readonly Json[] {
  const idOf = (item: Json): string =>
    canonicalJson(key !== undefined && isObject(item) ? (item[key] ?? null) : item);
  const placesIn = (items: readonly Json[]): ReadonlyMap<string, number> =>
    new Map(items.map((item, place) => [idOf(item), place]));
  const [places, livePlaces] = [placesIn(order), placesIn(live)];
  const placeOf = (item: Json): number => places.get(idOf(item)) ?? -1;
  const named = list
    .filter((item) => placeOf(item) >= 0)
    .sort((left, right) => placeOf(left) - placeOf(right));
  const result: Json[] = [];
  let next = 0;
  for (const item of list) {
    if (placeOf(item) >= 0) continue;
    const ownPlace = livePlaces.get(idOf(item)) ?? -1;
    for (; next < named.length; next++) {
      const before = named[next] as Json;
      const place = livePlaces.get(idOf(before)) ?? -1;
      if (place >= 0 && ownPlace >= 0 && ownPlace < place) break;
      result.push(before);
    }
    result.push(item);
  }
  return [...result, ...named.slice(next)];
}

/** What a patch adds as it is: without directives and nulls. */
function plain(value: Json): Json {
  if (isArray(value)) {
    return value.filter((item) => !(isObject(item) && item["$patch"] !== undefined)).map(plain);
  }
  return isObject(value) ? plainObject(value) : value;
}

function plainObject(object: JsonObject): JsonObject {
  return Object.fromEntries(
    fieldsOf(object)
      .filter(([name, value]) => !name.startsWith("$") && value !== null)
      .map(([name, value]) => [name, plain(value)]),
  );
}
