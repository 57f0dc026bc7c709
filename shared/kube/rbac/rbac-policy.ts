import type { Document } from "../../lib/document.ts";
import type { Json, JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { arrayOf, objectOf, textOf } from "../json.ts";
import { type PolicyRule, rulesOf } from "./policy-rule.ts";
import { withAggregation } from "./with-aggregation.ts";

/** A Role or a ClusterRole. */
export interface RbacRole {
  readonly name: string;
  /** Left out: a ClusterRole. */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly rules: readonly PolicyRule[];
  /** The label selectors of an `aggregationRule`: the rules are those of what they select. */
  readonly aggregates?: readonly JsonObject[];
}

export interface RbacSubject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface RbacBinding {
  readonly name: string;
  /** Left out: a ClusterRoleBinding. */
  readonly namespace?: string;
  readonly roleRef: RoleRef;
  readonly subjects: readonly RbacSubject[];
}

/** All RBAC objects of a cluster, ready to be asked. */
export interface RbacPolicy {
  readonly clusterRoles: ReadonlyMap<string, RbacRole>;
  /** By `roleKey`. */
  readonly roles: ReadonlyMap<string, RbacRole>;
  readonly clusterRoleBindings: readonly RbacBinding[];
  readonly roleBindings: ReadonlyMap<string, readonly RbacBinding[]>;
}

/** The policy of these objects. Aggregated ClusterRoles have the rules of what they select. */
export function rbacPolicy(
  roles: readonly RbacRole[],
  bindings: readonly RbacBinding[],
): RbacPolicy {
  const roleBindings = new Map<string, RbacBinding[]>();
  for (const binding of bindings) {
    if (binding.namespace === undefined) continue;
    const known = roleBindings.get(binding.namespace);
    if (known === undefined) roleBindings.set(binding.namespace, [binding]);
    else known.push(binding);
  }
  const clusterRoles = roles.filter(({ namespace }) => namespace === undefined);
  const ofNamespaces = roles.filter(({ namespace }) => namespace !== undefined);
  return {
    clusterRoles: new Map(withAggregation(clusterRoles).map((role) => [role.name, role])),
    roles: new Map(ofNamespaces.map((role) => [roleKey(role.namespace ?? "", role.name), role])),
    clusterRoleBindings: bindings.filter(({ namespace }) => namespace === undefined),
    roleBindings,
  };
}

export function roleKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The role that a stored object is. */
export function roleOf({ key, body }: Pick<Document<KubeBody>, "key" | "body">): RbacRole {
  const object = body as KubeBody & JsonObject;
  const selectors = objectOf(object["aggregationRule"])["clusterRoleSelectors"];
  return {
    name: key.name,
    ...(key.namespace !== undefined && { namespace: key.namespace }),
    labels: body.metadata.labels ?? {},
    rules: rulesOf(object["rules"]),
    ...(object["aggregationRule"] !== undefined && {
      aggregates: arrayOf(selectors).map(objectOf),
    }),
  };
}

/** The binding that a stored object is. */
export function bindingOf({ key, body }: Pick<Document<KubeBody>, "key" | "body">): RbacBinding {
  const object = body as KubeBody & JsonObject;
  return {
    name: key.name,
    ...(key.namespace !== undefined && { namespace: key.namespace }),
    roleRef: roleRefOf(object["roleRef"]),
    subjects: arrayOf(object["subjects"]).map(subjectOf),
  };
}

export function roleRefOf(value: Json | undefined): RoleRef {
  const { kind, name } = objectOf(value);
  return { kind: textOf(kind) ?? "", name: textOf(name) ?? "" };
}

function subjectOf(value: Json): RbacSubject {
  const { kind, name, namespace } = objectOf(value);
  const given = textOf(namespace) ?? "";
  return {
    kind: textOf(kind) ?? "",
    name: textOf(name) ?? "",
    ...(given !== "" && { namespace: given }),
  };
}
