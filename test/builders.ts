/** Small makers of documents and sights, so that a test names only what matters to it. */
import {
  type ClusterSeen,
  type Fleet,
  fleetKind,
  type Member,
  memberKind,
  type SystemData,
} from "../shared/fleet/model.ts";
import { newMember } from "../shared/fleet/new-member.ts";
import { type Document, type FleetId, type Key, keyOf } from "../shared/lib/document.ts";
import type { Instant } from "../shared/lib/instant.ts";

export const subscription = "11111111-2222-3333-4444-555555555555";
export const fleetArmId =
  `/subscriptions/${subscription}/resourceGroups/rg-fleet` +
  "/providers/Microsoft.ContainerService/fleets/fleet-1";
export const fleetId = fleetArmId.toLowerCase() as FleetId;

export const noon = "2026-11-21T12:00:00.000Z" as Instant;

export const systemData: SystemData = {
  createdAt: noon,
  createdBy: "ann@contoso.com",
  createdByType: "User",
  lastModifiedAt: noon,
  lastModifiedBy: "ann@contoso.com",
  lastModifiedByType: "User",
};

export const clusterArmId = (name: string, group = "rg-1"): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}` +
  `/providers/Microsoft.ContainerService/managedClusters/${name}`;

/** A document as a store would give it, at revision 1 unless told otherwise. */
export function documentOf<Body>(
  key: Key<Body>,
  body: Body,
  more: Partial<Document<Body>> = {},
): Document<Body> {
  return {
    key,
    uid: `uid-${key.name}`,
    createdAt: noon,
    createdRevision: 1,
    revision: 1,
    generation: 1,
    refs: [],
    body,
    ...more,
  };
}

export function fleetDocument(name = "fleet-1", armId = fleetArmId): Document<Fleet> {
  return documentOf(keyOf(fleetKind, armId.toLowerCase() as FleetId, name), {
    armId,
    location: "westeurope",
    tags: {},
    systemData,
  });
}

export function memberDocument(
  name: string,
  change: (body: Member) => Member = (body) => body,
  joinedBy: "tag" | "api" = "tag",
): Document<Member> {
  const { body, refs } = newMember({
    fleet: fleetId,
    name,
    clusterResourceId: clusterArmId(name),
    joinedBy,
    systemData,
  });
  return documentOf(keyOf(memberKind, fleetId, name), change(body), { refs });
}

export function clusterSeen(name: string, more: Partial<ClusterSeen> = {}): ClusterSeen {
  return {
    armId: clusterArmId(name),
    name,
    location: "eastus",
    tags: { "hubless-fleet": "fleet-1", env: "test" },
    etag: '"1"',
    provisioningState: "Succeeded",
    powerState: "Running",
    kubernetesVersion: "1.33.1",
    wantedVersion: "1.33.1",
    pools: [
      {
        name: "system",
        kubernetesVersion: "1.33.1",
        nodeImageVersion: "AKSUbuntu-2204-202610.1",
        provisioningState: "Succeeded",
        nodeCount: 3,
      },
    ],
    nodeResourceGroup: `MC_rg-1_${name}_eastus`,
    ...more,
  };
}
