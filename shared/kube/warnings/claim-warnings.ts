import type { Json } from "../../lib/kube-object.ts";
import { at } from "../json.ts";
import { fractionalBytes } from "./fractional-bytes.ts";
import type { Warnings } from "./warnings.ts";

/** The `spec` of a claim for a volume: its size is a number of bytes. */
export function* claimSpecWarnings(spec: Json | undefined, path: string): Iterable<string> {
  for (const list of ["requests", "limits"]) {
    yield* fractionalBytes(at(spec, "resources", list), "storage", `${path}.resources.${list}`);
  }
}

const classAnnotation = "volume.beta.kubernetes.io/storage-class";

/** The class of a volume by an annotation, which has a field since. */
export function* classAnnotationWarnings(object: Json): Iterable<string> {
  if (at(object, "metadata", "annotations", classAnnotation) === undefined) return;
  yield `metadata.annotations[${classAnnotation}]: ` +
    'deprecated since v1.8; use "storageClassName" attribute instead';
}

/** @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1 */
export const persistentVolumeClaimWarnings: Warnings = function* (claim) {
  yield* classAnnotationWarnings(claim);
  yield* claimSpecWarnings(claim["spec"], "spec");
};
