import { arrayOf } from "../json.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";

/**
 * A living object with the finalizers of its kind, whatever its owners send: who cleans up after it
 * relies on them. They belong to nobody, so that no manager takes them away by giving its fields up
 * (as kubectl does when an object moves from client-side to server-side apply).
 */
export function withOwnFinalizers(object: KubeObject, { finalizers = [] }: ServedKind): KubeObject {
  const { metadata } = object;
  const held = arrayOf(metadata["finalizers"]);
  const missing = finalizers.filter((own) => !held.includes(own));
  if (missing.length === 0 || metadata["deletionTimestamp"] !== undefined) return object;
  return { ...object, metadata: { ...metadata, finalizers: [...held, ...missing] } };
}
