import { forbiddenField, invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
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
import { dnsSubdomain } from "../text-rules.ts";
import { anyText, strictlyOneOf } from "../zero-values.ts";
import { localReferenceRule } from "./local-reference-rules.ts";

const controllerBytesMax = 250;
const httpPath = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
const httpPathSentence =
  "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

const controllerLength: Rule = (value, path) =>
  isString(value) && Buffer.byteLength(value) > controllerBytesMax
    ? [tooLong(path, controllerBytesMax)]
    : [];

/** "example.com/ingress-controller" */
const domainPrefixedPath: Rule = (value, path) => {
  if (!isString(value)) return [];
  const [domain = "", ...segments] = value.split("/");
  const rest = segments.join("/");
  if (domain === "" || rest === "") {
    const because = 'must be a domain-prefixed path (such as "acme.io/foo")';
    return [invalidValue(path, value, because)];
  }
  return [
    ...dnsSubdomain(domain, path),
    ...(httpPath.test(rest) ? [] : [invalidValue(path, rest, httpPathSentence)]),
  ];
};

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
