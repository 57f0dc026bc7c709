/** What the names of resources mean: "cpu", "hugepages-2Mi", "nvidia.com/gpu". */
import { qualifiedNameErrors } from "../../object/name-rules.ts";

const containerResources = ["cpu", "memory", "ephemeral-storage"];

/** All that a quota can count, too. */
const standardResources = [
  ...containerResources,
  ...containerResources.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  ...["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps"],
  ...["persistentvolumeclaims", "storage", "requests.storage"],
  ...["services.nodeports", "services.loadbalancers"],
];

export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** A device of somebody else than Kubernetes, which is counted in whole numbers. */
export function isExtendedResource(name: string): boolean {
  return (
    !isNative(name) &&
    !name.startsWith("requests.") &&
    qualifiedNameErrors(`requests.${name}`).length === 0
  );
}

/** Whether a node can promise more of it than it has. */
export function canBeOvercommitted(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

/** What is wrong with the name of a resource of a container, a sentence each. */
export function containerResourceErrors(name: string): readonly string[] {
  const wrongName = qualifiedNameErrors(name);
  if (!name.includes("/")) return [...wrongName, ...plainNameErrors(name, wrongName.length === 0)];
  const isKnown = isNative(name) || isExtendedResource(name);
  return isKnown ? wrongName : [...wrongName, "doesn't follow extended resource name standard"];
}

function plainNameErrors(name: string, isQualified: boolean): readonly string[] {
  if (isHugePages(name) || containerResources.includes(name)) return [];
  const isForeign = isQualified && !standardResources.includes(name);
  return [
    ...(isForeign ? ["must be a standard resource type or fully qualified"] : []),
    "must be a standard resource for containers",
  ];
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}
