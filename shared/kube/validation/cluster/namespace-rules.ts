import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at, isString } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { ObjectRule } from "../rule.ts";

const standardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

function finalizerErrors(name: string): readonly string[] {
  const errors = qualifiedNameErrors(name);
  if (name.includes("/") || standardFinalizers.includes(name)) return errors;
  return [...errors, "name is neither a standard finalizer name nor is it fully qualified"];
}

/**
 * What a new Namespace must be: who has a word in its end is named as a finalizer. Updates do not
 * touch them.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
 */
export const namespaceRules: ObjectRule = (namespace, before) =>
  before === undefined
    ? errorsOfItems(arrayOf(at(namespace, "spec", "finalizers")).filter(isString), (name) =>
        finalizerErrors(name).map((because) => invalidValue("spec.finalizers", name, because)),
      )
    : [];
