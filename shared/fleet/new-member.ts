import { type FleetId, type Key, keyOf } from "../lib/document.ts";
import {
  clusterIdOf,
  clusterRef,
  type Member,
  memberKind,
  memberRef,
  type SystemData,
} from "./model.ts";

/** Held until what the fleet keeps about a member is gone. */
export const memberFinalizer = "kubernetes-fleet.io/membercluster-finalizer";

export interface NewMember {
  readonly fleet: FleetId;
  readonly name: string;
  /** The cluster's ARM id, in the case of its creation. */
  readonly clusterResourceId: string;
  readonly group?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly joinedBy: "tag" | "api";
  readonly systemData: SystemData;
}

/** A member that nobody has looked at yet: its first look gives it labels, health and a profile. */
export function newMember(from: NewMember): {
  readonly key: Key<Member>;
  readonly body: Member;
  readonly refs: readonly string[];
} {
  const { group, labels } = from;
  return {
    key: keyOf(memberKind, from.fleet, from.name),
    body: {
      metadata: { ...(labels !== undefined && { labels }), finalizers: [memberFinalizer] },
      spec: {},
      arm: {
        clusterResourceId: from.clusterResourceId,
        ...(group !== undefined && { group }),
        ...(labels !== undefined && { labels }),
        joinedBy: from.joinedBy,
        systemData: from.systemData,
      },
      status: { conditions: [] },
    },
    refs: [clusterRef(clusterIdOf(from.clusterResourceId)), memberRef(from.name)],
  };
}
