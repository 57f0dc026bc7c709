import type { Json } from "../../lib/kube-object.ts";
import { isString } from "../json.ts";

/**
 * Whether a written object's `metadata.resourceVersion` names a version that its writer has read.
 * Who names none writes whatever the object's version is; "0" is none too.
 */
export function hasVersion(resourceVersion: Json | undefined): resourceVersion is string {
  return isString(resourceVersion) && resourceVersion !== "" && resourceVersion !== "0";
}
