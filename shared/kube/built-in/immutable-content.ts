import { forbiddenField, invalidValue } from "../field-errors.ts";
import { jsonEquals } from "../json.ts";
import type { FieldError, KubeObject } from "../served-kind.ts";

/**
 * What an update of a ConfigMap may not do once it says `immutable`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export function contentErrors(object: KubeObject, before?: KubeObject): readonly FieldError[] {
  if (before?.["immutable"] !== true) return [];
  const changed = ["data", "binaryData"].filter((name) => !jsonEquals(object[name], before[name]));
  const fields = object["immutable"] === true ? changed : ["immutable", ...changed];
  return fields.map((field) => forbiddenField(field, "field is immutable when `immutable` is set"));
}

/** The same for a Secret, whose type never changes. */
export function secretErrors(object: KubeObject, before?: KubeObject): readonly FieldError[] {
  if (before === undefined) return [];
  const { type = "" } = object;
  const isOther = type !== before["type"];
  return [
    ...(isOther ? [invalidValue("type", type, "field is immutable")] : []),
    ...contentErrors(object, before),
  ];
}
