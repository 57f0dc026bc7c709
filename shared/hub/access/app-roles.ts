import type { Access, AccessAttributes } from "../../kube/kube-api.ts";
import { readVerbs, writeVerbs } from "../../kube/rbac/default-roles.ts";
import { rbacAccess } from "../../kube/rbac/rbac-access.ts";
import type { RbacPolicy } from "../../kube/rbac/rbac-policy.ts";
import { appRoleGroup, guardedGroups } from "./fleet-roles.ts";

const custom: readonly (readonly [appRole: string, verbs: ReadonlySet<string>])[] = [
  ["Hubless.Reader", new Set<string>(readVerbs)],
  ["Hubless.Writer", new Set<string>([...readVerbs, ...writeVerbs])],
];

/**
 * Resources that users define are of groups that no role can list beforehand: an app role counts
 * for them as for all else in the fleet, unless their group is one that access depends on.
 */
export function customAccess(groups: readonly string[], attributes: AccessAttributes): Access {
  if (attributes.kind === "path" || !isCustom(attributes.group)) return no;
  const role = custom.find(
    ([appRole, verbs]) => groups.includes(appRoleGroup(appRole)) && verbs.has(attributes.verb),
  );
  return role === undefined ? no : { allowed: true, reason: `allowed by app role "${role[0]}"` };
}

const no: Access = { allowed: false, reason: "" };

/** Kubernetes demands a dot in the group of a definition. */
function isCustom(group: string): boolean {
  return group.includes(".") && !guardedGroups.includes(group);
}

/** Whether some of what the groups give cannot be listed as rules. */
export function hasCustomAccess(groups: readonly string[]): boolean {
  return custom.some(([appRole]) => groups.includes(appRoleGroup(appRole)));
}

const appRoles = ["Hubless.Reader", "Hubless.Writer", "Hubless.Admin"];

/** What would help: the least app role that allows it. */
export function neededAppRole(builtIn: RbacPolicy, attributes: AccessAttributes): string {
  const least = appRoles.find((appRole) => {
    const groups = [appRoleGroup(appRole)];
    const access = rbacAccess(builtIn, { names: [], groups }, attributes);
    return access.allowed || customAccess(groups, attributes).allowed;
  });
  return least ?? "Hubless.Admin";
}
