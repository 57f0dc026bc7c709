import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { withoutEnd } from "../../lib/without-end.ts";
import { arrayOf, isString, objectOf } from "../json.ts";
import type { AccessAttributes } from "../kube-api.ts";

/**
 * A `PolicyRule` of `rbac.authorization.k8s.io/v1`: verbs on resources, or verbs on paths.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole
 */
export interface PolicyRule extends JsonObject {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  /** "pods", "pods/log", "*", and "*" before the slash for one subresource of all resources. */
  readonly resources?: readonly string[];
  /** Left out or empty: any name, also none. */
  readonly resourceNames?: readonly string[];
  /** "/healthz", or "/healthz/*" for all paths that begin so. */
  readonly nonResourceURLs?: readonly string[];
}

/** The rules of a stored object. What is no text in them grants nothing. */
export function rulesOf(value: Json | undefined): readonly PolicyRule[] {
  return arrayOf(value).map((each) => {
    const rule = objectOf(each);
    return {
      verbs: textsOf(rule["verbs"]),
      ...fieldOf(rule, "apiGroups"),
      ...fieldOf(rule, "resources"),
      ...fieldOf(rule, "resourceNames"),
      ...fieldOf(rule, "nonResourceURLs"),
    };
  });
}

function fieldOf(rule: JsonObject, name: string): JsonObject {
  const texts = textsOf(rule[name]);
  return texts.length === 0 ? {} : { [name]: texts };
}

export function textsOf(value: Json | undefined): readonly string[] {
  return arrayOf(value).filter(isString);
}

/** Whether the rule alone allows what is asked. */
export function ruleAllows(rule: PolicyRule, attributes: AccessAttributes): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === "path") {
    return (rule.nonResourceURLs ?? []).some((path) => pathCovers(path, attributes.path));
  }
  const { group, resource, subresource, name = "" } = attributes;
  const names = rule.resourceNames ?? [];
  return (
    hasOrAll(rule.apiGroups, group) &&
    (rule.resources ?? []).some((each) => resourceCovers(each, resource, subresource)) &&
    (names.length === 0 || names.includes(name))
  );
}

/** Whether "*" or the value itself is in the list. */
function hasOrAll(list: readonly string[] = [], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function resourceCovers(pattern: string, resource: string, subresource?: string): boolean {
  if (pattern === "*") return true;
  if (subresource === undefined || subresource === "") return pattern === resource;
  return pattern === `${resource}/${subresource}` || pattern === `*/${subresource}`;
}

/** `pathCovers("/apis/*", "/apis/apps/v1")`. Stars that are not at the end are no wildcards. */
export function pathCovers(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith("*") && path.startsWith(withoutEnd(pattern, "*")));
}
