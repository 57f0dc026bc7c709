import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { arrayOf } from "../../json.ts";
import { below } from "../rule.ts";

/** Each container of a pod's spec, in the order in which a kube-apiserver visits them. */
export function containersOf(
  spec: JsonObject,
  path: string,
): readonly { readonly container: Json; readonly where: string }[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    arrayOf(spec[list]).map((container, index) => ({
      container,
      where: `${below(path, list)}[${index}]`,
    })),
  );
}
