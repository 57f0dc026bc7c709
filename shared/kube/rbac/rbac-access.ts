import type { Access, AccessAttributes } from "../kube-api.ts";
import { type PolicyRule, ruleAllows } from "./policy-rule.ts";
import {
  type RbacBinding,
  type RbacPolicy,
  type RbacSubject,
  type RoleRef,
  roleKey,
} from "./rbac-policy.ts";

/** Who is measured by a policy. */
export interface RbacUser {
  /** A user may be known by several names; a binding to any of them counts. */
  readonly names: readonly string[];
  readonly groups: readonly string[];
}

/** A rule that a user has, and where it comes from. */
export interface GrantedRule {
  readonly rule: PolicyRule;
  /** `ClusterRoleBinding "ops" of ClusterRole "admin" to Group "devs"` */
  readonly source: string;
}

export interface Grants {
  readonly rules: readonly GrantedRule[];
  /** Bindings that name a role which is not there: `clusterroles… "x" not found`. */
  readonly problems: readonly string[];
}

/**
 * What a policy gives a user in a namespace; "" for what is in none, or in all. ClusterRoleBindings
 * count everywhere, RoleBindings in their own namespace. Rules only add: their order says nothing.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function grantsOf(policy: RbacPolicy, user: RbacUser, namespace: string): Grants {
  const local = namespace === "" ? [] : (policy.roleBindings.get(namespace) ?? []);
  const rules: GrantedRule[] = [];
  const problems: string[] = [];
  for (const binding of [...policy.clusterRoleBindings, ...local]) {
    const subject = binding.subjects.find((each) => isMeant(each, user, binding.namespace));
    if (subject === undefined) continue;
    const given = rulesBehind(policy, binding.roleRef, binding.namespace ?? "");
    if (given === undefined) {
      problems.push(missingRole(binding.roleRef));
      continue;
    }
    const source = sourceOf(binding, subject);
    rules.push(...given.map((rule) => ({ rule, source })));
  }
  return { rules, problems };
}

/**
 * Whether the policy lets the user do it. The reason of a refusal is empty unless a binding that
 * might have helped is broken.
 */
export function rbacAccess(
  policy: RbacPolicy,
  user: RbacUser,
  attributes: AccessAttributes,
): Access {
  const namespace = attributes.kind === "resource" ? (attributes.namespace ?? "") : "";
  const { rules, problems } = grantsOf(policy, user, namespace);
  const granted = rules.find(({ rule }) => ruleAllows(rule, attributes));
  if (granted !== undefined) {
    return { allowed: true, reason: `RBAC: allowed by ${granted.source}` };
  }
  const [first = "", ...more] = problems;
  const all = more.length === 0 ? first : `[${problems.join(", ")}]`;
  return { allowed: false, reason: all === "" ? "" : `RBAC: ${all}` };
}

/** The rules that a binding in the namespace refers to; undefined when there is no such role. */
export function rulesBehind(
  policy: RbacPolicy,
  { kind, name }: RoleRef,
  namespace: string,
): readonly PolicyRule[] | undefined {
  if (kind === "ClusterRole") return policy.clusterRoles.get(name)?.rules;
  if (kind === "Role") return policy.roles.get(roleKey(namespace, name))?.rules;
  return undefined;
}

/** `clusterroles.rbac.authorization.k8s.io "x" not found` */
export function missingRole({ kind, name }: RoleRef): string {
  const plural = kind === "ClusterRole" ? "clusterroles" : "roles";
  return `${plural}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`;
}

/** Whether the binding names the user, or a group that the user is in. */
export function isBound({ subjects, namespace }: RbacBinding, user: RbacUser): boolean {
  return subjects.some((subject) => isMeant(subject, user, namespace));
}

/** A service account of a RoleBinding that names no namespace is one of the binding's. */
function isMeant(subject: RbacSubject, user: RbacUser, namespace: string | undefined): boolean {
  switch (subject.kind) {
    case "User":
      return subject.name !== "" && user.names.includes(subject.name);
    case "Group":
      return subject.name !== "" && user.groups.includes(subject.name);
    case "ServiceAccount": {
      const home = subject.namespace ?? namespace;
      return (
        home !== undefined && user.names.includes(`system:serviceaccount:${home}:${subject.name}`)
      );
    }
    default:
      return false;
  }
}

function sourceOf({ name, namespace, roleRef }: RbacBinding, subject: RbacSubject): string {
  const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  const full = namespace === undefined ? name : `${name}/${namespace}`;
  const whom =
    subject.kind === "ServiceAccount"
      ? `${subject.name}/${subject.namespace ?? namespace ?? ""}`
      : subject.name;
  return (
    `${kind} ${JSON.stringify(full)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ` +
    `${subject.kind} ${JSON.stringify(whom)}`
  );
}
