import type { FieldError, KubeObject } from "../../../shared/kube/served-kind.ts";
import type { ObjectRule } from "../../../shared/kube/validation/rule.ts";

/** What a rule says of an object: "spec.replicas: Invalid value: -1: must be …". */
export function errorsOf(rule: ObjectRule, object: KubeObject, before?: KubeObject) {
  return rule(object, before).map(told);
}

export const told = ({ field, message }: FieldError): string => `${field}: ${message}`;
