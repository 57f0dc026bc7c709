import type { AccessAttributes } from "../../../shared/kube/kube-api.ts";
import type { PolicyRule } from "../../../shared/kube/rbac/policy-rule.ts";
import type { RbacBinding, RbacRole } from "../../../shared/kube/rbac/rbac-policy.ts";

/** `asks("get pods/log.apps in shop named web")`: what a request wants, as a sentence. */
export function asks(sentence: string): AccessAttributes {
  const [verb = "", what = "", ...rest] = sentence.split(" ");
  if (what.startsWith("/")) return { kind: "path", verb, path: what };
  const [, full = "", group = ""] = /^([^.]*)\.?(.*)$/.exec(what) ?? [];
  const [resource = "", subresource] = full.split("/");
  const after = (word: string): string | undefined =>
    rest.includes(word) ? rest[rest.indexOf(word) + 1] : undefined;
  const [namespace, name] = [after("in"), after("named")];
  return {
    kind: "resource",
    verb,
    group,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

/** `rule("get,list", "pods,pods/log", "")`; names after the group. */
export function rule(
  verbs: string,
  resources: string,
  groups = "",
  ...names: string[]
): PolicyRule {
  return {
    verbs: verbs.split(","),
    apiGroups: groups.split(","),
    resources: resources.split(","),
    ...(names.length > 0 && { resourceNames: names }),
  };
}

export function pathRule(verbs: string, ...nonResourceURLs: string[]): PolicyRule {
  return { verbs: verbs.split(","), nonResourceURLs };
}

export function clusterRole(name: string, ...rules: readonly PolicyRule[]): RbacRole {
  return { name, labels: {}, rules };
}

export function localRole(at: string, ...rules: readonly PolicyRule[]): RbacRole {
  const [namespace = "", name = ""] = at.split("/");
  return { ...clusterRole(name, ...rules), namespace };
}

/** `binding("all", "ClusterRole/view", "Group/devs")`; `binding("shop/all", …)` in "shop". */
export function binding(at: string, role: string, ...subjects: readonly string[]): RbacBinding {
  const [first = "", second] = at.split("/");
  const [kind = "", name = ""] = role.split("/");
  return {
    ...(second === undefined ? { name: first } : { namespace: first, name: second }),
    roleRef: { kind, name },
    subjects: subjects.map((subject) => {
      const [of = "", named = "", namespace] = subject.split("/");
      return { kind: of, name: named, ...(namespace !== undefined && { namespace }) };
    }),
  };
}
