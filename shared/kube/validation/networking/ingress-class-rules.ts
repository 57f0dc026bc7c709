import { forbiddenField, requiredValue, tooLong } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import {
  all,
  fields,
  first,
  immutable,
  type ObjectRule,
  type Rule,
  required,
  struct,
  whole,
} from "../rule.ts";
import { domainPrefixedPath } from "../text-rules.ts";
import { anyText, strictlyOneOf } from "../zero-values.ts";
import { localReferenceRule } from "./local-reference-rule.ts";

const controllerBytesMax = 250;

const controllerLength: Rule = (value, path) =>
  isString(value) && Buffer.byteLength(value) > controllerBytesMax
    ? [tooLong(path, controllerBytesMax)]
    : [];

const namespaceName = anyText((value) => nameErrors("dns-label", value));

/** Parameters of a namespace name it; those of the cluster, as when `scope` is left out, do not. */
const namespaceRule: Rule = whole(({ scope, namespace }, path) => {
  const where = `${path}.namespace`;
  if (scope === "Namespace") {
    const because = "`parameters.scope` is set to 'Namespace'";
    return isString(namespace) ? namespaceName(namespace, where) : [requiredValue(where, because)];
  }
  const because = "`parameters.scope` is set to 'Cluster'";
  return isString(namespace) ? [forbiddenField(where, because)] : [];
});

const contentRule: Rule = struct({
  spec: struct({
    controller: all(controllerLength, required(domainPrefixedPath)),
    parameters: all(
      localReferenceRule,
      first(fields({ scope: strictlyOneOf("Cluster", "Namespace") }), namespaceRule),
    ),
  }),
});

const keptController = immutable("spec", "controller");

/**
 * What an IngressClass must be. Its controller stays as it was created.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-class-v1/
 */
export const ingressClassRules: ObjectRule = (ingressClass, before) => [
  ...keptController(ingressClass, before),
  ...contentRule(ingressClass, ""),
];
