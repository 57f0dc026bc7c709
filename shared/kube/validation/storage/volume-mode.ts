import { invalidValue } from "../../field-errors.ts";
import { at, isString } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { oneOf } from "../rule.ts";

/** Whether a volume holds files or is a bare disk. */
export const volumeMode = oneOf("Block", "Filesystem");

/** The mode stays as it was. Its path lacks the spec, as a kube-apiserver tells it. */
export function fixedVolumeMode(object: KubeObject, before?: KubeObject): readonly FieldError[] {
  const now = modeOf(object);
  if (before === undefined || now === modeOf(before)) return [];
  return [invalidValue("volumeMode", now, "field is immutable")];
}

function modeOf(object: KubeObject): string {
  const mode = at(object, "spec", "volumeMode");
  return isString(mode) ? mode : "Filesystem";
}
