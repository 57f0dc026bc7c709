/**
 * Decides whether a cluster joins or leaves.
 *
 * C1. A cluster that carries the tag of one known fleet, and stands for no member yet, joins it.
 * C2. A member that joined by its tag leaves when the tag is gone or names another fleet.
 * C3. A member whose cluster was deleted leaves, however it joined. Unreachable is not deleted.
 * C4. A cluster is in one fleet at most: who is a member joins nothing.
 */
import type { Document, FleetId, Write } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import type { Plan } from "../reconcile/plan.ts";
import { fleetTag } from "./cluster-labels.ts";
import type { ClusterId, ClusterSeen, Fleet, Member } from "./model.ts";
import { newMember } from "./new-member.ts";

export interface ClusterToDecide {
  readonly cluster: ClusterId;
  /** Undefined: ARM knows no such cluster. */
  readonly seen: ClusterSeen | undefined;
  /** The members, in any fleet, that stand for it. */
  readonly members: readonly Document<Member>[];
  /** The fleets that its tag may mean. */
  readonly fleets: readonly Document<Fleet>[];
  /** The name that it gets in the fleet that it joins; undefined when none is free. */
  readonly freeName: string | undefined;
  readonly now: Instant;
}

export function decideCluster(seen: ClusterToDecide): Plan {
  const leaving = seen.members.find((member) => mustLeave(member, seen));
  if (leaving !== undefined) return leave(leaving, seen);
  if (seen.seen === undefined || seen.members.length > 0) return nothing("Cluster stays as it is");

  const tag = seen.seen.tags[fleetTag];
  if (tag === undefined) return nothing("Cluster asks for no fleet");
  const [fleet, second] = seen.fleets;
  if (fleet === undefined) return nothing(`Cannot join: there is no fleet "${tag}"`);
  if (second !== undefined) {
    return nothing(`Cannot join: several fleets are named "${tag}": the tag must be an ARM id`);
  }
  if (seen.freeName === undefined) return nothing("Cannot join: both of its names are taken");
  return join(seen, seen.seen, fleet.key.fleet, seen.freeName);
}

function mustLeave(member: Document<Member>, { seen, fleets }: ClusterToDecide): boolean {
  if (member.body.metadata.deletionTimestamp !== undefined) return false;
  if (seen === undefined) return true;
  if (member.body.arm.joinedBy !== "tag") return false;
  if (seen.tags[fleetTag] === undefined) return true;
  // A tag that names no fleet, or several, is more likely a mistake than a wish to leave.
  const [wanted, second] = fleets;
  return wanted !== undefined && second === undefined && wanted.key.fleet !== member.key.fleet;
}

function leave(member: Document<Member>, { seen, now }: ClusterToDecide): Plan {
  const { body } = member;
  const write: Write<Member> = {
    kind: "replace",
    document: member,
    body: { ...body, metadata: { ...body.metadata, deletionTimestamp: now } },
    generation: member.generation + 1,
  };
  const why = seen === undefined ? "its cluster was deleted" : "its tag is gone";
  return {
    writes: [write],
    actions: [],
    again: true,
    because: `Member "${member.key.name}" leaves: ${why}`,
  };
}

function join({ now }: ClusterToDecide, cluster: ClusterSeen, fleet: FleetId, name: string): Plan {
  const who = { by: "hubless", type: "Application" } as const;
  const member = newMember({
    fleet,
    name,
    clusterResourceId: cluster.armId,
    joinedBy: "tag",
    systemData: {
      createdAt: now,
      createdBy: who.by,
      createdByType: who.type,
      lastModifiedAt: now,
      lastModifiedBy: who.by,
      lastModifiedByType: who.type,
    },
  });
  return {
    writes: [{ kind: "create", ...member }],
    actions: [],
    because: `Cluster joins as member "${name}"`,
  };
}

const nothing = (because: string): Plan => ({ writes: [], actions: [], because });
