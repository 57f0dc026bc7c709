import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import type { Warnings } from "../../../shared/kube/warnings/warnings.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";

/** An object of any kind: rules of warnings are not told which. */
export function objectOf(content: JsonObject, metadata: JsonObject = {}): KubeObject {
  return { apiVersion: "v1", kind: "Any", metadata: { name: "web", ...metadata }, ...content };
}

/** All that is warned of. */
export function warned(warn: Warnings, object: KubeObject, before?: KubeObject): readonly string[] {
  return [...warn(object, before)];
}
