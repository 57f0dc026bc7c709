/**
 * The names of what can be limited: "cpu", "requests.storage", "count/jobs.batch",
 * "nvidia.com/gpu".
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import { isExtendedResource, isHugePages } from "../pod/resource-names.ts";

/** Objects that are counted. */
const countedResources = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];

const quotaResources = [
  "cpu",
  "memory",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  ...countedResources,
];

/** What is wrong with a resource's name, a sentence each. */
export function resourceNameErrors(name: string): readonly string[] {
  const errors = qualifiedNameErrors(name);
  const isKnown = name.includes("/") || name === "storage" || isQuotaResource(name);
  if (errors.length > 0 || isKnown) return errors;
  return ["must be a standard resource type or fully qualified"];
}

/** The same for what a ResourceQuota can limit. */
export function quotaResourceNameErrors(name: string): readonly string[] {
  const errors = resourceNameErrors(name);
  return name.includes("/") || isQuotaResource(name)
    ? errors
    : [...errors, "must be a standard resource for quota"];
}

/** Whether it is one of Kubernetes' own. */
export function isQuotaResource(name: string): boolean {
  return quotaResources.includes(name) || isHugePages(name.replace(/^requests\./, ""));
}

/** What comes in pieces: objects that are counted, and devices. */
export function isIntegerResource(name: string): boolean {
  return countedResources.includes(name) || isExtendedResource(name);
}
