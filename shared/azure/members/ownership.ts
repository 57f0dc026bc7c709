import { objectOf } from "../../kube/json.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import type { Manifest } from "../../rollout/model.ts";

/** Names the placement that an object in a member belongs to. */
const placementMark = "kubernetes-fleet.io/placement";
/** The object was there before the placement was: it is let go, never deleted. */
const existedMark = "kubernetes-fleet.io/existed-before-placement";

/** Whose an object in a member is. */
export type Owner =
  | { readonly kind: "nobody" }
  | { readonly kind: "placement"; readonly name: string; readonly existedBefore: boolean };

export function ownerOf(object: JsonObject): Owner {
  const annotations = annotationsOf(object);
  const name = annotations[placementMark];
  if (typeof name !== "string") return { kind: "nobody" };
  return { kind: "placement", name, existedBefore: annotations[existedMark] === "true" };
}

/** The manifest with the marks of its owner, as it is applied. */
export function marked(manifest: Manifest, name: string, existedBefore: boolean): Manifest {
  const annotations = {
    ...annotationsOf(manifest),
    [placementMark]: name,
    ...(existedBefore && { [existedMark]: "true" }),
  };
  return { ...manifest, metadata: { ...objectOf(manifest["metadata"]), annotations } };
}

/** A merge patch that takes the marks off. */
export const unmarked: JsonObject = {
  metadata: { annotations: { [placementMark]: null, [existedMark]: null } },
};

function annotationsOf(object: JsonObject): JsonObject {
  return objectOf(objectOf(object["metadata"])["annotations"]);
}
