import type { JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { at, isObject, isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import {
  all,
  each,
  fields,
  isMissing,
  type ObjectRule,
  type Rule,
  required,
  text,
  whole,
} from "../rule.ts";
import { dnsSubdomain } from "../text-rules.ts";
import { anyText, strictlyOneOf } from "../zero-values.ts";
import { ingressBackendRule } from "./ingress-backend-rule.ts";
import { ipFamilyOf } from "./ip-rules.ts";

const classAnnotation = "kubernetes.io/ingress.class";
const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const typeRule = strictlyOneOf(...pathTypes);
const forbiddenSequences = ["//", "/./", "/../", "%2f", "%2F"];
const forbiddenEndings = ["/..", "/."];
const hostCharactersMax = 253;

const wildcardHost = /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const wildcardSentence =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which " +
  "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric " +
  "character (e.g. '*.example.com', regex used for validation is " +
  "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** "shop.example.com", "*.example.com" */
function hostErrors(host: string): readonly string[] {
  if (!host.includes("*")) return nameErrors("dns-subdomain", host);
  return [
    ...(host.length > hostCharactersMax
      ? [`must be no more than ${hostCharactersMax} characters`]
      : []),
    ...(wildcardHost.test(host) ? [] : [wildcardSentence]),
  ];
}

/** No host means all of them. */
const ruleHost = text((host) => [
  ...(ipFamilyOf(host) === undefined ? [] : ["must be a DNS name, not an IP address"]),
  ...hostErrors(host),
]);

/** The path of a request, and how it is compared; absent and empty text are the same path. */
const httpPathRule: Rule = (value, path) => {
  if (!isObject(value)) return [];
  const { pathType } = value;
  const given = value["path"] ?? "";
  const where = `${path}.pathType`;
  if (pathType === undefined || pathType === null) {
    return [requiredValue(where, "pathType must be specified")];
  }
  const errors = isString(pathType) && isString(given) ? pathErrors(pathType, given) : [];
  return [
    ...typeRule(pathType, where),
    ...errors.map((because) => invalidValue(`${path}.path`, given, because)),
    ...ingressBackendRule(value["backend"], `${path}.backend`),
  ];
};

function pathErrors(pathType: string, path: string): readonly string[] {
  if (!pathTypes.includes(pathType)) return [];
  const isOfServer = pathType === "ImplementationSpecific";
  if (isOfServer && path === "") return [];
  const absolute = path.startsWith("/") ? [] : ["must be an absolute path"];
  if (isOfServer) return absolute;
  return [
    ...absolute,
    ...forbiddenSequences
      .filter((each) => path.includes(each))
      .map((each) => `must not contain '${each}'`),
    ...forbiddenEndings
      .filter((each) => path.endsWith(each))
      .map((each) => `cannot end with '${each}'`),
  ];
}

const defaultOrRules: Rule = whole(({ defaultBackend, rules = null }, path) => {
  if (!isMissing(defaultBackend) || !isMissing(rules)) return [];
  const because = "either `defaultBackend` or `rules` must be specified";
  return [invalidValue(path, rules, because)];
});

/** A backend that is there: only that of a path is there when it is absent. */
const defaultBackend: Rule = (value, path) =>
  isObject(value) ? ingressBackendRule(value, path) : [];

const specRule: Rule = all(
  defaultOrRules,
  fields({
    defaultBackend,
    rules: each(fields({ host: ruleHost, http: fields({ paths: required(each(httpPathRule)) }) })),
    tls: each(fields({ hosts: each(anyText(hostErrors)), secretName: dnsSubdomain })),
    ingressClassName: anyText((value) => nameErrors("dns-subdomain", value)),
  }),
);

const contentRule: Rule = fields({ spec: (spec, path) => specRule(spec ?? {}, path) });

/** The older way to name a class may still be there beside the field, when it names the same. */
function classErrors(ingress: JsonObject): readonly FieldError[] {
  const annotated = at(ingress, "metadata", "annotations", classAnnotation);
  const className = at(ingress, "spec", "ingressClassName");
  if (!isString(annotated) || !isString(className) || annotated === className) return [];
  const because = "must match `ingressClassName` when both are specified";
  return [invalidValue(`annotations.${classAnnotation}`, annotated, because)];
}

/**
 * What an Ingress (networking.k8s.io/v1) must be: hosts and paths with a backend each, or one
 * backend for all.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
 */
export const ingressRules: ObjectRule = (ingress, before) => [
  ...contentRule(ingress, ""),
  ...(before === undefined ? classErrors(ingress) : []),
];
