/**
 * The roles of a fleet's hub. Four are those of Azure Kubernetes Fleet Manager's data plane, to be
 * bound in a namespace (RoleBinding) or in all (ClusterRoleBinding):
 *
 * - `hubless:reader` sees most of a namespace: no Secrets, no roles or bindings.
 * - `hubless:writer` changes most of a namespace, its Secrets too: no roles or bindings.
 * - `hubless:admin` also says who may do what in the namespace: not the namespace or its quotas.
 * - `hubless:cluster-admin` may do everything.
 *
 * Two more are about the whole hub, with what belongs to no namespace, but never Secrets, roles and
 * bindings: `hubless:cluster-reader` and `hubless:cluster-writer`. App roles of a token give these
 * in every fleet, because the groups of their names are bound.
 *
 * @see https://learn.microsoft.com/azure/kubernetes-fleet/concepts-rbac
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
 */
import { builtInKinds } from "../../kube/built-in/built-in-kinds.ts";
import {
  defaultBindings,
  defaultRoles,
  everything,
  groupBinding,
  readVerbs,
  ruleOn,
  writeVerbs,
} from "../../kube/rbac/default-roles.ts";
import type { BuiltInAccess } from "../../kube/rbac/ensure-roles.ts";
import type { PolicyRule } from "../../kube/rbac/policy-rule.ts";
import type { RbacRole } from "../../kube/rbac/rbac-policy.ts";
import { rbacGroup } from "../../kube/rbac/rbac-rules.ts";
import { trafficGroup } from "../../traffic/model.ts";

const placementGroup = "placement.kubernetes-fleet.io";
const clusterGroup = "cluster.kubernetes-fleet.io";

/** What writers of a namespace may change; Azure's list, and the fleet's own namespaced kinds. */
const writable: readonly (readonly [group: string, resources: readonly string[]])[] = [
  ["", ["configmaps", "endpoints", "persistentvolumeclaims", "replicationcontrollers"]],
  ["", ["replicationcontrollers/scale", "serviceaccounts", "services"]],
  ["apps", ["daemonsets", "deployments", "deployments/scale", "statefulsets"]],
  ["apps", ["statefulsets/scale"]],
  ["autoscaling", ["horizontalpodautoscalers"]],
  ["batch", ["cronjobs", "jobs"]],
  ["networking.k8s.io", ["ingresses", "networkpolicies"]],
  ["policy", ["poddisruptionbudgets"]],
  [placementGroup, ["resourceoverrides", "resourceplacements"]],
  [trafficGroup, ["multiclusterservices", "serviceexports", "trafficmanagerprofiles"]],
  [trafficGroup, ["trafficmanagerbackends"]],
];

/** What a namespace's readers see besides, and nobody in it changes. */
const visible: readonly (readonly [group: string, resources: readonly string[]])[] = [
  ["", ["events", "limitranges", "namespaces", "resourcequotas"]],
  ["apps", ["controllerrevisions"]],
  ["discovery.k8s.io", ["endpointslices"]],
  ["events.k8s.io", ["events"]],
  [clusterGroup, ["internalmemberclusters"]],
  [placementGroup, ["resourcebindings", "resourceoverridesnapshots", "resourcesnapshots"]],
  [placementGroup, ["works"]],
  [trafficGroup, ["endpointsliceexports", "endpointsliceimports", "internalserviceexports"]],
  [trafficGroup, ["internalserviceimports", "serviceimports"]],
];

const readWrite = [...readVerbs, ...writeVerbs];

const readerRules: readonly PolicyRule[] = [...writable, ...visible].map(([group, resources]) =>
  ruleOn(group, resources, readVerbs),
);
const writerRules: readonly PolicyRule[] = [
  ...readerRules,
  ...[...writable, ["", ["secrets"]] as const].map(([group, resources]) =>
    ruleOn(group, resources, group === "" && resources[0] === "secrets" ? readWrite : writeVerbs),
  ),
];
const adminRules: readonly PolicyRule[] = [
  ...writerRules,
  ruleOn(rbacGroup, ["rolebindings", "roles"], readWrite),
  ruleOn("authorization.k8s.io", ["localsubjectaccessreviews"], ["create"]),
];

/** Groups that hold what gives access, or members: only who administers the fleet changes these. */
export const guardedGroups: readonly string[] = [
  rbacGroup,
  clusterGroup,
  "authentication.k8s.io",
  "authorization.k8s.io",
  "certificates.k8s.io",
];

/** All of the hub but Secrets and what is guarded. */
function hubRules(verbs: readonly string[]): readonly PolicyRule[] {
  const kinds = builtInKinds();
  const core = kinds.filter(({ group, plural }) => group === "" && plural !== "secrets");
  const groups = [...new Set(kinds.map(({ group }) => group))];
  const own = [placementGroup, trafficGroup, "fleet.azure.com"];
  const open = [...groups, ...own].filter((each) => each !== "" && !guardedGroups.includes(each));
  const below = core.flatMap(({ plural, hasStatus, scale, holdsNamespaces }) => [
    ...(hasStatus ? [`${plural}/status`] : []),
    ...(scale === undefined ? [] : [`${plural}/scale`]),
    ...(holdsNamespaces === true ? [`${plural}/finalize`] : []),
  ]);
  return [
    ruleOn("", [...core.map(({ plural }) => plural), ...below, "pods/log"], verbs),
    { apiGroups: open, resources: ["*"], verbs },
    ruleOn(clusterGroup, ["*"], readVerbs),
  ];
}

function role(name: string, rules: readonly PolicyRule[]): RbacRole {
  return { name: `hubless:${name}`, labels: {}, rules };
}

const fleetRoles: readonly RbacRole[] = [
  role("reader", readerRules),
  role("writer", writerRules),
  role("admin", adminRules),
  role("cluster-admin", everything),
  role("cluster-reader", hubRules(readVerbs)),
  role("cluster-writer", hubRules(readWrite)),
];

/** The group of all callers whose token has the app role: bindings can name it. */
export function appRoleGroup(appRole: string): string {
  return `approle:${appRole}`;
}

/** All roles and bindings that each fleet's hub has from the start. */
export const builtInAccess: BuiltInAccess = {
  roles: [...defaultRoles, ...fleetRoles],
  bindings: [
    ...defaultBindings,
    groupBinding("hubless:cluster-reader", appRoleGroup("Hubless.Reader")),
    groupBinding("hubless:cluster-writer", appRoleGroup("Hubless.Writer")),
    groupBinding("hubless:cluster-admin", appRoleGroup("Hubless.Admin")),
  ],
};
