/** Makers of placements, clusters and hub objects, so that a test names only what matters to it. */
import {
  type ClusterProfile,
  clusterIdOf,
  clusterProfileKind,
  type MemberName,
  memberRef,
} from "../../shared/fleet/model.ts";
import { keyOf, type Write } from "../../shared/lib/document.ts";
import type { KubeBody } from "../../shared/lib/kube-object.ts";
import {
  type Placement,
  type PlacementPolicy,
  type PlacementSpec,
  placementFinalizer,
  placementKind,
} from "../../shared/placement/model.ts";
import { selectionRefs } from "../../shared/placement/selection-refs.ts";
import { clusterArmId, fleetId } from "../builders.ts";

export function cluster(name: string, more: Partial<ClusterProfile> = {}): ClusterProfile {
  return {
    member: name as MemberName,
    clusterId: clusterIdOf(clusterArmId(name)),
    labels: {},
    taints: [],
    ...more,
  };
}

export const demoSelector = { group: "", version: "v1", kind: "Namespace", name: "demo" } as const;

export function placementBody(
  policy: PlacementPolicy = {},
  more: Partial<PlacementSpec> = {},
): Placement {
  return {
    metadata: { finalizers: [placementFinalizer] },
    spec: { resourceSelectors: [demoSelector], policy, ...more },
  };
}

export function createPlacement(name: string, body = placementBody()): Write {
  const refs = selectionRefs(body.spec);
  return { kind: "create", key: keyOf(placementKind, fleetId, name), body, refs };
}

export function createCluster(profile: ClusterProfile): Write {
  const key = keyOf(clusterProfileKind, fleetId, profile.member);
  return { kind: "create", key, body: profile, refs: [memberRef(profile.member)] };
}

/** `createObject("configmaps", "settings", { data: … }, "demo")` */
export function createObject(
  kind: string,
  name: string,
  rest: object = {},
  namespace?: string,
): Write {
  const body = { metadata: {}, ...rest } as KubeBody;
  return { kind: "create", key: keyOf(kind, fleetId, name, namespace), body };
}
