import type { Json, JsonObject } from "../../lib/kube-object.ts";

/** A field to select by whose value is not simply the one at its path, or has a default. */
export interface SelectableField {
  /** As clients name it: "spec.unschedulable" */
  readonly path: string;
  readonly read: (object: JsonObject) => Json | undefined;
}
