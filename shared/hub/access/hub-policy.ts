import { isBound, type RbacUser } from "../../kube/rbac/rbac-access.ts";
import type { RbacObjects } from "../../kube/rbac/rbac-objects.ts";
import { type RbacBinding, type RbacPolicy, rbacPolicy } from "../../kube/rbac/rbac-policy.ts";
import { builtInAccess } from "./fleet-roles.ts";

/** What counts in each fleet, without a read. */
export const builtInPolicy: RbacPolicy = rbacPolicy(builtInAccess.roles, builtInAccess.bindings);

const roleNames = new Set(builtInAccess.roles.map(({ name }) => name));
const bindingNames = new Set(builtInAccess.bindings.map(({ name }) => name));

/** Whether the object of this name is ours; `plural` as "clusterroles". */
export function isBuiltIn(plural: string, name: string): boolean {
  if (plural === "clusterroles") return roleNames.has(name);
  return plural === "clusterrolebindings" && bindingNames.has(name);
}

const policies = new WeakMap<RbacObjects, RbacPolicy>();

/** The policy of a fleet: its objects, and what is built in, whatever objects of its name say. */
export function hubPolicy(objects: RbacObjects): RbacPolicy {
  const known = policies.get(objects) ?? made(objects);
  policies.set(objects, known);
  return known;
}

function made({ roles, bindings }: RbacObjects): RbacPolicy {
  const own = roles.filter(
    ({ namespace, name }) => namespace !== undefined || !roleNames.has(name),
  );
  return rbacPolicy(
    [...builtInAccess.roles, ...own],
    [...builtInAccess.bindings, ...bindings.filter(isOwn)],
  );
}

function isOwn({ namespace, name }: RbacBinding): boolean {
  return namespace !== undefined || !bindingNames.has(name);
}

const everybody: readonly string[] = ["system:authenticated", "system:unauthenticated"];

/** Whether something that is built in names the user, besides what names everybody. */
export function isKnownEverywhere(user: RbacUser): boolean {
  const groups = user.groups.filter((group) => !everybody.includes(group));
  return builtInAccess.bindings.some((binding) => isBound(binding, { ...user, groups }));
}

/** Whether the fleet's own bindings name the user. */
export function isKnownIn(objects: RbacObjects, user: RbacUser): boolean {
  return objects.bindings.filter(isOwn).some((binding) => isBound(binding, user));
}
