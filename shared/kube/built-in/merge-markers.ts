/**
 * The words in which merge shapes say how lists and maps merge: the `x-kubernetes-*` and patch
 * markers of k8s.io/api, and nothing else of its schemas.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
import type { OpenApiSchema } from "../served-kind.ts";

export type Properties = Readonly<Record<string, OpenApiSchema>>;

export function shape(properties: Properties): OpenApiSchema {
  return { type: "object", properties, "x-kubernetes-preserve-unknown-fields": true };
}

/** Items are told apart by some fields: in an apply by all keys, in a patch by the first. */
export function keyedList(keys: readonly string[], items: OpenApiSchema = {}): OpenApiSchema {
  return patchList(keys, items, "merge");
}

/** As `keyedList`; a patch says which keys of an item stay. */
export function keyedUnions(keys: readonly string[], items: OpenApiSchema = {}): OpenApiSchema {
  return patchList(keys, items, "merge,retainKeys");
}

/** Keyed to an apply, and replaced as a whole by a patch. */
export function appliedList(keys: readonly string[], items: OpenApiSchema = {}): OpenApiSchema {
  return {
    type: "array",
    items,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": keys,
  };
}

/** Keyed to a patch, and replaced as a whole by an apply. */
export function patchedList(key: string, items: OpenApiSchema = {}): OpenApiSchema {
  return {
    ...atomicList(items),
    "x-kubernetes-patch-merge-key": key,
    "x-kubernetes-patch-strategy": "merge",
  };
}

export function atomicList(items: OpenApiSchema = {}): OpenApiSchema {
  return { type: "array", items, "x-kubernetes-list-type": "atomic" };
}

/** Owned and replaced as a whole; a patch merges its fields all the same. */
export function atomic(properties: Properties = {}): OpenApiSchema {
  return { ...shape(properties), "x-kubernetes-map-type": "atomic" };
}

function patchList(keys: readonly string[], items: OpenApiSchema, strategy: string): OpenApiSchema {
  const [mergeKey] = keys;
  return {
    ...appliedList(keys, items),
    ...(mergeKey !== undefined && { "x-kubernetes-patch-merge-key": mergeKey }),
    "x-kubernetes-patch-strategy": strategy,
  };
}

export const atomicMap: OpenApiSchema = { type: "object", "x-kubernetes-map-type": "atomic" };

export const setList: OpenApiSchema = { type: "array", "x-kubernetes-list-type": "set" };

export const mergedSet: OpenApiSchema = { ...setList, "x-kubernetes-patch-strategy": "merge" };

export const textMap: OpenApiSchema = {
  type: "object",
  additionalProperties: { type: "string" },
};

/** A list of conditions, one of each type. */
export const withConditions: OpenApiSchema = shape({ conditions: keyedList(["type"]) });

export const protocol: OpenApiSchema = { type: "string", default: "TCP" };

/** A label selector is one thing, and so is what it selects by. */
export const selector: OpenApiSchema = atomic();

export const objectMeta = shape({
  labels: textMap,
  annotations: textMap,
  finalizers: mergedSet,
  ownerReferences: keyedList(["uid"], atomicMap),
});
