/**
 * The ClusterRoles that each Kubernetes cluster has from the start and that people bind, and the
 * bindings that each has: Kubernetes 1.34's bootstrap policy without what serves its own
 * components, nodes and the group "extensions", which is served no more.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
import type { PolicyRule } from "./policy-rule.ts";
import type { RbacBinding, RbacRole } from "./rbac-policy.ts";

export const readVerbs = ["get", "list", "watch"] as const;
export const writeVerbs = ["create", "delete", "deletecollection", "patch", "update"] as const;

const authorization = "authorization.k8s.io";

/** One rule: verbs on resources of a group. */
export function ruleOn(
  apiGroup: string,
  resources: readonly string[],
  verbs: readonly string[],
): PolicyRule {
  return { apiGroups: [apiGroup], resources, verbs };
}

const workloads = ["daemonsets", "deployments", "replicasets", "statefulsets"];
const scaled = ["deployments/scale", "replicasets/scale", "statefulsets/scale"];
const subPods = ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy"];

const viewRules: readonly PolicyRule[] = [
  ruleOn(
    "",
    [
      "configmaps",
      "endpoints",
      "persistentvolumeclaims",
      "persistentvolumeclaims/status",
      "pods",
      "replicationcontrollers",
      "replicationcontrollers/scale",
      "serviceaccounts",
      "services",
      "services/status",
    ],
    readVerbs,
  ),
  ruleOn(
    "",
    [
      "bindings",
      "events",
      "limitranges",
      "namespaces/status",
      "pods/log",
      "pods/status",
      "replicationcontrollers/status",
      "resourcequotas",
      "resourcequotas/status",
    ],
    readVerbs,
  ),
  ruleOn("", ["namespaces"], readVerbs),
  ruleOn("discovery.k8s.io", ["endpointslices"], readVerbs),
  ruleOn(
    "apps",
    [
      "controllerrevisions",
      ...workloads,
      ...scaled,
      ...workloads.map((workload) => `${workload}/status`),
    ],
    readVerbs,
  ),
  ruleOn("autoscaling", ["horizontalpodautoscalers", "horizontalpodautoscalers/status"], readVerbs),
  ruleOn("batch", ["cronjobs", "cronjobs/status", "jobs", "jobs/status"], readVerbs),
  ruleOn("policy", ["poddisruptionbudgets", "poddisruptionbudgets/status"], readVerbs),
  ruleOn("networking.k8s.io", ["ingresses", "ingresses/status", "networkpolicies"], readVerbs),
];

const editRules: readonly PolicyRule[] = [
  ruleOn("", [...subPods, "secrets", "services/proxy"], readVerbs),
  ruleOn("", ["serviceaccounts"], ["impersonate"]),
  ruleOn("", ["pods", ...subPods], writeVerbs),
  ruleOn("", ["pods/eviction"], ["create"]),
  ruleOn(
    "",
    [
      "configmaps",
      "events",
      "persistentvolumeclaims",
      "replicationcontrollers",
      "replicationcontrollers/scale",
      "secrets",
      "serviceaccounts",
      "services",
      "services/proxy",
    ],
    writeVerbs,
  ),
  ruleOn("", ["serviceaccounts/token"], ["create"]),
  ruleOn("apps", [...workloads, ...scaled, "deployments/rollback"], writeVerbs),
  ruleOn("autoscaling", ["horizontalpodautoscalers"], writeVerbs),
  ruleOn("batch", ["cronjobs", "jobs"], writeVerbs),
  ruleOn("policy", ["poddisruptionbudgets"], writeVerbs),
  ruleOn("networking.k8s.io", ["ingresses", "networkpolicies"], writeVerbs),
  ruleOn("coordination.k8s.io", ["leases"], [...readVerbs, ...writeVerbs]),
];

const adminRules: readonly PolicyRule[] = [
  ruleOn(authorization, ["localsubjectaccessreviews"], ["create"]),
  ruleOn("rbac.authorization.k8s.io", ["rolebindings", "roles"], [...readVerbs, ...writeVerbs]),
];

const selfReviews: readonly PolicyRule[] = [
  ruleOn(authorization, ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
  ruleOn("authentication.k8s.io", ["selfsubjectreviews"], ["create"]),
];

const health = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
const discovery = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"];

const aggregateTo = (role: string): string => `rbac.authorization.k8s.io/aggregate-to-${role}`;

function role(name: string, rules: readonly PolicyRule[], partOf?: string): RbacRole {
  return { name, rules, labels: partOf === undefined ? {} : { [aggregateTo(partOf)]: "true" } };
}

/** "view", "edit" and "admin": what is labelled for them, also by users, is in them. */
function aggregated(name: string, partOf?: string): RbacRole {
  const aggregates = [{ matchLabels: { [aggregateTo(name)]: "true" } }];
  return { ...role(name, [], partOf), aggregates };
}

/** What can do everything. */
export const everything: readonly PolicyRule[] = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  { nonResourceURLs: ["*"], verbs: ["*"] },
];

export const defaultRoles: readonly RbacRole[] = [
  role("cluster-admin", everything),
  aggregated("admin"),
  aggregated("edit", "admin"),
  aggregated("view", "edit"),
  role("system:aggregate-to-admin", adminRules, "admin"),
  role("system:aggregate-to-edit", editRules, "edit"),
  role("system:aggregate-to-view", viewRules, "view"),
  role("system:auth-delegator", [
    ruleOn("authentication.k8s.io", ["tokenreviews"], ["create"]),
    ruleOn(authorization, ["subjectaccessreviews"], ["create"]),
  ]),
  role("system:basic-user", selfReviews),
  role("system:discovery", [{ nonResourceURLs: [...discovery, ...health], verbs: ["get"] }]),
  role("system:public-info-viewer", [{ nonResourceURLs: health, verbs: ["get"] }]),
];

/** A ClusterRoleBinding of a role to groups, named as the role is. */
export function groupBinding(roleName: string, ...groups: readonly string[]): RbacBinding {
  return {
    name: roleName,
    roleRef: { kind: "ClusterRole", name: roleName },
    subjects: groups.map((name) => ({ kind: "Group", name })),
  };
}

export const defaultBindings: readonly RbacBinding[] = [
  groupBinding("cluster-admin", "system:masters"),
  groupBinding("system:basic-user", "system:authenticated"),
  groupBinding("system:discovery", "system:authenticated"),
  groupBinding("system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
];
