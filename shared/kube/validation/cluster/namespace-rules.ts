import type { JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at, isString, objectOf, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import type { ObjectRule } from "../rule.ts";

const standardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

function finalizerErrors(name: string): readonly string[] {
  const errors = qualifiedNameErrors(name);
  if (name.includes("/") || standardFinalizers.includes(name)) return errors;
  return [...errors, "name is neither a standard finalizer name nor is it fully qualified"];
}

const securityPrefix = "pod-security.kubernetes.io/";
const levels = ["privileged", "baseline", "restricted"];
const securityVersion = /^(latest|v1\.(0|[1-9]\d{0,8}))$/;

/** How the pods of a namespace are secured: a label that nobody can read would secure nothing. */
function securityErrors(namespace: KubeObject): readonly FieldError[] {
  const labels = objectOf(namespace.metadata["labels"]);
  return ["enforce", "audit", "warn"].flatMap((mode) => [
    ...labelErrors(labels, `${securityPrefix}${mode}`, (value) =>
      levels.includes(value) ? undefined : `must be one of ${levels.join(", ")}`,
    ),
    ...labelErrors(labels, `${securityPrefix}${mode}-version`, (value) =>
      securityVersion.test(value) ? undefined : 'must be "latest" or "v1.x"',
    ),
  ]);
}

function labelErrors(
  labels: JsonObject,
  name: string,
  check: (value: string) => string | undefined,
): readonly FieldError[] {
  const value = Object.hasOwn(labels, name) ? textOf(labels[name]) : undefined;
  const because = value === undefined ? undefined : check(value);
  if (value === undefined || because === undefined) return [];
  return [invalidValue(`metadata.labels[${name}]`, value, because)];
}

/**
 * What a Namespace must be: who has a word in the end of a new one is named as a finalizer, which
 * updates do not touch, and labels that secure its pods can be read.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export const namespaceRules: ObjectRule = (namespace, before) => {
  const added = before === undefined ? arrayOf(at(namespace, "spec", "finalizers")) : [];
  const errors = errorsOfItems(added.filter(isString), (name) =>
    finalizerErrors(name).map((because) => invalidValue("spec.finalizers", name, because)),
  );
  return errors.length > 0 ? errors : securityErrors(namespace);
};
