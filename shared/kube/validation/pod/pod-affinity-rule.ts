import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, isString } from "../../json.ts";
import { nameErrors, qualifiedNameErrors } from "../../object/name-rules.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import { all, each, fields, type Rule, required, whole } from "../rule.ts";
import { anyText, orEmpty } from "../zero-values.ts";
import { matchLabelKeysRule } from "./match-label-keys-rule.ts";
import { weightRule } from "./node-affinity-rule.ts";

/** A kube-apiserver says "namespace" of each of the "namespaces". */
const namespacesRule: Rule = whole(({ namespaces }, path) =>
  errorsOfItems(arrayOf(namespaces).filter(isString), (name) =>
    nameErrors("dns-label", name).map((because) =>
      invalidValue(`${path}.namespace`, name, because),
    ),
  ),
);

/** An empty key is told as missing and as no label's name. */
const topologyKeyRule: Rule = all(
  required(undefined, "can not be empty"),
  orEmpty(anyText(qualifiedNameErrors)),
);

const termRule: Rule = all(
  fields({ labelSelector: labelSelectorErrors, namespaceSelector: labelSelectorErrors }),
  namespacesRule,
  matchLabelKeysRule,
  fields({ topologyKey: topologyKeyRule }),
);

/**
 * Which pods a pod must or should be near to, or far from: "spec.affinity.podAffinity",
 * "spec.affinity.podAntiAffinity".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
 */
export const podAffinityRule: Rule = fields({
  requiredDuringSchedulingIgnoredDuringExecution: each(termRule),
  preferredDuringSchedulingIgnoredDuringExecution: each(
    fields({ weight: weightRule, podAffinityTerm: (value, path) => termRule(value ?? {}, path) }),
  ),
});
