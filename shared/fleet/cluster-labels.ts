import { parseArmId } from "../lib/arm-id.ts";
import { cleanLabel, labelsOfTags } from "../lib/labels.ts";
import type { ClusterSeen } from "./model.ts";

/** The tag by which a cluster asks to join: the name or the ARM id of a fleet. */
export const fleetTag = "hubless-fleet";
/** The tag that names a member's update group; without it, the tag "env" does. */
const groupTag = "hubless-group";

/**
 * The labels that follow from the cluster itself: its tags, and those that Azure Kubernetes Fleet
 * Manager gives to members, which win over a tag of the same name.
 */
export function labelsOfCluster(
  cluster: ClusterSeen,
  member: string,
): Readonly<Record<string, string>> {
  const id = parseArmId(cluster.armId);
  return {
    ...labelsOfTags(cluster.tags),
    "fleet.azure.com/location": cleanLabel(cluster.location),
    "fleet.azure.com/resource-group": cleanLabel(id?.resourceGroup ?? ""),
    "fleet.azure.com/subscription-id": cleanLabel(id?.subscriptionId ?? ""),
    "fleet.azure.com/cluster-name": cleanLabel(cluster.name),
    "fleet.azure.com/member-name": member,
    "kubernetes-fleet.io/member-name": member,
  };
}

/** A group's name is an ARM name: lower-case letters, digits and "-", at most 50 characters. */
export function groupOfCluster(cluster: ClusterSeen): string | undefined {
  const name = (cluster.tags[groupTag] ?? cluster.tags["env"] ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 50)
    .replace(/-+$/, "");
  return name === "" ? undefined : name;
}
