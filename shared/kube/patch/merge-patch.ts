import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isObject } from "../json.ts";

/** RFC 7396: null removes, objects merge, anything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? fieldsOf(target) : []);
  for (const [name, value] of fieldsOf(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged) satisfies JsonObject;
}
